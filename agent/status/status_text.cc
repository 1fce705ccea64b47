#include "agent/status/status_text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

#include "agent/health/agent_view.h"
#include "agent/health/health.h"
#include "agent/health/hub_error.h"
#include "agent/text/wording.h"
#include "core/labels.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "uplink/status.h"

namespace fleet_edge::agent {
namespace {

constexpr std::size_t kName = 12;  // columns of what stands at a line's start

/// Draws onto a text; whatever text it is given does not steer the terminal. A value, for one
/// thread.
class Screen {
 public:
  explicit Screen(const ScreenStyle& style) : style_(style) {}

  std::size_t columns() const { return style_.columns; }

  /// One line, cut where it is too long.
  void Line(std::string_view text, std::string_view color = {}) {
    const std::string line = Printable(text);
    text_ += Paint(color, Columns(line) > columns() ? Fit(line, columns()) : line);
    text_ += '\n';
  }

  /// `name`, and beside it `text` in as many lines as it takes.
  void Item(std::string_view name, std::string_view text) {
    Block(Bold(Fit(name, kName)), std::string(kName, ' '), text);
  }

  /// `text` behind `first`, its further lines behind `rest`, which is as wide.
  void Block(const std::string& first, const std::string& rest, std::string_view text) {
    const std::string* before = &first;
    for (const std::string& line : Wrap(Printable(text), columns() - Columns(rest))) {
      text_ += *before + line + '\n';
      before = &rest;
    }
  }

  void Gap() { text_ += '\n'; }

  std::string Bold(std::string_view text) const { return Paint("1", text); }

  std::string Paint(std::string_view color, std::string_view text) const {
    if (!style_.color || color.empty()) return std::string(text);
    return "\x1b[" + std::string(color) + "m" + std::string(text) + "\x1b[0m";
  }

  const std::string& text() const { return text_; }

 private:
  const ScreenStyle style_;
  std::string text_;
};

/// As wide for each.
std::string_view WordOf(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "INFO    ";
    case Severity::kWarning:
      return "WARNING ";
    case Severity::kCritical:
      return "CRITICAL";
  }
  return {};
}

// Both colours are told: readable whatever the terminal's own are.
std::string_view ColorOf(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "30;46";
    case Severity::kWarning:
      return "30;43";
    case Severity::kCritical:
      return "97;41";
  }
  return {};
}

/// `left`, and `right` at the line's end; `left` gives way.
std::string Spread(std::string_view left, std::string_view right, std::size_t columns) {
  const std::size_t room = columns - std::min(columns, Columns(right) + 1);
  return Fit(left, room) + " " + std::string(right);
}

void DrawHead(const AgentView& view, Screen& screen) {
  const std::string run = "fleet-edge " + view.version + ", up " + Wording(view.now - view.started);
  screen.Line(Spread(view.vehicle, run, screen.columns()), "1");
}

void DrawProblems(const AgentView& view, Screen& screen) {
  if (view.health.empty()) {
    screen.Line("ALL IS WELL", "30;42");
    return;
  }
  constexpr std::string_view kIndent = "    ";
  for (const Problem& problem : view.health) {
    std::string name(WordOf(problem.severity));
    name += "  " + problem.id + (problem.subject.empty() ? "" : "  " + problem.subject);
    const std::string since = "for " + Wording(view.now - problem.since);
    screen.Line(Spread(name, since, screen.columns()), ColorOf(problem.severity));
    screen.Block(std::string(kIndent), std::string(kIndent), problem.what);
    screen.Block(std::string(kIndent) + screen.Bold("mend: "), std::string(kIndent.size() + 6, ' '),
                 problem.mend);
  }
}

/// What a technician wants to know of a driver in a word or two.
std::string StateOf(const DriverView& driver, const Health& health) {
  const auto has = [&](std::string_view id) {
    return std::ranges::any_of(health, [&](const Problem& problem) {
      return problem.id == id && problem.subject == driver.name;
    });
  };
  if (has("driver_failing")) return "failing";
  if (has("driver_silent")) return "silent";
  if (!driver.missing.empty()) return "no device";
  if (!driver.silent_for) return "not heard yet";
  if (has("readings_refused")) return "readings refused";
  return "ok";
}

void DrawDrivers(const AgentView& view, Screen& screen) {
  constexpr std::size_t kKind = 8;
  constexpr std::size_t kReadings = 13;
  constexpr std::size_t kHeard = 14;
  // The rest is a driver's state, in 17 columns, and its name's.
  const std::size_t name = screen.columns() - kKind - kReadings - kHeard - 17;
  const auto row = [&](std::string_view driver, std::string_view kind, std::string_view readings,
                       std::string_view heard, std::string_view state) {
    const std::size_t before = kReadings - 2 - std::min(kReadings - 2, Columns(readings));
    return Fit(driver, name - 1) + " " + Fit(kind, kKind) + std::string(before, ' ') +
           std::string(readings) + "  " + Fit(heard, kHeard) + std::string(state);
  };
  screen.Line(row("driver", "kind", "readings", "last heard", "state"), "1");
  for (const DriverView& driver : view.drivers) {
    const std::string heard = driver.silent_for ? Wording(*driver.silent_for) + " ago" : "never";
    screen.Line(row("  " + driver.name, driver.kind, Wording(driver.readings), heard,
                    StateOf(driver, view.health)));
  }
}

void DrawAlerts(const AgentView& view, Screen& screen) {
  constexpr std::size_t kMaxShown = 10;
  const auto& active = view.board.active;
  const auto firing =
      std::ranges::count(active, rules::AlertState::kFiring, &rules::AlertEvent::state);
  if (firing == 0) {
    screen.Item("alerts", "none fires");
    return;
  }
  screen.Item("alerts", std::to_string(firing) + " firing");
  std::size_t shown = 0;
  for (const rules::AlertEvent& alert : active) {
    if (alert.state != rules::AlertState::kFiring || ++shown > kMaxShown) continue;
    screen.Line(Spread("  " + alert.alert + ToString(alert.labels),
                       "for " + Wording(view.now - alert.active_since), screen.columns()));
    if (const auto summary = alert.annotations.Get("summary"); !summary.empty()) {
      screen.Block("    ", "    ", summary);
    }
  }
  if (shown > kMaxShown) screen.Line("  … and " + std::to_string(shown - kMaxShown) + " more");
}

std::string OutboxLine(const AgentView& view) {
  const uplink::OutboxStatus& outbox = view.uplink.outbox;
  std::array<char, 32> share{};
  std::snprintf(share.data(), share.size(), " (%.1f%%)", outbox.quota_share * 100);
  std::string text = "nothing waits";
  if (outbox.records > 0) {
    text = Wording(outbox.records) + (outbox.records == 1 ? " record waits" : " records wait");
    text += ", the oldest " + Wording(outbox.oldest);
  }
  text += "; disk " + Wording(outbox.disk) + " of " + Wording(view.quota) + share.data();
  if (outbox.records > 0 && view.to_empty) text += "; empty in " + Wording(*view.to_empty);
  if (view.to_full && !view.to_empty) text += "; full in " + Wording(*view.to_full);
  return text;
}

/// `45 ms`, from a second on `1s`.
std::string RoundTrip(Duration duration) {
  if (duration >= std::chrono::seconds{1}) return Wording(duration);
  return std::to_string(std::chrono::ceil<std::chrono::milliseconds>(duration).count()) + " ms";
}

std::string HubLine(const AgentView& view) {
  const uplink::PublisherStatus& hub = view.uplink.publisher;
  std::string text(ToString(hub.link));
  text += " for " + Wording(view.boot - hub.since);
  if (hub.round_trip > Duration{0}) text += ", round trip " + RoundTrip(hub.round_trip);
  if (!hub.error.empty()) text += "; " + ExplainHubError(hub.error).words;
  return text;
}

}  // namespace

std::string StatusText(const AgentView& view, const ScreenStyle& style) {
  Screen screen(style);
  DrawHead(view, screen);
  screen.Gap();
  DrawProblems(view, screen);
  screen.Gap();
  DrawDrivers(view, screen);
  screen.Gap();
  DrawAlerts(view, screen);
  screen.Item("rules", view.rules.refused.empty() && view.rules.refused_bundle.empty()
                           ? std::to_string(view.board.rules) + " in force"
                           : std::to_string(view.board.rules) + " in force; changed ones refused");
  screen.Item("outbox", OutboxLine(view));
  screen.Item("hub", HubLine(view));
  screen.Item("clock",
              ToString(std::chrono::floor<std::chrono::seconds>(view.now)) +
                  (view.clock_synced ? ", kept by NTP or GNSS" : ", kept by neither NTP nor GNSS"));
  return screen.text();
}

}  // namespace fleet_edge::agent
