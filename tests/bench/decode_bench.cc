// What a reading costs before the pipeline: from a sensor's bytes to the queue.
#include <benchmark/benchmark.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/diagnostic.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/series.h"
#include "core/yaml.h"
#include "drivers/gnss_report.h"
#include "drivers/mqtt_reader.h"
#include "drivers/mqtt_topic.h"
#include "drivers/nmea.h"

namespace fleet_edge::drivers {
namespace {

constexpr std::string_view kTopic = R"(
filter: vehicles/{vehicle}/telemetry
codec: json
time: {pointer: /ts, unit: ms}
signals:
  engine_coolant_celsius: {pointer: /coolant}
  vehicle_speed_kmh: {pointer: /speed, unit: m/s}
  engine_rpm: {pointer: /rpm}
  latitude_deg: {pointer: /lat}
  longitude_deg: {pointer: /lon}
)";

std::optional<MqttTopic> Topic() {
  Diagnostics findings;
  const Section::Context context{"bench.yaml", findings};
  MqttTopicOptions options;
  Section::Read(ParseYaml(kTopic, context.file, findings), context, options);
  return std::move(options.compiled);
}

/// A message of five readings, JSON to queue.
void MqttJson(benchmark::State& state) {
  BoundedQueue<Reading> queue(1024, WhenFull::kDropOldestAndCount);
  SeriesRegistry series;
  Counters counters;
  const SystemClock clock;
  auto topic = Topic();
  if (!topic) return state.SkipWithError("topic refused");
  MqttReader reader("bench", {*std::move(topic)}, {},
                    {.readings = queue, .series = series, .counters = counters, .clock = clock});
  const std::string payload =
      R"({"ts":1700000000123,"coolant":88.4,"speed":22.31,"rpm":1432.5,"lat":49.0247292,"lon":12.056765})";
  std::vector<Reading> out;
  for (auto _ : state) {
    reader.OnMessage("vehicles/tanker-1/telemetry", payload, false);
    out.clear();
    queue.PopAll(out, clock.Boot(), clock, {});
  }
  if (out.size() != 5) state.SkipWithError("not five readings");
  state.SetItemsProcessed(state.iterations() * 5);
}
BENCHMARK(MqttJson);

void NmeaSentence(benchmark::State& state) {
  NmeaDecoder decoder;
  std::optional<GnssReport> done;
  const std::string_view sentence =
      "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A";
  for (auto _ : state) benchmark::DoNotOptimize(decoder.Decode(sentence, done));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(NmeaSentence);

}  // namespace
}  // namespace fleet_edge::drivers
