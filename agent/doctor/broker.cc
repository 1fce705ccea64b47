#include "agent/doctor/broker.h"

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "agent/doctor/deadline.h"
#include "agent/doctor/finding.h"
#include "agent/doctor/host.h"
#include "agent/doctor/log_ear.h"
#include "agent/doctor/tls.h"
#include "core/time.h"
#include "drivers/mqtt/mqtt_client.h"
#include "drivers/mqtt/mqtt_options.h"

namespace fleet_edge::agent::doctor {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kDns = seconds{3};
constexpr Duration kTcp = seconds{3};
constexpr Duration kTls = seconds{4};
constexpr Duration kLogin = seconds{4};
constexpr milliseconds kLook{50};  // how often the log is looked at for a refusal

Finding Wrong(const std::string& check, const std::string& subject, const char* id,
              std::string what, std::string mend) {
  return {.check = check,
          .subject = subject,
          .verdict = Verdict::kError,
          .id = id,
          .what = std::move(what),
          .mend = std::move(mend)};
}

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

TlsSetup TlsOf(const drivers::MqttOptions& options, const std::string& host) {
  TlsSetup setup{.host = host,
                 .ca_file = options.tls.ca,
                 .certificate_file = options.tls.certificate,
                 // As Paho has it: a key may stand in the certificate's file.
                 .key_file = options.tls.key.empty() ? options.tls.certificate : options.tls.key,
                 .ca_key = "tls.ca",
                 .certificate_key = "tls.certificate",
                 .password_key = "tls.password_file",
                 .security_key = "the scheme of `broker` (mqtt://, mqtts://)"};
  if (!options.tls.password_file.empty()) {
    setup.key_password = FirstLine(options.tls.password_file);
  }
  return setup;
}

/// Whether the broker lets us in; else why not.
std::optional<std::string> WhyNotLetIn(const drivers::MqttOptions& options,
                                       const std::string& speaker, const LogEar& ear,
                                       const Deadline& deadline) {
  drivers::MqttOptions ours = options;
  ours.passing = true;
  std::mutex mutex;
  std::condition_variable changed;
  bool let_in = false;  // guarded by mutex
  drivers::MqttClient client({.options = ours,
                              .client_id = "fleet-edge-doctor-" + std::to_string(::getpid()),
                              .log_name = speaker,
                              .subscriptions = {}},
                             {.on_message = {}, .on_connected = [&] {
                                const std::lock_guard lock(mutex);
                                let_in = true;
                                changed.notify_all();
                              }});
  client.Start();
  const Deadline patience(deadline.AtMost(kLogin));
  std::string why;
  {
    std::unique_lock lock(mutex);
    while (!let_in && !patience.over() && why.empty()) {
      changed.wait_for(lock, kLook, [&] { return let_in; });
      why = ear.Last(speaker);
      why = why.substr(0, why.find("; trying again"));
    }
    if (let_in) why.clear();
    if (!let_in && why.empty()) why = "no answer";
  }
  client.Stop();
  if (why.empty()) return std::nullopt;
  return why;
}

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

Finding JudgeBrokerRefusal(const std::string& check, const std::string& subject,
                           const drivers::MqttOptions& options, const std::string& why) {
  // CONNACK's return codes 4 and 5, MQTT 3.1.1 §3.2.2.3.
  if (Has(why, "[4]") || Has(why, "[5]") || Has(why, "uthori") || Has(why, "user name")) {
    return Wrong(check, subject, "login_refused",
                 options.username.empty() ? "the broker wants a user: " + why
                                          : "the broker refuses " + options.username + ": " + why,
                 "Check username and the first line of password_file, on both sides");
  }
  if (Has(why, "password in")) {
    return Wrong(check, subject, "not_permitted", why,
                 "Put the password on the first line of password_file, readable by the service");
  }
  const char* const id = check == "display"    ? "display_unreachable"
                         : check == "delivery" ? "delivery_refused"
                                               : "driver_silent";
  return Wrong(check, subject, id, "the broker doesn't let us in: " + why,
               "Check that the port is a broker's, and that mqtt:// or mqtts:// is what it speaks");
}

Finding ExamineBroker(const std::string& check, const std::string& subject,
                      const drivers::MqttOptions& options, const LogEar& ear,
                      const Deadline& deadline) {
  const auto place = drivers::ParseBroker(options.broker);
  if (!place) return Skipped(check, subject, "because its address can't be read");
  // Whatever is not done for want of time would look like a fault of the broker's.
  if (deadline.over()) return Skipped(check, subject, "because the time is over");
  for (const std::string& file : {options.password_file, options.tls.ca, options.tls.certificate,
                                  options.tls.key, options.tls.password_file}) {
    if (file.empty() || ::access(file.c_str(), R_OK) == 0) continue;
    return Skipped(check, subject, "because " + file + " can't be read");
  }
  HostPort host{.host = place->host, .port = std::to_string(place->port)};
  if (host.host.starts_with('[')) host.host = host.host.substr(1, host.host.size() - 2);
  const auto addresses = Resolve(host, deadline.AtMost(kDns));
  if (!addresses) {
    return Wrong(check, subject, "name_unknown",
                 "the broker's name " + host.host + " isn't known: " + addresses.error().message,
                 "Check the name in `broker`, and the name server in /etc/resolv.conf");
  }
  const auto socket = Connect(*addresses, deadline.AtMost(kTcp));
  if (!socket) {
    return Wrong(check, subject, "port_closed",
                 "no broker at " + host.text() + ": " + socket.error().message,
                 "Start it (`systemctl start mosquitto`), or mend `broker`");
  }
  if (place->tls) {
    const TlsSetup setup = TlsOf(options, host.host);
    const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
    Finding finding =
        JudgeTls(ShakeHands(*socket, setup, deadline.AtMost(kTls)), setup, host.text(), now)
            .front();
    if (finding.verdict == Verdict::kError) {
      finding.check = check;
      finding.subject = subject;
      return finding;
    }
  }
  if (const auto why = WhyNotLetIn(options, "doctor " + check + " " + subject, ear, deadline)) {
    return JudgeBrokerRefusal(check, subject, options, *why);
  }
  return Well(check, subject, "the broker at " + host.text() + " lets us in");
}

}  // namespace fleet_edge::agent::doctor
