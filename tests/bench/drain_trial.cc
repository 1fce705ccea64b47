// A day without a hub, and the moment it is back: what goes to disk, how fast it comes off again,
// and how fast librdkafka alone would have been with the same records on the same broker.
//
//   drain_trial BROKER HOURS SECONDS_A_BATCH ROUNDS
//
// Prints one JSON object. Twenty signals at 1 Hz, a recorded trip again and again. A round drains a
// copy of the same disk, then has librdkafka alone do it: each from a new producer without a
// connection to the last acknowledgement.
#include <librdkafka/rdkafkacpp.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "tests/support/recorded_trip.h"
#include "tests/support/temp_folder.h"
#include "uplink/batch.h"
#include "uplink/batcher.h"
#include "uplink/event_batcher.h"
#include "uplink/handover.h"
#include "uplink/identity.h"
#include "uplink/kafka_properties.h"
#include "uplink/kafka_publisher.h"
#include "uplink/ledger.h"
#include "uplink/outbox.h"
#include "uplink/sqlite_store.h"
#include "uplink/uplink.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::seconds;

constexpr seconds kPatience{600};
constexpr std::size_t kBatchesACommit = 2;  // one each second, a commit every two

const Identity kIdentity{.vehicle = "tanker-1", .epoch = 1, .boot = 9};

double Seconds(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
}

double ResidentMb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}

/// The trip's batches, sealed at this age.
std::vector<Batch> TripBatches(seconds every) {
  SeriesRegistry registry;
  HandClock clock(kTripStart);
  Batcher batcher(kIdentity, {.max_age = every}, clock);
  std::vector<Batch> batches;
  for (const Reading& reading : RecordedTrip(registry)) {
    if (reading.time > clock.Now()) clock.Advance(reading.time - clock.Now());
    if (const auto due = batcher.Due(); due && *due <= clock.Boot()) {
      batches.push_back(*batcher.Seal());
    }
    batcher.Add(reading);
  }
  return batches;
}

/// An outbox on a folder that outlives it.
struct Box {
  explicit Box(const TempFolder& folder)
      : store(std::move(SqliteStore::Open(folder.path().string(), MiB(512))).value()) {}

  SystemClock clock;
  std::unique_ptr<SqliteStore> store;
  Ledger ledger;
  EventBatcher status{Lane::kStatus, kIdentity, clock};
  Handover handover{MiB(4), ledger};
  Outbox outbox{*store, status, ledger, clock, {}};
};

/// What a day without a hub costs.
struct Outage {
  double seconds = 0;
  std::uint64_t readings = 0;
  std::uint64_t batches = 0;
  std::uint64_t payload = 0;
  Bytes disk;
  Bytes written;      // with the drain's
  double memory = 0;  // resident, MB
};

Outage Fill(Box& box, const std::vector<Batch>& trip, std::uint64_t batches) {
  Outage outage;
  const auto begin = std::chrono::steady_clock::now();
  std::vector<Batch> waiting;
  for (std::uint64_t n = 0; n < batches; ++n) {
    Batch batch = trip[n % trip.size()];
    batch.id = {Lane::kTelemetry, kIdentity.epoch, n + 1};
    batch.accepted = box.clock.Boot();
    outage.readings += batch.count;
    outage.payload += batch.body.size();
    box.ledger.Accept(batch.count);
    waiting.push_back(std::move(batch));
    if (waiting.size() < kBatchesACommit) continue;
    box.outbox.Offer(std::exchange(waiting, {}));
    if (!box.outbox.CommitAll()) throw std::runtime_error("the outbox can't commit");
  }
  box.outbox.Offer(std::move(waiting));
  outage.seconds = Seconds(begin);
  outage.batches = batches;
  outage.disk = box.store->size().used;
  outage.written = box.store->size().written;
  outage.memory = ResidentMb();
  if (!box.outbox.CommitAll()) throw std::runtime_error("the outbox can't commit");
  return outage;
}

KafkaProperties PropertiesFor(const std::string& broker) { return {{"bootstrap.servers", broker}}; }

/// Returns seconds.
double Drain(Box& box, const std::string& broker) {
  auto publisher = MakeKafkaPublisher(PropertiesFor(broker), kIdentity.vehicle, box.clock);
  if (!publisher) throw std::runtime_error(publisher.error().message);
  Uplink uplink(box.handover, box.outbox, **publisher, {}, box.clock);
  const auto begin = std::chrono::steady_clock::now();
  BootTime next = uplink.Step();
  while (box.ledger.snapshot().queued > 0) {
    if (Seconds(begin) > kPatience.count()) throw std::runtime_error("not drained in time");
    box.handover.WaitUntil(next, box.clock, {});
    next = uplink.Step();
  }
  const double took = Seconds(begin);
  uplink.Finish();
  return took;
}

/// Wakes poll() when a report is there: without it poll() sleeps its time out.
class Reports : public RdKafka::DeliveryReportCb {
 public:
  void dr_cb(RdKafka::Message& message) override {
    if (message.err() == RdKafka::ERR_NO_ERROR) ++delivered;
  }

  std::uint64_t delivered = 0;
};

/// librdkafka with the outbox's own settings, and nothing around it. It knows its topic before it
/// is connected, as the publisher's does.
double ProduceAlone(const std::string& broker, const std::vector<Batch>& trip,
                    std::uint64_t batches) {
  std::unique_ptr<RdKafka::Conf> conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
  std::string reason;
  KafkaProperties properties = PropertiesFor(broker);
  properties.insert(DefaultKafkaProperties().begin(), DefaultKafkaProperties().end());
  for (const auto& [name, value] : properties) conf->set(name, value, reason);
  conf->set("log.queue", "false", reason);
  Reports reports;
  conf->set("dr_cb", &reports, reason);
  std::unique_ptr<RdKafka::Producer> producer(RdKafka::Producer::create(conf.get(), reason));
  if (!producer) throw std::runtime_error(reason);
  const std::unique_ptr<RdKafka::Topic> topic(RdKafka::Topic::create(
      producer.get(), std::string(TopicOf(Lane::kTelemetry)), nullptr, reason));
  if (!topic) throw std::runtime_error(reason);
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t n = 0; n < batches; ++n) {
    const Batch& batch = trip[n % trip.size()];
    const auto produce = [&] {
      return producer->produce(topic.get(), RdKafka::Topic::PARTITION_UA,
                               RdKafka::Producer::RK_MSG_COPY, const_cast<char*>(batch.body.data()),
                               batch.body.size(), kIdentity.vehicle.data(),
                               kIdentity.vehicle.size(), nullptr);
    };
    while (produce() == RdKafka::ERR__QUEUE_FULL) producer->poll(10);
  }
  const auto patience = std::chrono::milliseconds(kPatience).count();
  if (producer->flush(static_cast<int>(patience)) != RdKafka::ERR_NO_ERROR ||
      reports.delivered != batches) {
    throw std::runtime_error("librdkafka did not deliver in time");
  }
  return Seconds(begin);
}

/// One number a round.
std::string List(const std::vector<double>& numbers) {
  std::string list;
  for (const double number : numbers) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%s%.3f", list.empty() ? "" : ",", number);
    list += text.data();
  }
  return "[" + list + "]";
}

int Main(const std::string& broker, double hours, std::int64_t every, std::int64_t rounds) {
  spdlog::set_level(spdlog::level::err);
  const std::vector<Batch> trip = TripBatches(seconds{every});
  const auto batches = static_cast<std::uint64_t>(hours * 3600 / static_cast<double>(every));
  const TempFolder day;
  Outage outage;
  {
    Box box(day);
    outage = Fill(box, trip, batches);
  }
  ProduceAlone(broker, trip, 1);  // makes the topic
  std::vector<double> drained;
  std::vector<double> alone;
  for (std::int64_t round = 0; round < rounds; ++round) {
    const TempFolder copy;
    std::filesystem::copy(day.path(), copy.path());
    Box box(copy);
    drained.push_back(Drain(box, broker));
    alone.push_back(ProduceAlone(broker, trip, batches));
    if (round == 0) outage.written += box.store->size().written;
  }
  std::printf(
      "{\"batches\":%llu,\"readings\":%llu,\"payload_bytes\":%llu,\"fill_seconds\":%.2f,"
      "\"disk_bytes\":%llu,\"written_per_payload\":%.2f,\"rss_mb\":%.1f,\"drain_seconds\":%s,"
      "\"librdkafka_seconds\":%s}\n",
      static_cast<unsigned long long>(outage.batches),
      static_cast<unsigned long long>(outage.readings),
      static_cast<unsigned long long>(outage.payload), outage.seconds,
      static_cast<unsigned long long>(outage.disk.count),
      static_cast<double>(outage.written.count) / static_cast<double>(outage.payload),
      outage.memory, List(drained).c_str(), List(alone).c_str());
  return 0;
}

}  // namespace
}  // namespace fleet_edge::uplink

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: drain_trial BROKER HOURS SECONDS_A_BATCH ROUNDS\n", stderr);
    return 2;
  }
  return fleet_edge::uplink::Main(argv[1], std::strtod(argv[2], nullptr),
                                  std::strtol(argv[3], nullptr, 10),
                                  std::strtol(argv[4], nullptr, 10));
}
