#include "agent/outbox/outbox_view.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "agent/text/json.h"
#include "agent/text/wording.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/outbox_reader.h"
#include "uplink/store.h"

namespace fleet_edge::agent {
namespace {

std::string Show(Duration duration) {
  return ToString(Duration(std::chrono::round<std::chrono::seconds>(duration)));
}

std::optional<double> ShareOf(const OutboxView& view) {
  if (!view.quota || view.quota->count == 0) return std::nullopt;
  return static_cast<double>(view.disk.count) / static_cast<double>(view.quota->count);
}

uplink::LaneTotals Sum(const uplink::Totals& lanes) {
  uplink::LaneTotals sum;
  for (const uplink::LaneTotals& lane : lanes) {
    sum.batches += lane.batches;
    sum.records += lane.records;
    sum.bytes += lane.bytes;
  }
  return sum;
}

std::string Line(std::string_view name, const std::string& value) {
  std::string line(name);
  line.resize(12, ' ');
  return line + value + "\n";
}

std::string LanesText(const uplink::Totals& lanes) {
  std::string text;
  for (const uplink::Lane lane : uplink::kLanes) {
    const auto& totals = lanes.at(static_cast<std::size_t>(lane));
    text += Line("  " + std::string(ToString(lane)),
                 std::to_string(totals.records) + " in " + std::to_string(totals.batches) +
                     " batches, " + Wording(Bytes{totals.bytes}));
  }
  return text;
}

std::string DiskText(const OutboxView& view) {
  const auto share = ShareOf(view);
  if (!share || !view.quota) return Wording(view.disk);
  std::array<char, 32> percent{};
  std::snprintf(percent.data(), percent.size(), "%.1f", *share * 100);
  return Wording(view.disk) + ", " + percent.data() + " % of the quota of " + Wording(*view.quota);
}

JsonObject LanesJson(const uplink::Totals& lanes) {
  JsonObject json;
  for (const uplink::Lane lane : uplink::kLanes) {
    const auto& totals = lanes.at(static_cast<std::size_t>(lane));
    JsonObject one;
    one.Add("batches", totals.batches).Add("records", totals.records).Add("bytes", totals.bytes);
    json.Add(ToString(lane), one);
  }
  return json;
}

// JSON has no word for what isn't known but null; JsonObject writes NaN so.
double SecondsOrNan(const std::optional<Duration>& duration) {
  return duration ? ToSeconds(*duration) : std::nan("");
}

}  // namespace

OutboxView ReadOutboxView(const std::string& directory, std::optional<Bytes> quota,
                          uplink::OutboxReader& reader) {
  OutboxView view{.directory = directory, .disk = reader.size(), .quota = quota};
  view.lanes = reader.books().value_or(uplink::Totals{});
  view.dropped = reader.dropped();
  if (const auto oldest = reader.oldest()) {
    view.oldest = std::max(Duration{0}, SystemClock().Now() - *oldest);
  }
  return view;
}

std::string Text(const OutboxView& view) {
  const uplink::LaneTotals all = Sum(view.lanes);
  std::string text = Line("outbox", view.directory);
  text += Line("agent", view.running ? "running; hub " + view.hub : "not running");
  text += Line("records", std::to_string(all.records) + " wait, " + Wording(Bytes{all.bytes}));
  text += LanesText(view.lanes);
  text += Line("disk", DiskText(view));
  if (view.oldest) text += Line("oldest", Show(*view.oldest) + " old");
  if (view.running && all.records > 0) {
    text += Line("empty in", view.to_empty ? Show(*view.to_empty) + " at the last minute's pace"
                                           : "unknown: it does not shrink");
  }
  for (const auto& [what, records] : view.dropped) {
    text += Line("dropped", std::to_string(records) + " " + what);
  }
  if (!view.error.empty()) text += Line("error", view.error);
  return text;
}

std::string Json(const OutboxView& view) {
  const uplink::LaneTotals all = Sum(view.lanes);
  JsonObject dropped;
  for (const auto& [what, records] : view.dropped) dropped.Add(what, records);
  JsonObject json;
  json.Add("directory", view.directory)
      .Add("running", view.running)
      .Add("hub", view.hub)
      .Add("batches", all.batches)
      .Add("records", all.records)
      .Add("bytes", all.bytes)
      .Add("lanes", LanesJson(view.lanes))
      .Add("disk_bytes", view.disk.count)
      .Add("quota_share", ShareOf(view).value_or(std::nan("")))
      .Add("oldest_seconds", SecondsOrNan(view.oldest))
      .Add("to_empty_seconds", SecondsOrNan(view.to_empty))
      .Add("dropped_by", dropped)
      .Add("error", view.error);
  return json.Text() + "\n";
}

}  // namespace fleet_edge::agent
