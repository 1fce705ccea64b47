#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace fleet_edge::agent::doctor {

/// How a check ended, from the best to the worst; a skipped one tells nothing.
enum class Verdict : std::uint8_t { kOk, kSkipped, kNote, kWarning, kError };

/// `ok`, `skipped`, `note`, `warning`, `error`.
std::string_view VerdictName(Verdict verdict);

/// What one check of the doctor has found. A value.
struct Finding {
  std::string check{};    ///< what was looked at: `disk`, of kChecks
  std::string subject{};  ///< which one: a device, a host, a topic; empty where there is one
  Verdict verdict = Verdict::kOk;
  std::string id{};    ///< of kFindingKinds; empty when nothing is wrong
  std::string what{};  ///< a sentence without its full stop: what is there, or wrong and why
  std::string mend{};  ///< a sentence: what to do about it; empty when nothing is wrong
};

/// `what` is well.
inline Finding Well(std::string check, std::string subject, std::string what) {
  return {std::move(check), std::move(subject), Verdict::kOk, {}, std::move(what), {}};
}

/// Not looked at, because of `why`.
inline Finding Skipped(std::string check, std::string subject, std::string why) {
  return {std::move(check), std::move(subject), Verdict::kSkipped, {}, std::move(why), {}};
}

/// Not looked at, or not to its end, for want of time; `what` says so.
inline Finding Late(std::string check, std::string subject, std::string what) {
  return {std::move(check), std::move(subject), Verdict::kWarning,
          "doctor_late",    std::move(what),    "Give it longer: --timeout 60s"};
}

/// One thing that a check looks at.
struct Check {
  std::string_view name{};
  std::string_view help{};
};

/// All checks, in the order of the examination.
inline constexpr Check kChecks[] = {
    {"config", "the configuration can be read and has no mistakes"},
    {"rules", "the rule files have no mistakes, and the tests beside them pass"},
    {"account", "who examines, and whom the service runs as"},
    {"rights", "the service's user may read what the configuration names, and write the outbox"},
    {"agent", "whether an agent runs on this outbox"},
    {"clock", "the wall clock is set and kept in step"},
    {"disk", "the outbox's disk: space, speed, and whether it lasts over a restart"},
    {"device", "each device is there, of the right kind, permitted and free"},
    {"driver", "what each driver reads within some seconds"},
    {"dns", "the hub's name is known"},
    {"tcp", "the hub's port answers"},
    {"tls", "the hub's certificate and our own are good"},
    {"login", "the hub answers Kafka's protocol and takes our credentials"},
    {"brokers", "the addresses that the hub names for its brokers lead to them"},
    {"topic", "each topic is there, may be written, and takes a batch"},
    {"record", "the hub acknowledges a status event that is marked as a test"},
    {"display", "the broker of the driver's display answers"},
    {"delivery", "the broker that rules come from answers"},
    {"http", "the port of the status page and of metrics is free"},
};

/// A problem that the doctor names and the health model (agent/health/health.h) has no kind for:
/// what is only wrong before an agent runs, or what an agent can't tell apart.
struct FindingKind {
  std::string_view id{};
  std::string_view help{};  ///< a line: when it is found
};

inline constexpr FindingKind kFindingKinds[] = {
    {"config_unreadable", "the configuration can't be read"},
    {"config_wrong", "the configuration has mistakes, or what it says is doubtful"},
    {"credential_unknown", "a value is a credential of the service's, and not known from outside"},
    {"rule_tests_failing", "a test of rules fails"},
    {"rules_doubtful", "what a rule says will not do what it should on this vehicle"},
    {"service_user_missing", "the user that the service runs as isn't there"},
    {"not_permitted", "the service's user may not read or write a file or a device"},
    {"secret_exposed", "a file with a secret can be read by everyone on this machine"},
    {"agent_silent", "an agent holds the outbox and doesn't answer"},
    {"device_missing", "a device is not there"},
    {"device_wrong", "a path or an interface is not the kind of device that the driver reads"},
    {"device_down", "a network interface is there and not up"},
    {"device_busy", "another program has opened a device"},
    {"unit_denies", "the service's unit doesn't let it have a device"},
    {"input_refused", "a driver's input comes, and none of it can be read"},
    {"series_missing", "a driver speaks, and not all of its series come"},
    {"disk_low", "the disk has less room than the outbox's quota"},
    {"disk_slow", "the disk takes long to keep what it is given"},
    {"disk_volatile", "what is on the disk is gone after a restart"},
    {"name_unknown", "no name server knows the name of a hub or a broker"},
    {"port_closed", "nothing answers at the port of a hub, a broker or a device"},
    {"not_tls", "TLS is configured and the port doesn't speak it"},
    {"wants_tls", "TLS is not configured and the port wants it"},
    {"certificate_untrusted", "the certificate's authority is not one that is trusted"},
    {"ca_unusable", "the file of the authorities that we trust can't be used"},
    {"certificate_wrong_name", "the certificate is for another host"},
    {"certificate_refused", "a hub or a broker refuses our certificate, or wants one"},
    {"key_mismatch", "our certificate and key can't be used together, or can't be read"},
    {"login_refused", "a hub or a broker refuses user name or password"},
    {"login_mechanism", "the hub doesn't know the configured way to log in"},
    {"broker_unreachable", "the hub names a broker by an address that leads nowhere from here"},
    {"topic_missing", "a topic is not there, and the hub doesn't make it"},
    {"topic_forbidden", "no right to write a topic"},
    {"topic_leaderless", "a topic has partitions that nobody serves"},
    {"topic_too_small", "a topic takes only records that are smaller than a batch"},
    {"record_refused", "the hub doesn't acknowledge the test record"},
    {"delivery_refused", "the broker that rules come from doesn't let us in"},
    {"port_taken", "another program listens on the port of the status page and of metrics"},
    {"port_refused", "the status page can't have its address or port, whoever else has it"},
    {"doctor_late", "the examination's time was over"},
};

}  // namespace fleet_edge::agent::doctor
