// The publisher on the real librdkafka, against the broker that librdkafka brings along for tests.
#include "uplink/kafka_publisher.h"

#include <doctest/doctest.h>
#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "core/time.h"
#include "tests/uplink/mock_kafka.h"
#include "uplink/batch.h"
#include "uplink/publisher.h"
#include "uplink/status.h"

namespace fleet_edge::uplink {
namespace {

using Outcome = Publisher::Outcome;
using std::chrono::seconds;

Batch Make(std::uint64_t seq, Lane lane = Lane::kTelemetry, std::size_t size = 100) {
  return {.id = {lane, 7, seq},
          .count = 5,
          .time = UtcTime{std::chrono::milliseconds{1'700'000'000'123}},
          .accepted = {},
          .body = std::string(size, static_cast<char>('a' + seq % 26))};
}

/// A publisher to the mock, and the bell that it rings.
struct World {
  World() {
    spdlog::set_level(spdlog::level::off);
    Connect(RecordStyle::kPlain);
  }

  void Connect(RecordStyle style) {
    auto made = MakeKafkaPublisher(
        {{"bootstrap.servers", kafka.address()}, {"reconnect.backoff.max.ms", "500"}}, "tanker-1",
        clock, style);
    if (!made) FAIL(made.error().message);
    publisher = std::move(*made);
    publisher->SetWake([this] {
      const std::lock_guard lock(mutex);
      rung = true;
      bell.notify_one();
    });
  }

  /// Polls when the bell rings, and every second at least, until `count` reports are in.
  std::map<BatchId, Outcome> Reports(std::size_t count) {
    std::map<BatchId, Outcome> outcomes;
    const BootTime end = clock.Boot() + seconds{30};
    while (outcomes.size() < count && clock.Boot() < end) {
      for (const auto& report : publisher->Poll()) {
        CHECK(outcomes.emplace(report.id, report.outcome).second);
      }
      if (outcomes.size() < count) Wait();
    }
    CHECK(outcomes.size() == count);
    return outcomes;
  }

  void Wait() {
    std::unique_lock lock(mutex);
    bell.wait_for(lock, seconds{1}, [&] { return rung; });
    rung = false;
  }

  MockKafka kafka;
  SystemClock clock;
  std::mutex mutex;
  std::condition_variable bell;
  bool rung = false;
  std::unique_ptr<Publisher> publisher;
};

TEST_CASE_FIXTURE(
    World,
    "KafkaPublisher: batches arrive with topic, key, time and bytes, one partition a vehicle") {
  for (const Lane lane : kLanes) {
    for (std::uint64_t seq = 1; seq <= 3; ++seq) REQUIRE(publisher->Publish(Make(seq, lane)));
  }
  for (const auto& [id, outcome] : Reports(9)) CHECK(outcome == Outcome::kAcknowledged);

  const auto records = kafka.Read(9);
  REQUIRE(records.size() == 9);
  std::map<std::string, std::vector<std::string>> values;
  std::set<std::int32_t> partitions;
  for (const Record& record : records) {
    CHECK(record.key == "tanker-1");
    CHECK(record.timestamp_ms == 1'700'000'000'123);
    values[record.topic].push_back(record.value);
    partitions.insert(record.partition);
  }
  CHECK(partitions.size() == 1);
  for (const Lane lane : kLanes) {
    CHECK(values[std::string(TopicOf(lane))] ==
          std::vector{Make(1).body, Make(2).body, Make(3).body});
  }
  const PublisherStatus status = publisher->status();
  CHECK(status.link == PublisherStatus::Link::kUp);
  CHECK(status.in_flight == 0);
  CHECK(status.sent == 9);
  CHECK(status.round_trip > Duration::zero());
}

TEST_CASE_FIXTURE(World, "KafkaPublisher: how long a hub owes an answer is told") {
  REQUIRE(publisher->Publish(Make(1)));
  Reports(1);
  CHECK(publisher->status().unanswered == Duration::zero());
  kafka.AnswerAfter(seconds{2});
  REQUIRE(publisher->Publish(Make(2)));
  const BootTime asked = clock.Boot();
  while (publisher->status().unanswered < seconds{1} && clock.Boot() < asked + seconds{30}) Wait();
  CHECK(publisher->status().unanswered >= seconds{1});
  Reports(1);
  CHECK(publisher->status().unanswered == Duration::zero());
}

TEST_CASE_FIXTURE(World,
                  "KafkaPublisher: the first batch of a topic does not wait for a look around") {
  // librdkafka looks once a second for topics that it does not know: each of these would wait
  // for the next look after the one that helped the one before it.
  REQUIRE(publisher->Publish(Make(1)));
  Reports(1);
  const BootTime start = clock.Boot();
  for (const Lane lane : {Lane::kStatus, Lane::kAlert}) {
    REQUIRE(publisher->Publish(Make(1, lane)));
    Reports(1);
  }
  CHECK(clock.Boot() - start < seconds{1});
}

TEST_CASE_FIXTURE(World, "KafkaPublisher: a record is a CloudEvent when it is asked to be") {
  REQUIRE(publisher->Publish(Make(1)));
  Reports(1);
  CHECK(kafka.Read(1).at(0).headers.empty());
  Connect(RecordStyle::kCloudEvents);
  REQUIRE(publisher->Publish(Make(2)));
  Reports(1);
  const auto records = kafka.Read(2);
  REQUIRE(records.size() == 2);
  CHECK(records[1].value == Make(2).body);
  CHECK(records[1].headers ==
        std::map<std::string, std::string>{{"ce_specversion", "1.0"},
                                           {"ce_id", "telemetry-7-2"},
                                           {"ce_source", "/vehicles/tanker-1"},
                                           {"ce_type", "fleet.v1.TelemetryBatch"},
                                           {"ce_time", "2023-11-14T22:13:20.123Z"},
                                           {"content-type", "application/protobuf"}});
}

TEST_CASE_FIXTURE(World, "KafkaPublisher: a broker that is away is waited for, and seen") {
  REQUIRE(publisher->Publish(Make(1)));
  Reports(1);
  kafka.Down();
  REQUIRE(publisher->Publish(Make(2)));
  while (publisher->status().link != PublisherStatus::Link::kDown) {
    CHECK(publisher->Poll().empty());
    Wait();
  }
  kafka.Up();
  CHECK(Reports(1) == std::map<BatchId, Outcome>{{Make(2).id, Outcome::kAcknowledged}});
  CHECK(publisher->status().link == PublisherStatus::Link::kUp);
}

TEST_CASE_FIXTURE(World, "KafkaPublisher: what passes is tried again inside") {
  kafka.FailProduce(RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR);
  REQUIRE(publisher->Publish(Make(1)));
  CHECK(Reports(1).at(Make(1).id) == Outcome::kAcknowledged);
}

TEST_CASE_FIXTURE(World, "KafkaPublisher: what is refused for now comes back") {
  for (const auto error :
       {RD_KAFKA_RESP_ERR_POLICY_VIOLATION, RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED,
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED}) {
    CAPTURE(rd_kafka_err2name(error));
    kafka.FailProduce(error);
    while (!publisher->Publish(Make(1))) Wait();
    CHECK(Reports(1).at(Make(1).id) == Outcome::kReturned);
  }
  while (!publisher->Publish(Make(1))) {
    publisher->Poll();
    Wait();
  }
  CHECK(Reports(1).at(Make(1).id) == Outcome::kAcknowledged);
}

TEST_CASE_FIXTURE(World, "KafkaPublisher: what is refused for good, and alone, is poison") {
  for (const auto error :
       {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE,
        RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP}) {
    CAPTURE(rd_kafka_err2name(error));
    kafka.FailProduce(error, 2);
    REQUIRE(publisher->Publish(Make(1)));
    CHECK(Reports(1).at(Make(1).id) == Outcome::kReturned);
    REQUIRE(publisher->Publish(Make(1)));
    CHECK(Reports(1).at(Make(1).id) == Outcome::kPoison);
  }
  const auto refused = publisher->Publish(Make(1, Lane::kTelemetry, 2'000'000));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Error::Code::kDrop);
}

TEST_CASE_FIXTURE(World,
                  "KafkaPublisher: of a request that is refused for good only who is to blame is") {
  kafka.FailProduce(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
  for (std::uint64_t seq = 1; seq <= 3; ++seq) REQUIRE(publisher->Publish(Make(seq)));
  for (const auto& [id, outcome] : Reports(3)) CHECK(outcome == Outcome::kReturned);

  // Each is tried alone: nothing goes beside it.
  REQUIRE(publisher->Publish(Make(1)));
  CHECK(publisher->Publish(Make(2)).error().code == Error::Code::kFull);
  CHECK(publisher->Publish(Make(1, Lane::kAlert)).error().code == Error::Code::kFull);
  CHECK(Reports(1).at(Make(1).id) == Outcome::kAcknowledged);
  kafka.FailProduce(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
  REQUIRE(publisher->Publish(Make(2)));
  CHECK(Reports(1).at(Make(2).id) == Outcome::kPoison);
  REQUIRE(publisher->Publish(Make(3)));
  CHECK(Reports(1).at(Make(3).id) == Outcome::kAcknowledged);

  // As if the clock were to blame, each had the time of one that was taken.
  CHECK(kafka.Read(2).front().timestamp_ms == 1'735'689'600'000);

  // And then they go together again.
  for (std::uint64_t seq = 4; seq <= 6; ++seq) REQUIRE(publisher->Publish(Make(seq)));
  for (const auto& [id, outcome] : Reports(3)) CHECK(outcome == Outcome::kAcknowledged);
}

TEST_CASE("KafkaPublisher: TLS waits for a clock that is set, but not for ever") {
  spdlog::set_level(spdlog::level::off);
  HandClock clock(UtcTime{std::chrono::hours{1}});  // no battery: 1970
  const auto made = MakeKafkaPublisher(
      {{"bootstrap.servers", "127.0.0.1:1"}, {"security.protocol", "ssl"}}, "tanker-1", clock);
  REQUIRE(made);
  Publisher& publisher = **made;
  publisher.Poll();
  CHECK(publisher.Publish(Make(1)).error().code == Error::Code::kRetry);
  CHECK(publisher.status().error.find("clock") != std::string::npos);
  SUBCASE("the first fix sets it") {
    clock.Set(UtcTime{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}});
  }
  SUBCASE("nobody sets it") { clock.Advance(std::chrono::minutes{11}); }
  publisher.Poll();
  CHECK(publisher.Publish(Make(1)));
  CHECK(publisher.status().rebuilt == 0);
}

TEST_CASE_FIXTURE(
    World,
    "KafkaPublisher: after a fatal error all in flight comes back and a new producer goes on") {
  REQUIRE(publisher->Publish(Make(1)));
  Reports(1);
  kafka.FailProduce(RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
  REQUIRE(publisher->Publish(Make(2)));
  CHECK(Reports(1).at(Make(2).id) == Outcome::kReturned);
  while (!publisher->Publish(Make(2))) {
    CHECK(publisher->Poll().empty());
    Wait();
  }
  CHECK(Reports(1).at(Make(2).id) == Outcome::kAcknowledged);
  CHECK(publisher->status().rebuilt == 1);
}

TEST_CASE_FIXTURE(World, "KafkaPublisher: a full queue says so, and drops nothing") {
  kafka.Down();
  std::size_t taken = 0;
  Result<void> done;
  while (done) {
    done = publisher->Publish(Make(taken + 1));
    if (done) ++taken;
  }
  CHECK(done.error().code == Error::Code::kFull);
  CHECK(taken == 2'000);
  kafka.Up();
  CHECK(Reports(taken).size() == taken);
}

TEST_CASE_FIXTURE(World, "KafkaPublisher: closing without a hub is quick and reports every batch") {
  kafka.Down();
  for (std::uint64_t seq = 1; seq <= 100; ++seq) REQUIRE(publisher->Publish(Make(seq)));
  const BootTime start = clock.Boot();
  const auto reports = publisher->Close(std::chrono::milliseconds{500});
  CHECK(clock.Boot() - start < seconds{2});
  CHECK(reports.size() == 100);
  for (const auto& report : reports) CHECK(report.outcome == Outcome::kReturned);
}

TEST_CASE_FIXTURE(World, "KafkaPublisher: closing with a hub sends what is in flight") {
  for (std::uint64_t seq = 1; seq <= 10; ++seq) REQUIRE(publisher->Publish(Make(seq)));
  const auto reports = publisher->Close(seconds{10});
  CHECK(reports.size() == 10);
  for (const auto& report : reports) CHECK(report.outcome == Outcome::kAcknowledged);
}

}  // namespace
}  // namespace fleet_edge::uplink
