#include "agent/doctor/listening.h"

#include <cstdlib>
#include <string>

#include "agent/config/rule_files.h"
#include "agent/doctor/account.h"
#include "agent/doctor/finding.h"
#include "agent/http/http_server.h"
#include "core/clock.h"
#include "core/result.h"

namespace fleet_edge::agent::doctor {
namespace {

/// Ports below it are root's, ip(7); 0 where the kernel doesn't say.
long FirstFreePort() {
  const Result<std::string> text = ReadFile("/proc/sys/net/ipv4/ip_unprivileged_port_start");
  return text ? std::strtol(text->c_str(), nullptr, 10) : 0;
}

}  // namespace

Finding TryListening(const HttpConfig& http, const Account& account) {
  Finding finding{
      .check = "http", .subject = http.listen, .verdict = Verdict::kWarning, .id = "port_refused"};
  const long port =
      std::strtol(http.listen.substr(http.listen.rfind(':') + 1).c_str(), nullptr, 10);
  if (account.uid != 0 && port < FirstFreePort()) {
    finding.what = "ports below " + std::to_string(FirstFreePort()) + " are root's, and " +
                   account.name + " listens";
    finding.mend = "Set http.listen to a higher port: 9150 is the default";
    return finding;
  }
  const SystemClock clock;
  const auto server = HttpServer::Open(http, clock);
  if (server) return Well("http", http.listen, "free for the status page and metrics");
  finding.what = server.error().message;
  if (finding.what.find("in use") != std::string::npos) {
    finding.id = "port_taken";
    finding.mend = "`ss -ltnp` tells who listens; stop it, or set http.listen to another port";
  } else {
    finding.mend = "`ip -br address` lists this machine's; 127.0.0.1 and 0.0.0.0 are always there";
  }
  return finding;
}

}  // namespace fleet_edge::agent::doctor
