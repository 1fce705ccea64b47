// What the doctor makes of facts. That it finds them is tests/integration/doctor*_test.py's.

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "agent/config/rule_files.h"
#include "agent/doctor/broker.h"
#include "agent/doctor/deadline.h"
#include "agent/doctor/device.h"
#include "agent/doctor/disk.h"
#include "agent/doctor/finding.h"
#include "agent/doctor/host.h"
#include "agent/doctor/hub_words.h"
#include "agent/doctor/log_ear.h"
#include "agent/doctor/report.h"
#include "agent/doctor/running_agent.h"
#include "agent/doctor/tls.h"
#include "agent/doctor/trial.h"
#include "agent/doctor/wall_clock.h"
#include "agent/health/health.h"
#include "core/bytes.h"
#include "core/result.h"
#include "core/time.h"
#include "drivers/mqtt/mqtt_options.h"
#include "uplink/kafka_probe.h"

namespace fleet_edge::agent::doctor {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr UtcTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool IsKnown(const std::string& id) {
  return id.empty() ||
         std::ranges::find(kFindingKinds, id, &FindingKind::id) != std::end(kFindingKinds) ||
         std::ranges::find(kProblemKinds, id, &ProblemKind::id) != std::end(kProblemKinds);
}

TEST_CASE("Doctor: its own kinds of findings are none of the health model's") {
  for (const FindingKind& kind : kFindingKinds) {
    CHECK_MESSAGE(
        std::ranges::find(kProblemKinds, kind.id, &ProblemKind::id) == std::end(kProblemKinds),
        kind.id);
  }
}

TEST_CASE("Doctor: its page lists all checks, troubleshooting.md all kinds of findings") {
  const Result<std::string> page = ReadFile("docs/doctor.md");
  REQUIRE(page);
  for (const Check& check : kChecks) {
    CHECK_MESSAGE(Contains(*page, "| `" + std::string(check.name) + "` | "), check.name);
  }
  const Result<std::string> symptoms = ReadFile("docs/troubleshooting.md");
  REQUIRE(symptoms);
  for (const FindingKind& kind : kFindingKinds) {
    CHECK_MESSAGE(Contains(*symptoms, "| `" + std::string(kind.id) + "` | "), kind.id);
  }
}

TEST_CASE("Doctor: the exit code is the worst verdict's, and notes are none") {
  CHECK(Tally{.by_verdict = {5, 2, 3, 0, 0}}.exit_code() == 0);
  CHECK(Tally{.by_verdict = {5, 2, 3, 1, 0}}.exit_code() == 1);
  CHECK(Tally{.by_verdict = {5, 2, 3, 1, 1}}.exit_code() == 3);
}

TEST_CASE("Doctor: what comes from outside can't steer the terminal") {
  const Finding finding{.check = "login",
                        .subject = "hub\x1b[2J",
                        .verdict = Verdict::kError,
                        .id = "login_refused",
                        .what = "it says \x07\nok",
                        .mend = "mend"};
  const std::string text = TextOf(finding, false);
  CHECK(!Contains(text, "\x1b"));
  CHECK(!Contains(text, "\x07"));
  CHECK(std::ranges::count(text, '\n') == 2);
  CHECK(Contains(TextOf(finding, true), "\x1b[1;31merror"));
}

TEST_CASE("Doctor: a full disk, a read-only one and one without rights are told apart") {
  DiskFacts facts{.directory = "/var/lib/fleet-edge", .error = ENOSPC, .failed = "writing"};
  CHECK(Contains(JudgeDisk(facts, MiB(512), seconds{2}).front().what, "full"));
  facts.error = EROFS;
  CHECK(Contains(JudgeDisk(facts, MiB(512), seconds{2}).front().mend, "remount"));
  facts.error = EIO;
  CHECK(JudgeDisk(facts, MiB(512), seconds{2}).front().id == "disk_failing");
  facts.error = ENOSPC;
  facts.no_names = true;
  CHECK(Contains(JudgeDisk(facts, MiB(512), seconds{2}).front().what, "inode"));
  facts.error = ENOTDIR;
  facts.is_file = true;
  CHECK(JudgeDisk(facts, MiB(512), seconds{2}).front().id == "config_wrong");
  facts.is_file = false;
  facts.error = EACCES;
  CHECK(JudgeDisk(facts, MiB(512), seconds{2}).front().id == "not_permitted");
}

TEST_CASE("Doctor: a disk must hold what the outbox may still grow by") {
  DiskFacts facts{.directory = "/d", .free = MiB(100), .used = MiB(0), .sync = milliseconds{5}};
  CHECK(JudgeDisk(facts, MiB(512), seconds{2}).front().id == "disk_low");
  facts.used = MiB(450);
  CHECK(JudgeDisk(facts, MiB(512), seconds{2}).front().verdict == Verdict::kOk);
  facts.sync = milliseconds{300};
  CHECK(JudgeDisk(facts, MiB(512), seconds{2}).front().id == "disk_slow");
  facts.in_memory = true;
  CHECK(JudgeDisk(facts, MiB(512), seconds{2}).back().id == "disk_volatile");
}

TEST_CASE("Doctor: a clock that was never set is worse than one that nobody keeps") {
  CHECK(JudgeClock({.now = UtcTime{}, .synced = true}).verdict == Verdict::kError);
  CHECK(JudgeClock({.now = kNow, .synced = false}).verdict == Verdict::kWarning);
  CHECK(JudgeClock({.now = kNow, .synced = true, .rtc = kNow - days{1}}).verdict == Verdict::kNote);
  CHECK(JudgeClock({.now = kNow, .synced = true}).verdict == Verdict::kOk);
}

TEST_CASE("Doctor: a CAN interface that is down is told how to be brought up") {
  DeviceFacts facts{.path = "/sys/class/net/can0",
                    .driver = "bus",
                    .kind = DeviceFacts::Kind::kInterface,
                    .wants_can = true,
                    .is_can = true};
  CHECK(JudgeDevice(facts).id == "device_down");
  CHECK(Contains(JudgeDevice(facts).mend, "ip link set can0 up"));
  facts.is_up = true;
  CHECK(JudgeDevice(facts).verdict == Verdict::kOk);
  facts.is_can = false;
  CHECK(JudgeDevice(facts).id == "device_wrong");
  facts.kind = DeviceFacts::Kind::kMissing;
  CHECK(JudgeDevice(facts).id == "device_missing");
}

TEST_CASE("Doctor: servers are read from librdkafka's list in all its forms") {
  const auto hosts = ParseHosts("a.example, SASL_SSL://b:9093,[::1]:9094,::1", "9092");
  std::vector<std::string> text;
  for (const HostPort& host : hosts) text.push_back(host.host + " " + host.port);
  CHECK(text == std::vector<std::string>{"a.example 9092", "b 9093", "::1 9094", "::1 9092"});
}

TEST_CASE("Doctor: librdkafka's words lead to the property to mend") {
  struct Row {
    const char* error;
    const char* protocol;
    const char* id;
    const char* mend;
  };
  const std::vector<Row> rows{
      {"sasl_ssl://h:9/bootstrap: SASL authentication error: Authentication failed", "SASL_SSL",
       "login_refused", "sasl.password"},
      {"sasl_ssl://h:9/bootstrap: SASL SCRAM-SHA-256 mechanism handshake failed: Broker: "
       "Unsupported SASL mechanism: broker's supported mechanisms: PLAIN",
       "sasl_ssl", "login_mechanism", "sasl.mechanism"},
      {"h:9/bootstrap: Disconnected while requesting ApiVersion: might be caused by incorrect "
       "security.protocol configuration (connecting to a SSL listener?)",
       "plaintext", "wants_tls", "security.protocol: SSL"},
      {"ssl://h:9/bootstrap: Disconnected: verify that security.protocol is correctly configured, "
       "broker might require SASL authentication",
       "ssl", "login_refused", "SASL_SSL"},
      {"sasl_plaintext://h:9/bootstrap: SASL PLAIN mechanism handshake failed: Broker: Request not "
       "valid in current SASL state: broker's supported mechanisms: ",
       "sasl_plaintext", "login_mechanism", "PLAINTEXT"},
      {"127.0.0.1:9/bootstrap: Receive failed: Invalid response size 1213486160 (0..100000000): "
       "increase receive.message.max.bytes",
       "plaintext", "hub_unreachable", "another kind of server"},
      {"", "plaintext", "hub_unreachable", "bootstrap.servers"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.error);
    uplink::KafkaProbe::Answer answer;
    if (*row.error != '\0') answer.errors.emplace_back(row.error);
    const Finding finding = JudgeGreeting(
        answer, {{"security.protocol", row.protocol}, {"sasl.password", "hush"}}, "h:9");
    CHECK(finding.id == row.id);
    CHECK(Contains(finding.mend, row.mend));
    CHECK(!Contains(finding.what, "hush"));
  }
}

TEST_CASE("Doctor: a topic that is not there is as bad as the hub makes it") {
  const uplink::TopicFacts topic{.name = "t", .state = uplink::TopicFacts::State::kMissing};
  CHECK(JudgeTopic(topic, true, KiB(64)).verdict == Verdict::kNote);
  CHECK(JudgeTopic(topic, std::nullopt, KiB(64)).verdict == Verdict::kWarning);
  CHECK(JudgeTopic(topic, false, KiB(64)).verdict == Verdict::kError);
}

TEST_CASE("Doctor: a topic must take a batch, have leaders and be ours to write") {
  uplink::TopicFacts topic{.name = "t",
                           .state = uplink::TopicFacts::State::kThere,
                           .may_write = true,
                           .partitions = 3,
                           .max_message_bytes = 1'048'588};
  CHECK(JudgeTopic(topic, {}, KiB(64)).verdict == Verdict::kOk);
  topic.max_message_bytes = 65'536;
  CHECK(JudgeTopic(topic, {}, KiB(64)).id == "topic_too_small");
  topic.leaderless = 1;
  CHECK(JudgeTopic(topic, {}, KiB(64)).id == "topic_leaderless");
  topic.may_write = false;
  CHECK(JudgeTopic(topic, {}, KiB(64)).id == "topic_forbidden");
}

TEST_CASE("Doctor: each outcome of a handshake has an identifier that is listed") {
  using Outcome = TlsFacts::Outcome;
  for (const Outcome outcome :
       {Outcome::kBadFile, Outcome::kBadAuthority, Outcome::kKeyLocked, Outcome::kKeyMismatch,
        Outcome::kNotTls, Outcome::kNoAnswer, Outcome::kUntrusted, Outcome::kExpired,
        Outcome::kNotYetValid, Outcome::kWrongHost, Outcome::kOursRefused, Outcome::kFailed}) {
    TlsFacts facts;
    facts.outcome = outcome;
    const auto findings = JudgeTls(facts, {.host = "h"}, "h:1", kNow);
    REQUIRE(findings.size() == 1);
    CHECK(IsKnown(findings.front().id));
    CHECK(!findings.front().id.empty());
    CHECK(!findings.front().mend.empty());
  }
}

TEST_CASE("Doctor: a certificate is warned of for thirty days before its end") {
  TlsFacts facts;
  facts.outcome = TlsFacts::Outcome::kDone;
  facts.expires = kNow + days{31};
  CHECK(JudgeTls(facts, {}, "h:1", kNow).front().verdict == Verdict::kOk);
  facts.expires = kNow + days{29};
  CHECK(JudgeTls(facts, {}, "h:1", kNow).front().id == "certificate_expires");
  facts.expires = kNow + days{400};
  facts.ours_expires = kNow - days{1};
  CHECK(JudgeTls(facts, {}, "h:1", kNow).front().verdict == Verdict::kError);
}

TEST_CASE("Doctor: noise, silence and a series that is missing are three things") {
  DriverFacts facts{.name = "gnss", .kind = "nmea", .setting = "baud 9600", .watched = seconds{6}};
  CHECK(JudgeTrial(facts).front().id == "driver_silent");
  facts.refused["malformed"] = 12;
  CHECK(JudgeTrial(facts).front().id == "input_refused");
  CHECK(Contains(JudgeTrial(facts).front().what, "at baud 9600"));
  facts = {.name = "sensors", .kind = "mqtt", .readings = 3, .arrived = {"a"}};
  CHECK(JudgeTrial(facts).front().verdict == Verdict::kOk);
  facts.missing = {"b"};
  facts.hints["b"] = {.text = "nothing is published on x"};
  REQUIRE(JudgeTrial(facts).size() == 2);
  CHECK(JudgeTrial(facts).back().id == "series_missing");
  CHECK(Contains(JudgeTrial(facts).back().what, "nothing is published on x"));
}

TEST_CASE("Doctor: a device that is asked and has no answer is silent, not unreadable") {
  DriverFacts facts{.name = "probes", .kind = "modbus", .watched = seconds{6}};
  facts.refused["no_answer"] = 3;
  facts.refused["device_error"] = 1;
  REQUIRE(JudgeTrial(facts).size() == 1);
  CHECK(JudgeTrial(facts).front().id == "driver_silent");
  CHECK(Contains(JudgeTrial(facts).front().mend, "unit_id"));
  facts.refused["checksum"] = 1;
  CHECK(JudgeTrial(facts).front().id == "input_refused");
}

TEST_CASE("Doctor: what can't be read is shown once, and where nothing comes it is the filter") {
  DriverFacts facts{.name = "sensors", .kind = "mqtt", .missing = {"a", "b"}};
  facts.refused["malformed"] = 1;
  facts.hints["a"] = {.text = "x carries y", .heard = true};
  facts.hints["b"] = {.text = "nothing is published on z", .heard = false};
  const auto findings = JudgeTrial(facts);
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].id == "input_refused");
  CHECK(Contains(findings[0].what, "x carries y"));
  CHECK(Contains(findings[1].what, "nothing is published on z"));
  CHECK(Contains(findings[1].mend, "filters"));
}

TEST_CASE("Doctor: properties that librdkafka doesn't take name the one to set") {
  const Finding missing = JudgeProperties({{"security.protocol", "sasl_ssl"}}, "h:9",
                                          "No provider for SASL mechanism GSSAPI: recompile");
  CHECK(missing.id == "config_wrong");
  CHECK(Contains(missing.what, "no sasl.mechanism"));
  const Finding wrong =
      JudgeProperties({{"sasl.mechanism", "PLAN"}}, "h:9", "Unsupported SASL mechanism: PLAN");
  CHECK(Contains(wrong.mend, "sasl.mechanism"));
  CHECK(Contains(JudgeProperties({}, "h:9", "sasl.username and sasl.password must be set").mend,
                 "Set sasl.username"));
}

TEST_CASE("Doctor: a broker's refusal names the password, not the network") {
  drivers::MqttOptions options;
  options.username = "box";
  const Finding finding =
      JudgeBrokerRefusal("driver", "sensors", options, "MQTT error [5]: Not authorized");
  CHECK(finding.id == "login_refused");
  CHECK(Contains(finding.mend, "password_file"));
}

TEST_CASE("Doctor: a broker for which there is no time is not blamed") {
  drivers::MqttOptions options;
  options.broker = "mqtt://127.0.0.1:1";
  const LogEar ear;
  const Finding finding = ExamineBroker("display", options.broker, options, ear, Deadline({}));
  CHECK(finding.verdict == Verdict::kSkipped);
  CHECK(Contains(finding.what, "time is over"));
}

TEST_CASE("Doctor: what an agent says of itself is said again, by its severities") {
  const auto findings = JudgeStatus(
      "/d",
      R"({"health":{"status":"critical","problems":[{"id":"hub_unreachable","severity":"warning",)"
      R"("subject":"h:9","what":"no connection","mend":"wait"}]},)"
      R"("drivers":[{"name":"gnss","readings":7,"rejected":0,"silent_seconds":1.5},)"
      R"({"name":"bus","readings":0,"rejected":0,"silent_seconds":null}]})");
  REQUIRE(findings.size() == 4);
  CHECK(findings[1].id == "hub_unreachable");
  CHECK(findings[1].verdict == Verdict::kWarning);
  CHECK(findings[2].verdict == Verdict::kOk);
  CHECK(findings[3].id == "driver_silent");
  CHECK(JudgeStatus("/d", "no JSON").size() == 1);
}

}  // namespace
}  // namespace fleet_edge::agent::doctor
