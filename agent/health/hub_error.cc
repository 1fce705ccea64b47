#include "agent/health/hub_error.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

namespace fleet_edge::agent {
namespace {

/// What librdkafka's texts hold, and what helps then. The first that is found counts.
struct Cause {
  std::string_view part;
  std::string_view mend;
};

constexpr Cause kCauses[] = {
    {"clock is not set",
     "wait for NTP or GNSS, or set the clock: certificates can't be judged "
     "without it"},
    {"resolve",
     "the name is not found: see /etc/resolv.conf, the network, and the spelling of "
     "bootstrap.servers"},
    {"Invalid response size",
     "what answers there isn't Kafka: see that host and port in bootstrap.servers are the hub's"},
    {"might require SASL",
     "this port of the hub wants a login: see security.protocol, sasl.mechanism, sasl.username "
     "and sasl.password"},
    {"current SASL state",
     "this port of the hub asks for no login: see security.protocol, or take another port"},
    {"SASL", "see that user name, password and mechanism are the hub's"},
    {"uthentication", "see that user name, password and mechanism are the hub's"},
    {"ertificate",
     "see that ssl.ca.location has the hub's authority, that the certificates have "
     "not expired, and that the clock is right"},
    {"SSL", "see that this port of the hub speaks TLS, and security.protocol says so"},
    {"uthoriz", "let this vehicle's user write the topics fleet.* on the hub"},
    {"nknown topic",
     "make the topics fleet.telemetry.v1, fleet.alerts.v1 and fleet.status.v1 on "
     "the hub"},
    {"Connection refused",
     "nothing listens there: see that the hub runs, and that its port and "
     "the firewall are right"},
    {"unreachable", "the box has no way to the hub: see the modem, the SIM and the routes"},
    {"ApiVersionRequest",
     "something takes connections there and doesn't answer as Kafka does: see that the port is the "
     "hub's, and that the hub isn't hung"},
    {"timed out", "nothing answers: see the modem's reception and the firewall"},
};

constexpr std::string_view kAny =
    "see that the box has a network: `fleet-edge doctor` tries each "
    "step";

}  // namespace

HubError ExplainHubError(std::string_view error) {
  const auto* const cause = std::ranges::find_if(
      kCauses, [&](const Cause& one) { return error.find(one.part) != std::string_view::npos; });
  // "Local: Broker transport failure: host:9092/bootstrap: Connect to … (after 0ms in state …)"
  constexpr std::string_view kLocal = "Local: ";
  if (error.starts_with(kLocal)) error.remove_prefix(kLocal.size());
  constexpr std::string_view kTransport = "Broker transport failure: ";
  if (error.starts_with(kTransport)) error.remove_prefix(kTransport.size());
  // The second: "…: ApiVersionRequest failed: Local: Timed out: probably due to broker version < …"
  for (const std::string_view talk : {" (after ", ": probably due to "}) {
    error = error.substr(0, std::min(error.find(talk), error.size()));
  }
  return {.words = std::string(error),
          .mend = std::string(cause == std::end(kCauses) ? kAny : cause->mend)};
}

}  // namespace fleet_edge::agent
