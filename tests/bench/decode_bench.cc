// What a reading costs before the pipeline: from a sensor's bytes to the queue.
#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <cstdint>
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
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/nmea.h"
#include "drivers/mqtt/mqtt_reader.h"
#include "drivers/mqtt/mqtt_topic.h"

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

/// What a receiver says in two seconds: every type that is read, satellites in view that are not.
void NmeaSeconds(benchmark::State& state) {
  constexpr std::array<std::string_view, 16> kSentences{
      "$GPGGA,191531.98,3645.852732,N,03124.654299,E,1,03,1.5,-79.0,M,32.0,M,,*7A",
      "$GNGNS,191531.98,3645.852732,N,03124.654299,E,AAN,09,1.5,-79.0,32.0,,,V*70",
      "$GPVTG,237.8,T,234.1,M,3.6,N,6.6,K,A*2C",
      "$GPRMC,191531.98,A,3645.852732,N,03124.654299,E,3.6,237.8,110922,3.6,E,A,V*4B",
      "$GPGSA,A,3,14,17,19,,,,,,,,,,3.2,1.5,2.8,1*2B",
      "$GNGSA,A,3,78,79,88,87,81,68,,,,,,,3.2,1.5,2.8,2*34",
      "$GPGSV,2,1,06,14,49,042,20,19,34,153,22,30,34,085,24,05,16,232,,1*6B",
      "$GPGSV,2,2,06,07,05,097,,13,80,264,,1*64",
      "$GPGGA,191532.98,3645.860672,N,03124.663460,E,1,03,1.5,-89.8,M,32.0,M,,*7E",
      "$GNGNS,191532.98,3645.860672,N,03124.663460,E,AAN,09,1.5,-89.8,32.0,,,V*74",
      "$GPVTG,237.8,T,234.1,M,1.4,N,2.7,K,A*29",
      "$GPRMC,191532.98,A,3645.860672,N,03124.663460,E,1.4,237.8,110922,3.6,E,A,V*48",
      "$GPGSA,A,3,14,17,19,,,,,,,,,,3.2,1.5,2.8,1*2B",
      "$GNGSA,A,3,78,79,88,87,81,68,,,,,,,3.2,1.5,2.8,2*34",
      "$GPGSV,2,1,06,14,49,042,20,19,34,153,22,30,34,085,24,05,16,232,,1*6B",
      "$GPGSV,2,2,06,07,05,097,,13,80,264,,1*64"};
  NmeaDecoder decoder;
  std::optional<GnssReport> done;
  std::size_t reports = 0;
  for (auto _ : state) {
    for (const std::string_view sentence : kSentences) {
      benchmark::DoNotOptimize(decoder.Decode(sentence, done));
      if (done) ++reports;
    }
  }
  if (reports + 1 != 2 * static_cast<std::size_t>(state.iterations())) {
    state.SkipWithError("not a report a second");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kSentences.size()));
}
BENCHMARK(NmeaSeconds);

}  // namespace
}  // namespace fleet_edge::drivers
