// What a reading costs on the link: a recorded trip of twenty signals at 1 Hz through batcher and
// producer to a broker, all that the producer sends counted by a proxy between them.
#include <benchmark/benchmark.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "tests/bench/counting_proxy.h"
#include "tests/support/recorded_trip.h"
#include "tests/uplink/mock_kafka.h"
#include "uplink/batch.h"
#include "uplink/batcher.h"
#include "uplink/identity.h"
#include "uplink/kafka_publisher.h"
#include "uplink/publisher.h"

namespace fleet_edge {
namespace {

using std::chrono::seconds;

constexpr seconds kPatience{20};
constexpr std::size_t kReadingsASecond = 20;

const uplink::Identity kIdentity{
    .vehicle = "tanker-1", .epoch = (1'700'000'000'000U << 20U) + 7, .boot = 9};

/// The trip's batches, sealed at this age.
std::vector<uplink::Batch> Batches(seconds every, uplink::Batcher::Encoding encoding) {
  SeriesRegistry registry;
  HandClock clock(kTripStart);
  uplink::Batcher batcher(kIdentity, {.max_age = every, .encoding = encoding}, clock);
  std::vector<uplink::Batch> batches;
  const auto seal = [&] {
    if (std::optional<uplink::Batch> batch = batcher.Seal()) batches.push_back(std::move(*batch));
  };
  for (const Reading& reading : RecordedTrip(registry)) {
    if (reading.time > clock.Now()) clock.Advance(reading.time - clock.Now());
    if (const auto due = batcher.Due(); due && *due <= clock.Boot()) seal();
    batcher.Add(reading);
  }
  seal();
  return batches;
}

/// Publishes batches and waits until the broker has them.
void Deliver(uplink::Publisher& publisher, std::span<const uplink::Batch> batches) {
  const SystemClock clock;
  const BootTime end = clock.Boot() + kPatience;
  for (const uplink::Batch& batch : batches) {
    if (!publisher.Publish(batch)) throw std::runtime_error("a batch was refused");
  }
  for (std::size_t acknowledged = 0; acknowledged < batches.size();) {
    acknowledged += publisher.Poll().size();
    if (clock.Boot() > end) throw std::runtime_error("no acknowledgement");
    std::this_thread::yield();
  }
}

constexpr std::size_t kBacklog = 1'000'000;  // all at once, as after an outage

/// So many batches are published together: of 1 s and ten of them is what `send_every: 10s` makes
/// when durable_within stays below it.
void Wire(benchmark::State& state, const std::string& compression,
          uplink::Batcher::Encoding encoding = uplink::Batcher::Encoding::kDelta,
          std::size_t together = 1) {
  spdlog::set_level(spdlog::level::warn);
  const std::vector<uplink::Batch> batches = Batches(seconds{state.range(0)}, encoding);
  double readings = 0;
  double body = 0;
  for (const uplink::Batch& batch : batches) {
    readings += batch.count;
    body += static_cast<double>(batch.body.size());
  }
  for (auto _ : state) {
    const uplink::MockKafka broker;
    const CountingProxy proxy(broker.address());
    const SystemClock clock;
    const auto publisher = uplink::MakeKafkaPublisher(
        {{"bootstrap.servers", proxy.address()}, {"compression.type", compression}}, "tanker-1",
        clock);
    for (std::size_t at = 0; at < batches.size(); at += together) {
      const std::size_t count = std::min(together, batches.size() - at);
      Deliver(**publisher, std::span(batches).subspan(at, count));
    }
    const auto produce = proxy.produce();
    const auto sent = static_cast<double>(produce.bytes);
    state.counters["all"] = sent / readings;
    state.counters["body"] = body / readings;
    state.counters["beyond_body"] = (sent - body) / readings;
    state.counters["a_request"] = sent / static_cast<double>(produce.requests);
    state.counters["others_bytes"] = static_cast<double>(proxy.others().bytes);
    state.counters["readings"] = readings / static_cast<double>(batches.size());
  }
}

/// CPU time a reading of the same trip, gathered and encoded.
void EncodeTrip(benchmark::State& state) {
  SeriesRegistry registry;
  const HandClock clock;
  uplink::Batcher batcher(kIdentity, {}, clock);
  const std::vector<Reading> trip = RecordedTrip(registry);
  const auto size = static_cast<std::size_t>(state.range(0)) * kReadingsASecond;
  std::size_t at = 0;
  for (auto _ : state) {
    batcher.Add(trip[at]);
    at = (at + 1) % trip.size();
    if (at % size == 0) benchmark::DoNotOptimize(batcher.Seal());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(EncodeTrip)->Arg(1)->Arg(10)->Arg(60);

// Argument: seconds between two batches. Bytes are per reading, but a_request and others_bytes:
// versions and metadata of the whole run, apart.
BENCHMARK_CAPTURE(Wire, zstd, "zstd")->Arg(1)->Arg(10)->Arg(60)->Iterations(1);
BENCHMARK_CAPTURE(Wire, uncompressed, "none")->Arg(1)->Arg(10)->Arg(60)->Iterations(1);
BENCHMARK_CAPTURE(Wire, backlog, "zstd", uplink::Batcher::Encoding::kDelta, kBacklog)
    ->Arg(1)
    ->Arg(10)
    ->Arg(60)
    ->Iterations(1);
BENCHMARK_CAPTURE(Wire, ten_together, "zstd", uplink::Batcher::Encoding::kDelta, 10)
    ->Arg(1)
    ->Iterations(1);
BENCHMARK_CAPTURE(Wire, plain, "zstd", uplink::Batcher::Encoding::kPlain)
    ->Arg(1)
    ->Arg(10)
    ->Arg(60)
    ->Iterations(1);

}  // namespace
}  // namespace fleet_edge
