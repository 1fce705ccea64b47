#include "agent/metrics/metrics.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "agent/health/agent_view.h"
#include "agent/health/health.h"
#include "agent/metrics/metric_families.h"
#include "agent/metrics/metric_table.h"
#include "core/quality.h"
#include "core/series.h"
#include "core/time.h"
#include "core/utf8.h"
#include "rules/alert_event.h"
#include "uplink/batch.h"
#include "uplink/status.h"

namespace fleet_edge::agent {
namespace {

using namespace std::chrono_literals;

constexpr UtcTime kNow{1'700'000'000s};
constexpr BootTime kBoot{1'000s};

std::string TextOf(const AgentView& view, Metrics::Options options = {}) {
  return Metrics(options).Write(view, "").text;
}

bool Has(const std::string& text, const std::string& line) {
  return text.find("\n" + line + "\n") != std::string::npos;
}

std::size_t CountLines(const std::string& text, std::string_view begin) {
  std::istringstream lines(text);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);) count += line.starts_with(begin) ? 1 : 0;
  return count;
}

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path);
  REQUIRE_MESSAGE(file, path, ": tests run in the repository's root");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// An agent with something of everything.
AgentView FullView() {
  AgentView view{.vehicle = "tanker-17", .version = "1.2.3", .now = kNow, .boot = kBoot};
  view.started = kNow - 900s;
  view.drivers = {{.name = "can", .kind = "can", .silent_for = 2500ms}, {.name = "gps"}};
  view.board.rules = 4;
  for (const char* const zone : {"1", "2"}) {
    rules::AlertEvent& alert = view.board.active.emplace_back();
    alert.alert = "TooHot";
    alert.state = rules::AlertState::kFiring;
    alert.labels = {{"severity", "critical"}, {"zone", zone}};
  }
  view.uplink.ledger.accepted = 70;
  view.uplink.ledger.residual = -1;
  view.uplink.ledger.dropped[{uplink::Lane::kTelemetry, "quota"}] = 9;
  view.uplink.outbox.batches = 3;
  view.uplink.outbox.lanes[2] = {.batches = 3, .records = 60, .bytes = 1234};
  view.uplink.outbox.oldest = 90s;
  view.uplink.publisher.link = uplink::PublisherStatus::Link::kUp;
  view.uplink.publisher.since = kBoot - 600s;
  view.uplink.publisher.round_trip = 45ms;
  view.counters = {{"fleet_edge_input_readings_total", {{"driver", "can"}}, 80},
                   {"fleet_edge_new_total", {{"a", "b"}}, 5}};
  view.health = {{.id = "driver_silent", .severity = Severity::kCritical, .subject = "gps"}};
  return view;
}

}  // namespace

TEST_CASE("Metrics: what the view says, Prometheus reads") {
  const std::string text = TextOf(FullView());
  for (const char* const line :
       {"fleet_edge_vehicle_info{id=\"tanker-17\"} 1",
        "fleet_edge_driver_info{driver=\"can\",kind=\"can\"} 1",
        "fleet_edge_driver_last_reading_timestamp_seconds{driver=\"can\"} 1699999997.5",
        "fleet_edge_input_readings_total{driver=\"can\"} 80",
        "fleet_edge_new_total{a=\"b\"} 5",
        "fleet_edge_rules 4",
        "fleet_edge_alerts{alert=\"TooHot\",severity=\"critical\",state=\"firing\"} 2",
        "fleet_edge_records_accepted_total 70",
        "fleet_edge_records_residual -1",
        "fleet_edge_records_dropped_total{lane=\"telemetry\",reason=\"quota\"} 9",
        "fleet_edge_records_dropped_total{lane=\"alert\",reason=\"memory_full\"} 0",
        "fleet_edge_outbox_bytes{lane=\"telemetry\"} 1234",
        "fleet_edge_outbox_oldest_seconds 90",
        "fleet_edge_hub_up 1",
        "fleet_edge_hub_link_change_timestamp_seconds 1699999400",
        "fleet_edge_problems{severity=\"critical\"} 1",
        "fleet_edge_problem{id=\"driver_silent\",severity=\"critical\",subject=\"gps\"} 1",
        "process_start_time_seconds 1699999100",
        "# TYPE fleet_edge_records_accepted_total counter",
        "# TYPE fleet_edge_hub_up gauge"}) {
    CAPTURE(line);
    CHECK(Has(text, line));
  }
  CHECK_FALSE(Has(text, "fleet_edge_driver_last_reading_timestamp_seconds{driver=\"gps\"}"));
  CHECK(text.find("fleet_edge_outbox_drain_seconds") == std::string::npos);
}

TEST_CASE("Metrics: the format is the one that the client prefers") {
  Metrics metrics({});
  const auto old = metrics.Write(FullView(), "*/*");
  CHECK(old.type == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(old.text.find("# EOF") == std::string::npos);
  const auto open = metrics.Write(FullView(), "application/openmetrics-text;version=1.0.0");
  CHECK(open.type == "application/openmetrics-text; version=1.0.0; charset=utf-8");
  CHECK(Has(open.text, "fleet_edge_records_accepted_total 70"));
  CHECK(Has(open.text, "# TYPE fleet_edge_records_accepted counter"));
  CHECK(open.text.ends_with("\n# EOF\n"));
}

TEST_CASE("Metrics: the time of the start doesn't jitter, and follows a step of the clock") {
  Metrics metrics({});
  AgentView view = FullView();
  CHECK(Has(metrics.Write(view, "").text, "process_start_time_seconds 1699999100"));
  view.started += 20ms;
  CHECK(Has(metrics.Write(view, "").text, "process_start_time_seconds 1699999100"));
  view.started += 1h;
  CHECK(Has(metrics.Write(view, "").text, "process_start_time_seconds 1700002700.02"));
}

TEST_CASE("Metrics: signals' values are shown when they are wanted") {
  SeriesRegistry registry;
  AgentView view = FullView();
  view.board.series.resize(2);
  view.board.series[0].series = registry.Find("cargo_celsius", {{"zone", "1"}});
  view.board.series[0].value = -18.5;
  view.board.series[0].time = view.now;
  view.board.series[1].series = registry.Find("speed", {{"signal", "x"}});
  view.board.series[1].time = view.now;
  const std::string shown = TextOf(view, {.signals = true});
  CHECK(Has(shown, "fleet_edge_signal_value{signal=\"cargo_celsius\",zone=\"1\"} -18.5"));
  CHECK(Has(shown, "fleet_edge_signal_value{exported_signal=\"x\",signal=\"speed\"} 0"));
  CHECK(Has(shown, "fleet_edge_signals 2"));
  CHECK(TextOf(view).find("fleet_edge_signal_value") == std::string::npos);
  view.board.series[0].quality = Quality::kStale;
  view.board.series[1].time = UtcTime{};
  CHECK(TextOf(view, {.signals = true}).find("fleet_edge_signal_value{") == std::string::npos);
}

TEST_CASE("Metrics: a name has 512 series at most; the rest of a counter is added up") {
  AgentView view = FullView();
  view.counters.clear();
  for (int i = 0; i < 600; ++i) {
    view.counters.push_back(
        {"fleet_edge_input_rejected_total", {{"signal", std::to_string(1000 + i)}}, 2});
    view.health.push_back({.id = "driver_silent", .subject = std::to_string(i)});
  }
  const std::string text = TextOf(view);
  CHECK(CountLines(text, "fleet_edge_input_rejected_total{") == MetricFamilies::kMaxSeries + 1);
  CHECK(Has(text, "fleet_edge_input_rejected_total{overflow=\"true\"} 176"));
  CHECK(CountLines(text, "fleet_edge_problem{") == MetricFamilies::kMaxSeries);
  CHECK(Has(text, "fleet_edge_hidden_series 177"));  // 88 and 89
}

TEST_CASE("Metrics: a label's value that would cost Prometheus the page is mended") {
  AgentView view = FullView();
  const std::string longer(300, 'x');
  view.drivers = {{.name = "a\"b\\\nc\xff"}, {.name = longer + "1"}, {.name = longer + "2"}};
  const std::string text = TextOf(view);
  CHECK(Has(text, "fleet_edge_driver_info{driver=\"a\\\"b\\\\\\nc\xc3\xbf\"} 1"));
  std::set<std::string> names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("fleet_edge_driver_info{")) CHECK(names.insert(line).second);
    CHECK(line.size() < 300);
  }
  CHECK(names.size() == 3);
}

TEST_CASE("Metrics: a page is UTF-8 as Prometheus counts it, without halves of characters") {
  AgentView view = FullView();
  view.drivers = {{.name = "half \xED\xA0\x80"}, {.name = "long \xE0\x80\x80"}};
  CHECK(FindNoUtf8(TextOf(view)) == std::string::npos);
}

TEST_CASE("MetricTable: every name that the code counts under is in it") {
  std::set<std::string, std::less<>> known;
  for (const MetricDoc& doc : MetricTable()) {
    CHECK_MESSAGE(known.insert(std::string(doc.name)).second, doc.name);
    CHECK_MESSAGE((doc.kind == MetricKind::kCounter) == doc.name.ends_with("_total"), doc.name);
    CHECK_MESSAGE((!doc.help.empty() && !doc.help.ends_with('.')), doc.name);
  }
  const std::regex name("\"(fleet_edge_[a-z_]+_total)\"");
  std::size_t found = 0;
  for (const char* const folder : {"core", "drivers", "rules", "uplink", "agent"}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
      if (!file.is_regular_file() || file.path().filename() == "metric_table.cc") continue;
      const std::string text = ReadAll(file.path());
      for (std::sregex_iterator match(text.begin(), text.end(), name), end; match != end; ++match) {
        ++found;
        CHECK_MESSAGE(known.contains((*match)[1].str()), (*match)[1].str(), " has no help");
      }
    }
  }
  CHECK(found > 20);
}

TEST_CASE("MetricTable: docs/metrics.md lists it") {
  const std::string page = ReadAll("docs/metrics.md");
  std::string rows;
  for (const MetricDoc& doc : MetricTable()) {
    rows.append("| `").append(doc.name).append("` | ");
    rows.append(doc.kind == MetricKind::kCounter ? "counter" : "gauge").append(" | ");
    rows.append(doc.labels.empty() ? "–" : doc.labels).append(" | ");
    rows.append(doc.help).append(" |\n");
  }
  CHECK_MESSAGE(page.find(rows) != std::string::npos, "its table has to be:\n", rows);
}

}  // namespace fleet_edge::agent
