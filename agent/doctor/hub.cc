#include "agent/doctor/hub.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/config/config.h"
#include "agent/doctor/deadline.h"
#include "agent/doctor/finding.h"
#include "agent/doctor/host.h"
#include "agent/doctor/hub_words.h"
#include "agent/doctor/tls.h"
#include "agent/pipeline/clock_watch.h"
#include "agent/text/wording.h"
#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/time.h"
#include "core/version.h"
#include "fleet/v1/status.pb.h"
#include "uplink/batch.h"
#include "uplink/kafka_probe.h"
#include "uplink/kafka_properties.h"

namespace fleet_edge::agent::doctor {
namespace {

using std::chrono::seconds;

using Teller = std::function<void(Finding)>;

constexpr Duration kDns = seconds{4};
constexpr Duration kTcp = seconds{4};
constexpr Duration kTls = seconds{5};
constexpr Duration kGreeting = seconds{8};
constexpr Duration kBrokers = seconds{8};
constexpr Duration kTopics = seconds{5};
constexpr Duration kRecord = seconds{6};

UtcTime WallClock() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

/// No agent's epoch is 0; the time tells one test from the next.
uplink::Batch TestRecord(const std::string& vehicle) {
  const UtcTime now = WallClock();
  fleet::v1::StatusEvent event;
  event.set_vehicle(vehicle);
  event.set_seq(static_cast<std::uint64_t>(now.time_since_epoch().count()));
  event.set_at_us(now.time_since_epoch().count());
  event.set_clock_synced(ClockSynced());
  event.mutable_test()->set_sender("fleet-edge doctor " + std::string(kVersion));
  return {.id = {uplink::Lane::kStatus, 0, event.seq()},
          .count = 1,
          .time = now,
          .accepted = {},
          .body = event.SerializeAsString()};
}

/// The way to the hub.
class Way {
 public:
  Way(const Config& config, const std::set<std::string>& unknown, bool sends,
      const Deadline& deadline, const Teller& tell)
      : config_(config),
        properties_(config.uplink.kafka),
        unknown_(unknown),
        sends_(sends),
        deadline_(deadline),
        tell_(tell) {
    servers_key_ =
        properties_.contains("bootstrap.servers") ? "bootstrap.servers" : "metadata.broker.list";
    servers_ = properties_[servers_key_];
  }

  void Go() {
    if (!ReachServers()) {
      return Skip({"login", "brokers", "topic", "record"}, "the hub can't be reached");
    }
    if (!unknown_.empty()) {
      return Skip({"login", "brokers", "topic", "record"},
                  *unknown_.begin() + " is not known here");
    }
    auto probe = uplink::MakeKafkaProbe(properties_);
    if (!probe) {
      tell_(JudgeProperties(properties_, servers_, probe.error().message));
      return Skip({"brokers", "topic", "record"}, "the hub can't be asked");
    }
    Talk(**probe);
  }

 private:
  void Skip(std::initializer_list<const char*> checks, const std::string& why) {
    for (const char* const check : checks) tell_(Skipped(check, {}, "because " + why));
  }

  /// Whether one of the servers can be talked to. While one can, another's faults are warnings.
  bool ReachServers() {
    if (unknown_.contains(servers_key_)) {
      Skip({"dns", "tcp", "tls"}, servers_key_ + " is not known here");
      return false;
    }
    const std::vector<HostPort> hosts = ParseHosts(servers_, "9092");
    std::vector<Finding> found;
    std::set<std::string> tried;
    bool reached = false;
    for (const HostPort& host : hosts) {
      if (tried.insert(host.text()).second) {
        reached |= Reach(host, [&](Finding one) { found.push_back(std::move(one)); });
      }
    }
    if (hosts.empty()) {
      found.push_back(Unreached("dns", servers_key_, "config_wrong", "it names no server",
                                "Write the hub's name and port there: `hub.example:9093`"));
    }
    for (Finding& one : found) {
      if (reached && one.verdict == Verdict::kError) one.verdict = Verdict::kWarning;
      tell_(std::move(one));
    }
    return reached;
  }

  bool Reach(const HostPort& host, const Teller& tell) {
    const std::string place = host.text();
    const auto fail = [&](Finding finding, const char* why) {
      const bool of_name = finding.check == "dns";
      tell(deadline_.over() ? Late(finding.check, place, "the time is over: it was not tried")
                            : std::move(finding));
      if (of_name) tell(Skipped("tcp", place, why));
      if (WantsTls(properties_)) tell(Skipped("tls", place, why));
      return false;
    };
    if (!IsPort(host.port)) {
      return fail(Unreached("dns", place, "config_wrong", "'" + host.port + "' is no port",
                            "Write host:port in uplink.kafka bootstrap.servers, several with "
                            "commas between, an IPv6 address in brackets"),
                  "because the port is none");
    }
    const auto addresses = Resolve(host, deadline_.AtMost(kDns));
    if (!addresses) {
      return fail(Unreached("dns", host.host, "name_unknown",
                            "its address isn't known: " + addresses.error().message,
                            "Check the name in uplink.kafka bootstrap.servers, the link, and the "
                            "name server in /etc/resolv.conf"),
                  "because the name is not known");
    }
    std::string known;
    for (const Address& address : *addresses) known += (known.empty() ? "" : ", ") + address.text;
    tell(Well("dns", host.host, known));
    const auto socket = Connect(*addresses, deadline_.AtMost(kTcp));
    if (!socket) {
      return fail(
          Unreached("tcp", place, "port_closed", "can't be connected to: " + socket.error().message,
                    "Check the port in uplink.kafka bootstrap.servers, that the hub runs, "
                    "and firewalls on the way"),
          "because the port can't be connected to");
    }
    tell(Well("tcp", place, "connected"));
    reached_.insert(place);
    if (!WantsTls(properties_)) return true;
    const auto of_tls = std::ranges::find_if(
        unknown_, [](const std::string& key) { return key.starts_with("ssl."); });
    if (of_tls == unknown_.end()) return ShakeHandsWith(host, *socket, tell);
    tell(Skipped("tls", place, "because " + *of_tls + " is not known here"));
    return true;
  }

  static Finding Unreached(const char* check, std::string subject, const char* id, std::string what,
                           std::string mend) {
    return {.check = check,
            .subject = std::move(subject),
            .verdict = Verdict::kError,
            .id = id,
            .what = std::move(what),
            .mend = std::move(mend)};
  }

  bool ShakeHandsWith(const HostPort& host, const FileDescriptor& socket, const Teller& tell) {
    const TlsSetup setup = TlsOf(properties_, host.host);
    for (const std::string& file : {setup.ca_file, setup.certificate_file, setup.key_file}) {
      if (file.empty() || ::access(file.c_str(), R_OK) == 0) continue;
      tell(Skipped("tls", host.text(), "because " + file + " can't be read"));
      return false;
    }
    const TlsFacts facts = ShakeHands(socket, setup, deadline_.AtMost(kTls));
    for (Finding& finding : JudgeTls(facts, setup, host.text(), WallClock())) {
      tell(std::move(finding));
    }
    return facts.outcome == TlsFacts::Outcome::kDone;
  }

  /// Whether TLS is spoken where we were hung up on without it.
  bool SpeaksTls() {
    for (const HostPort& host : ParseHosts(servers_, "9092")) {
      if (!reached_.contains(host.text())) continue;
      const auto addresses = Resolve(host, deadline_.AtMost(kDns));
      if (!addresses) continue;
      const auto socket = Connect(*addresses, deadline_.AtMost(kTcp));
      if (!socket) continue;
      const TlsSetup setup{.host = host.host, .checks_certificate = false, .checks_host = false};
      const auto outcome = ShakeHands(*socket, setup, deadline_.AtMost(kTls)).outcome;
      if (outcome != TlsFacts::Outcome::kNotTls && outcome != TlsFacts::Outcome::kNoAnswer) {
        return true;
      }
    }
    return false;
  }

  /// Whether one of the brokers can be talked to where the hub says that it is. The library leaves
  /// the address that we were given for those; the classic is a hub that names its brokers as they
  /// are called at home.
  bool ReachBrokers(const std::vector<std::string>& brokers) {
    const Deadline patience(deadline_.AtMost(kBrokers));
    std::size_t tried = 0;
    std::size_t well = 0;
    for (const std::string& place : brokers) {
      for (const HostPort& host : ParseHosts(place, "9092")) {
        if (patience.over()) break;
        ++tried;
        if (reached_.contains(host.text()) || ReachBroker(host, patience)) ++well;
      }
    }
    if (tried < brokers.size()) {
      tell_(Skipped("brokers", {},
                    "because of the time: " + std::to_string(tried) + " of " +
                        std::to_string(brokers.size()) + " brokers were tried"));
    } else if (well == brokers.size()) {
      tell_(Well("brokers", {},
                 Wording(well, "broker") + ", reached by the address that the hub names"));
    }
    return well > 0 || tried < brokers.size() || brokers.empty();
  }

  bool ReachBroker(const HostPort& host, const Deadline& patience) {
    const auto fail = [&](const std::string& why) {
      if (patience.over())
        return tell_(Skipped("brokers", host.text(), "because of the time")), true;
      tell_({.check = "brokers",
             .subject = host.text(),
             .verdict = Verdict::kError,
             .id = "broker_unreachable",
             .what = "the hub names a broker by this address, and " + why,
             .mend = "Set the broker's advertised.listeners to a name and a port that vehicles "
                     "reach, or make that name known here (DNS, /etc/hosts)"});
      return false;
    };
    const auto addresses = Resolve(host, patience.AtMost(kDns));
    if (!addresses) return fail("its name isn't known here: " + addresses.error().message);
    const auto socket = Connect(*addresses, patience.AtMost(kTcp));
    if (!socket) return fail("it can't be connected to: " + socket.error().message);
    return !WantsTls(properties_) || ShakeHandsWith(host, *socket, tell_);
  }

  void Talk(uplink::KafkaProbe& probe) {
    const auto answer = probe.Greet(deadline_.AtMost(kGreeting));
    Finding greeting = JudgeGreeting(answer, properties_, servers_);
    if (!answer.served && deadline_.over()) {
      greeting = Late("login", servers_, "the time was over before the hub had answered");
    } else if (greeting.id == "wants_tls" && !SpeaksTls()) {
      greeting.id = "hub_unreachable";
      greeting.what = "it hangs up on us, with TLS and without";
      greeting.mend = "Check host and port in bootstrap.servers, and what the hub's log says of us";
    }
    tell_(std::move(greeting));
    if (!answer.served) {
      return Skip({"brokers", "topic", "record"}, "the hub doesn't let us in");
    }
    if (!ReachBrokers(answer.brokers)) {
      return Skip({"topic", "record"}, "none of the hub's brokers can be reached");
    }
    const auto topics = probe.LookAtTopics(deadline_.AtMost(kTopics));
    std::optional<bool> makes_topics;
    for (const auto& topic : topics) {
      if (topic.state == uplink::TopicFacts::State::kMissing) {
        makes_topics = probe.MakesTopics(deadline_.AtMost(kTopics));
        break;
      }
    }
    Verdict worst = Verdict::kOk;
    for (const auto& topic : topics) {
      Finding finding = JudgeTopic(topic, makes_topics, config_.outbox.batch.max_bytes);
      const bool of_status = topic.name == uplink::TopicOf(uplink::Lane::kStatus);
      // Sent to a topic that is not there it would make it.
      if (of_status) worst = finding.id.empty() ? Verdict::kOk : finding.verdict;
      tell_(std::move(finding));
    }
    Send(probe, worst);
  }

  void Send(uplink::KafkaProbe& probe, Verdict of_topic) {
    const std::string topic(uplink::TopicOf(uplink::Lane::kStatus));
    if (!sends_) return tell_(Skipped("record", topic, "because of --no-send"));
    if (of_topic != Verdict::kOk) {
      return tell_(Skipped("record", topic, "because of what is wrong with its topic"));
    }
    const std::string& vehicle = config_.vehicle.id;
    const std::string error = probe.Send(TestRecord(vehicle), vehicle, deadline_.AtMost(kRecord));
    if (!error.empty() && deadline_.over()) {
      return tell_(Late("record", topic, "the time was over before it was acknowledged"));
    }
    tell_(JudgeRecord(topic, error));
  }

  const Config& config_;
  uplink::KafkaProperties properties_;
  const std::set<std::string>& unknown_;  // keys of them
  const bool sends_;
  const Deadline& deadline_;
  const Teller& tell_;
  std::set<std::string> reached_;  // `host:port` of servers that were connected to
  std::string servers_key_;
  std::string servers_;
};

}  // namespace

void ExamineHub(const Config& config, const std::set<std::string>& unknown, bool sends,
                const Deadline& deadline, const std::function<void(Finding)>& tell) {
  Way(config, unknown, sends, deadline, tell).Go();
}

}  // namespace fleet_edge::agent::doctor
