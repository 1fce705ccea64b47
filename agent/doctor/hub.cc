#include "agent/doctor/hub.h"

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
      const Deadline& deadline, const std::function<void(Finding)>& tell)
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
      tell_({.check = "login",
             .subject = servers_,
             .verdict = Verdict::kError,
             .id = "config_wrong",
             .what = "librdkafka refuses the properties: " + probe.error().message,
             .mend = "Mend uplink.kafka"});
      return;
    }
    Talk(**probe);
  }

 private:
  void Skip(std::initializer_list<const char*> checks, const std::string& why) {
    for (const char* const check : checks) tell_(Skipped(check, {}, "because " + why));
  }

  /// Whether one of the servers can be talked to.
  bool ReachServers() {
    if (unknown_.contains(servers_key_)) {
      Skip({"dns", "tcp", "tls"}, servers_key_ + " is not known here");
      return false;
    }
    bool reached = false;
    for (const HostPort& host : ParseHosts(servers_, "9092")) reached |= Reach(host);
    return reached;
  }

  bool Reach(const HostPort& host) {
    const std::string place = host.text();
    const auto skip = [&](const char* check, const char* why) {
      if (check == std::string("tls") && !WantsTls(properties_)) return;
      tell_(Skipped(check, place, why));
    };
    const auto addresses = Resolve(host, deadline_.AtMost(kDns));
    if (!addresses) {
      tell_({.check = "dns",
             .subject = host.host,
             .verdict = Verdict::kError,
             .id = "name_unknown",
             .what = "its address isn't known: " + addresses.error().message,
             .mend = "Check the name in uplink.kafka bootstrap.servers, the link, and the name "
                     "server in /etc/resolv.conf"});
      skip("tcp", "because the name is not known");
      skip("tls", "because the name is not known");
      return false;
    }
    std::string known;
    for (const Address& address : *addresses) known += (known.empty() ? "" : ", ") + address.text;
    tell_(Well("dns", host.host, known));
    const auto socket = Connect(*addresses, deadline_.AtMost(kTcp));
    if (!socket) {
      tell_({.check = "tcp",
             .subject = place,
             .verdict = Verdict::kError,
             .id = "port_closed",
             .what = "can't be connected to: " + socket.error().message,
             .mend = "Check the port in uplink.kafka bootstrap.servers, that the hub runs, and "
                     "firewalls on the way"});
      skip("tls", "because the port can't be connected to");
      return false;
    }
    tell_(Well("tcp", place, "connected"));
    reached_.insert(place);
    if (!WantsTls(properties_)) return true;
    const auto of_tls = std::ranges::find_if(
        unknown_, [](const std::string& key) { return key.starts_with("ssl."); });
    if (of_tls == unknown_.end()) return ShakeHandsWith(host, *socket);
    tell_(Skipped("tls", place, "because " + *of_tls + " is not known here"));
    return true;
  }

  bool ShakeHandsWith(const HostPort& host, const FileDescriptor& socket) {
    const TlsSetup setup = TlsOf(properties_, host.host);
    const TlsFacts facts = ShakeHands(socket, setup, deadline_.AtMost(kTls));
    for (Finding& finding : JudgeTls(facts, setup, host.text(), WallClock())) {
      tell_(std::move(finding));
    }
    return facts.outcome == TlsFacts::Outcome::kDone;
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
    return !WantsTls(properties_) || ShakeHandsWith(host, *socket);
  }

  void Talk(uplink::KafkaProbe& probe) {
    const auto answer = probe.Greet(deadline_.AtMost(kGreeting));
    tell_(JudgeGreeting(answer, properties_, servers_));
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
    tell_(JudgeRecord(topic, probe.Send(TestRecord(vehicle), vehicle, deadline_.AtMost(kRecord))));
  }

  const Config& config_;
  uplink::KafkaProperties properties_;
  const std::set<std::string>& unknown_;  // keys of them
  const bool sends_;
  const Deadline& deadline_;
  const std::function<void(Finding)>& tell_;
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
