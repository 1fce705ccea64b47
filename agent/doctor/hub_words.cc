#include "agent/doctor/hub_words.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/doctor/finding.h"
#include "agent/doctor/tls.h"
#include "agent/text/wording.h"
#include "core/bytes.h"
#include "uplink/kafka_probe.h"
#include "uplink/kafka_properties.h"

namespace fleet_edge::agent::doctor {
namespace {

using uplink::KafkaProperties;
using uplink::TopicFacts;

// What a record has beside its batch: key, headers, the frame of a record batch.
constexpr Bytes kAround{1024};

std::string ValueOf(const KafkaProperties& properties, const char* name,
                    const std::string& fallback = {}) {
  const auto found = properties.find(name);
  return found == properties.end() ? fallback : found->second;
}

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string ProtocolOf(const KafkaProperties& properties) {
  return Lower(ValueOf(properties, "security.protocol", "plaintext"));
}

std::string MechanismOf(const KafkaProperties& properties) {
  return ValueOf(properties, "sasl.mechanism", ValueOf(properties, "sasl.mechanisms", "GSSAPI"));
}

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// The error that tells most; empty without one.
std::string Telling(const std::vector<std::string>& errors) {
  for (const char* const mark : {"SASL", "mechanism", "security.protocol", "authoriz", "Receive"}) {
    const auto found =
        std::ranges::find_if(errors, [&](const std::string& one) { return Has(one, mark); });
    if (found != errors.end()) return *found;
  }
  return errors.empty() ? std::string() : errors.back();
}

/// librdkafka takes the first four bytes of an answer for its size: what they say as text, where
/// they are some.
std::string BeginningOf(const std::string& error) {
  const auto digit = error.find_first_of("0123456789", error.find("Invalid response size"));
  if (digit == std::string::npos) return {};
  const std::uint64_t size = std::strtoull(error.c_str() + digit, nullptr, 10);
  std::string text;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) text += static_cast<char>(size >> shift & 0xffU);
  const bool is_text = std::ranges::all_of(text, [](unsigned char c) { return std::isprint(c); });
  return is_text ? ": its answer begins with \"" + text + "\"" : std::string();
}

/// `sasl_ssl://host:9093/bootstrap: text`, without where.
std::string WithoutPlace(const std::string& text) {
  const auto scheme = text.find("://");
  const auto end = text.find(": ", scheme == std::string::npos ? 0 : scheme + 3);
  return scheme == std::string::npos || end == std::string::npos ? text : text.substr(end + 2);
}

Finding Login(const std::string& subject, const char* id, std::string what, std::string mend) {
  return {.check = "login",
          .subject = subject,
          .verdict = Verdict::kError,
          .id = id,
          .what = std::move(what),
          .mend = std::move(mend)};
}

Finding Topic(const TopicFacts& topic, Verdict verdict, const char* id, std::string what,
              std::string mend) {
  return {.check = "topic",
          .subject = topic.name,
          .verdict = verdict,
          .id = id,
          .what = std::move(what),
          .mend = std::move(mend)};
}

Finding JudgeMissing(const TopicFacts& topic, std::optional<bool> made) {
  const std::string mend =
      "Make it on the hub: `kafka-topics.sh --bootstrap-server … --create "
      "--topic " +
      topic.name + " --partitions 12`";
  if (!made) {
    return Topic(topic, Verdict::kWarning, "topic_missing",
                 "it is not there, and the hub doesn't tell whether it makes topics by itself",
                 mend);
  }
  if (!*made) {
    return Topic(topic, Verdict::kError, "topic_missing",
                 "it is not there, and the hub makes none by itself "
                 "(auto.create.topics.enable=false)",
                 mend);
  }
  return Topic(topic, Verdict::kNote, "topic_missing",
               "it is not there yet; the hub makes it at the first record, with its defaults",
               "Better make it yourself, with the partitions and the retention that you want");
}

}  // namespace

bool WantsTls(const KafkaProperties& properties) { return ProtocolOf(properties).ends_with("ssl"); }

bool WantsLogin(const KafkaProperties& properties) {
  return ProtocolOf(properties).starts_with("sasl");
}

TlsSetup TlsOf(const KafkaProperties& properties, const std::string& host) {
  const auto value = [&](const char* name) { return ValueOf(properties, name); };
  return {.host = host,
          .checks_certificate =
              ValueOf(properties, "enable.ssl.certificate.verification", "true") == "true",
          .checks_host =
              ValueOf(properties, "ssl.endpoint.identification.algorithm", "https") == "https",
          .ca_file = value("ssl.ca.location"),
          .ca_pem = value("ssl.ca.pem"),
          .certificate_file = value("ssl.certificate.location"),
          .certificate_pem = value("ssl.certificate.pem"),
          .key_file = value("ssl.key.location"),
          .key_pem = value("ssl.key.pem"),
          .key_password = value("ssl.key.password"),
          .ca_key = "ssl.ca.location",
          .certificate_key = "ssl.certificate.location",
          .password_key = "ssl.key.password",
          .security_key = "security.protocol"};
}

Finding JudgeGreeting(const uplink::KafkaProbe::Answer& answer, const KafkaProperties& properties,
                      const std::string& subject) {
  if (answer.served) {
    std::string what = "speaks Kafka";
    if (WantsLogin(properties)) {
      what += "; " + MechanismOf(properties) + " takes " +
              ValueOf(properties, "sasl.username", "our credentials");
    }
    return Well("login", subject, what);
  }
  const std::string error = WithoutPlace(Telling(answer.errors));
  if (Has(error, "Invalid response size")) {
    return Login(subject, "hub_unreachable",
                 "what answers there doesn't speak Kafka" + BeginningOf(error),
                 "Check host and port in bootstrap.servers: they lead to another kind of server");
  }
  if (!WantsLogin(properties) && Has(error, "might require SASL")) {
    return Login(subject, "login_refused", "it lets nobody in without a login",
                 std::string("Set security.protocol to ") +
                     (WantsTls(properties) ? "SASL_SSL" : "SASL_PLAINTEXT or SASL_SSL") +
                     ", with sasl.mechanism, sasl.username and sasl.password, or take a port that "
                     "asks for none");
  }
  if (Has(error, "not valid in current SASL state")) {
    return Login(subject, "login_mechanism", "this port asks for no login, and we bring one",
                 std::string("Set security.protocol to ") +
                     (WantsTls(properties) ? "SSL" : "PLAINTEXT") +
                     ", or take the hub's port for logins");
  }
  if (Has(error, "incorrect security.protocol")) {
    if (WantsTls(properties)) {
      return Login(subject, "not_tls", "it hangs up: " + error,
                   "Set security.protocol to what this port speaks, or take the TLS port");
    }
    return Login(subject, "wants_tls", "it hangs up as a TLS port does on one who speaks none",
                 WantsLogin(properties) ? "Set security.protocol: SASL_SSL"
                                        : "Set security.protocol: SSL (or SASL_SSL, with a user), "
                                          "or take the hub's plain port");
  }
  if (Has(error, "supported mechanisms") || Has(error, "nsupported SASL mechanism")) {
    return Login(subject, "login_mechanism",
                 "it doesn't know the mechanism " + MechanismOf(properties) + ": " + error,
                 "Set sasl.mechanism to one that it supports");
  }
  if (Has(error, "SASL") || Has(error, "uthentication")) {
    return Login(
        subject, "login_refused",
        "it refuses " + ValueOf(properties, "sasl.username", "our credentials") + " by " +
            MechanismOf(properties) + ": " + error,
        "Check sasl.username and sasl.password; somebody may have changed them on the hub");
  }
  if (!WantsLogin(properties) && Has(error, "Disconnected")) {
    return Login(subject, "login_refused", "it hangs up on one who doesn't log in: " + error,
                 "If the port asks for a user set security.protocol to SASL_SSL or "
                 "SASL_PLAINTEXT, with sasl.mechanism, sasl.username and sasl.password");
  }
  return Login(subject, "hub_unreachable",
               error.empty() ? "nothing on this port answers Kafka's protocol" : error,
               "Check that bootstrap.servers names a Kafka broker's port, and that brokers' "
               "advertised.listeners can be reached from here");
}

Finding JudgeTopic(const TopicFacts& topic, std::optional<bool> made, Bytes largest) {
  if (topic.state == TopicFacts::State::kMissing) return JudgeMissing(topic, made);
  if (topic.state == TopicFacts::State::kUnknown) {
    return Skipped("topic", topic.name, "the hub doesn't tell of it: " + topic.error);
  }
  if (topic.state == TopicFacts::State::kForbidden || topic.may_write == false) {
    return Topic(topic, Verdict::kError, "topic_forbidden", "we have no right to write it",
                 "Give this user the rights Write and Describe on it: `kafka-acls.sh --add "
                 "--allow-principal User:… --producer --topic " +
                     topic.name + "`");
  }
  if (topic.leaderless > 0) {
    return Topic(topic, Verdict::kWarning, "topic_leaderless",
                 std::to_string(topic.leaderless) + " of its " + std::to_string(topic.partitions) +
                     " partitions are served by no broker",
                 "Look after the hub's brokers: one is down");
  }
  if (topic.max_message_bytes && *topic.max_message_bytes < (largest + kAround).count) {
    return Topic(topic, Verdict::kError, "topic_too_small",
                 "it takes records up to " + std::to_string(*topic.max_message_bytes) +
                     " bytes, a batch has up to " + ToString(largest),
                 "Lower outbox.batch.max_bytes, or raise the topic's max.message.bytes");
  }
  std::string what = Wording(static_cast<std::uint64_t>(topic.partitions), "partition");
  what += topic.may_write ? ", may be written" : ", whether it may be written isn't told";
  if (topic.max_message_bytes) {
    what += ", records up to " + std::to_string(*topic.max_message_bytes) + " bytes";
  }
  return Well("topic", topic.name, what);
}

Finding JudgeProperties(const KafkaProperties& properties, const std::string& subject,
                        const std::string& error) {
  Finding finding = Login(subject, "config_wrong", "librdkafka refuses the properties: " + error,
                          "Mend uplink.kafka");
  if (Has(error, "sasl.username and sasl.password")) {
    finding.mend = "Set sasl.username and sasl.password in uplink.kafka";
  } else if (Has(error, "GSSAPI") && !properties.contains("sasl.mechanism") &&
             !properties.contains("sasl.mechanisms")) {
    finding.what =
        "uplink.kafka has no sasl.mechanism: the default, GSSAPI (Kerberos), is not built in";
    finding.mend = "Set sasl.mechanism to the hub's: SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN";
  } else if (Has(error, "SASL mechanism")) {
    finding.mend = "Set sasl.mechanism to the hub's: SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN";
  }
  return finding;
}

Finding JudgeRecord(const std::string& topic, const std::string& error) {
  if (error.empty()) {
    return Well("record", topic, "a status event, marked as a test, was acknowledged");
  }
  return {.check = "record",
          .subject = topic,
          .verdict = Verdict::kError,
          .id = "record_refused",
          .what = "the hub doesn't acknowledge the test record: " + error,
          .mend = Has(error, "uthoriz")
                      ? "Give this user the rights Write on the topic and IdempotentWrite on the "
                        "cluster (Kafka before 2.8)"
                      : "Look into the hub's log; enough replicas in step (min.insync.replicas) "
                        "must be there"};
}

}  // namespace fleet_edge::agent::doctor
