// What a vehicle costs in link and flash: the recorded trip with fewer or more signals, faster or
// slower, through batcher and producer to a mock broker, all that the producer sends counted by a
// proxy; then the same batches through the outbox without a hub.
//
//   sizing_trial [SIGNALS RATE_HZ SEND_EVERY_S]    without arguments: docs/sizing.md's table
//
// Run it in the repository's root. More signals than the trip's twenty are copies with a label of
// their own; a faster rate plays the same samples in less time, again and again.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <ratio>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/labels.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "tests/bench/counting_proxy.h"
#include "tests/support/recorded_trip.h"
#include "tests/support/temp_folder.h"
#include "tests/uplink/mock_kafka.h"
#include "uplink/batch.h"
#include "uplink/batcher.h"
#include "uplink/event_batcher.h"
#include "uplink/identity.h"
#include "uplink/kafka_publisher.h"
#include "uplink/ledger.h"
#include "uplink/outbox.h"
#include "uplink/publisher.h"
#include "uplink/sqlite_store.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::seconds;

constexpr seconds kPatience{20};
constexpr seconds kTrip{1080};
constexpr std::size_t kTripSignals = 20;

const Identity kIdentity{
    .vehicle = "tanker-1", .epoch = (1'700'000'000'000U << 20U) + 7, .boot = 9};

struct Vehicle {
  std::size_t signals = kTripSignals;
  double hz = 1;
  int send_every = 1;  // seconds
};

/// As docs/benchmarks.md pairs them: nothing is written while the hub answers.
Duration DurableWithin(int send_every) {
  return seconds{send_every == 1 ? 2 : send_every + std::max(2, send_every / 6)};
}

/// A trip's time of this vehicle's readings, in the order of time.
std::vector<Reading> Readings(const Vehicle& vehicle, SeriesRegistry& registry) {
  const std::vector<Reading> trip = RecordedTrip(registry);
  std::map<const Series*, std::size_t> places;  // from 0, in the order of the trip's columns
  for (const Reading& reading : trip) places.try_emplace(reading.series, places.size());
  const std::size_t each = std::max<std::size_t>(1, kTripSignals / vehicle.signals);
  const std::size_t copies = std::max<std::size_t>(1, vehicle.signals / kTripSignals);
  std::vector<Reading> readings;
  const auto rounds = static_cast<int>(std::max(1.0, vehicle.hz));
  for (int round = 0; round < rounds; ++round) {
    for (const Reading& reading : trip) {
      if (places.at(reading.series) % each != 0) continue;
      Reading own = reading;
      const std::chrono::duration<double, std::micro> since =
          (reading.time - kTripStart + round * kTrip) / vehicle.hz;
      own.time = kTripStart + Duration{std::llround(since.count())};
      for (std::size_t copy = 0; copy < copies; ++copy) {
        Labels labels = reading.series->labels;
        if (copy > 0) labels.Set("box", std::to_string(copy));
        own.series = registry.Find(reading.series->name, labels);
        readings.push_back(own);
      }
    }
  }
  return readings;
}

std::vector<Batch> Batches(const Vehicle& vehicle) {
  SeriesRegistry registry;
  HandClock clock(kTripStart);
  Batcher batcher(kIdentity, {.max_age = seconds{vehicle.send_every}}, clock);
  std::vector<Batch> batches;
  const auto seal = [&] {
    if (std::optional<Batch> batch = batcher.Seal()) batches.push_back(std::move(*batch));
  };
  for (const Reading& reading : Readings(vehicle, registry)) {
    if (reading.time > clock.Now()) clock.Advance(reading.time - clock.Now());
    if (const auto due = batcher.Due(); due && *due <= clock.Boot()) seal();
    batcher.Add(reading);
  }
  seal();
  return batches;
}

/// What the producer sends, a request a batch.
double LinkBytes(std::span<const Batch> batches) {
  const MockKafka broker;
  const CountingProxy proxy(broker.address());
  const SystemClock clock;
  const auto publisher =
      MakeKafkaPublisher({{"bootstrap.servers", proxy.address()}}, "tanker-1", clock);
  for (const Batch& batch : batches) {
    if (!(*publisher)->Publish(batch)) throw std::runtime_error("a batch was refused");
    const BootTime end = clock.Boot() + kPatience;
    while ((*publisher)->Poll().empty()) {
      if (clock.Boot() > end) throw std::runtime_error("no acknowledgement");
      std::this_thread::yield();
    }
  }
  return static_cast<double>(proxy.produce().bytes);
}

/// What is written to flash when no hub answers, and when it then takes all; the empty database's
/// making apart.
double FlashBytes(std::span<const Batch> batches, Duration durable_within) {
  const TempFolder folder;
  HandClock clock(kTripStart);
  const auto store = std::move(SqliteStore::Open(folder.path().string(), MiB(512))).value();
  const double made = static_cast<double>(store->size().written.count);
  Ledger ledger;
  EventBatcher status{Lane::kStatus, kIdentity, clock};
  Outbox outbox{*store, status, ledger, clock, {.durable_within = durable_within}};
  for (Batch batch : batches) {
    if (batch.time > clock.Now()) clock.Advance(batch.time - clock.Now());
    batch.accepted = clock.Boot();
    ledger.Accept(batch.count);
    std::vector<Batch> offered;
    offered.push_back(std::move(batch));
    outbox.Offer(std::move(offered));
    if (!outbox.CommitDue(clock.Boot())) throw std::runtime_error("the disk refuses to commit");
  }
  for (bool is_empty = false; !is_empty;) {
    std::vector<BatchId> ids;
    for (const auto& leased : outbox.Lease({.total = KiB(256), .backlog = {}})) {
      ids.push_back(leased.batch->id);
    }
    for (const BatchId& id : ids) outbox.Complete(id);
    clock.Advance(durable_within);
    if (!outbox.CommitDue(clock.Boot())) throw std::runtime_error("the disk refuses to commit");
    is_empty = ids.empty();
  }
  return static_cast<double>(store->size().written.count) - made;
}

void Print(const Vehicle& vehicle) {
  const std::vector<Batch> batches = Batches(vehicle);
  double readings = 0;
  for (const Batch& batch : batches) readings += batch.count;
  const double hours = kTrip.count() * std::max(1.0, 1 / vehicle.hz) / 3600;
  const double link = LinkBytes(batches);
  const double flash = FlashBytes(batches, DurableWithin(vehicle.send_every));
  std::printf("| %zu | %g Hz | %d s | %.2f | %.3f | %.2f |\n", vehicle.signals, vehicle.hz,
              vehicle.send_every, link / readings, link / hours / 1e6, flash / hours / 1e6);
  std::fflush(stdout);
}

void PrintTable() {
  for (const std::size_t signals : {5U, 20U, 100U}) {
    for (const double hz : {0.1, 1.0, 10.0}) {
      for (const int send_every : {1, 10, 60}) {
        if (hz * send_every >= 1) Print({signals, hz, send_every});
      }
    }
  }
}

}  // namespace
}  // namespace fleet_edge::uplink

int main(int count, char** arguments) {
  spdlog::set_level(spdlog::level::warn);
  std::printf(
      "| signals | each at | `send_every` | bytes a reading | link, MB an hour | flash without a "
      "hub, MB an hour |\n"
      "| --- | --- | --- | --- | --- | --- |\n");
  if (count == 4) {
    fleet_edge::uplink::Print({.signals = std::strtoul(arguments[1], nullptr, 10),
                               .hz = std::strtod(arguments[2], nullptr),
                               .send_every = std::atoi(arguments[3])});
  } else {
    fleet_edge::uplink::PrintTable();
  }
}
