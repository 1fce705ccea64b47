#include "agent/doctor/device_address.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/doctor/deadline.h"
#include "agent/doctor/finding.h"
#include "agent/doctor/host.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/io/tcp_stream.h"
#include "drivers/table.h"

namespace fleet_edge::agent::doctor {
namespace {

constexpr Duration kTcp = std::chrono::seconds{3};

/// Kinds of drivers that can read by TCP.
struct Kind {
  std::string_view name;
  std::uint16_t port;        // where the configuration has none
  const char* address = "";  // where the configuration has none; empty: it reads elsewhere then
  const char* mend;
};

constexpr const char* kMendDevice =
    "Check that the device is on and in this network, and the driver's `address`";

constexpr std::array kKinds{
    Kind{"gpsd", 2947, "127.0.0.1", "Start it (`systemctl start gpsd`), or mend `address`"},
    Kind{"modbus", 502, "", kMendDevice},
    Kind{"nmea", 10110, "", kMendDevice},
    Kind{"obd", 35000, "", kMendDevice},
};

const Kind* KindOf(std::string_view name) {
  const auto* const kind = std::ranges::find(kKinds, name, &Kind::name);
  return kind == kKinds.end() ? nullptr : kind;
}

}  // namespace

std::optional<DeviceAddress> AddressOf(const YamlNode& item) {
  const std::string name(drivers::KindOf(item));
  const Kind* const kind = KindOf(name);
  if (kind == nullptr) return std::nullopt;
  const YamlNode* const options = item.Find(name);
  const YamlNode* const written = options == nullptr ? nullptr : options->Find("address");
  const std::string text = written == nullptr ? kind->address : written->text;
  const auto server = text.empty() ? std::nullopt : drivers::ParseTcpAddress(text, kind->port);
  if (!server) return std::nullopt;
  return DeviceAddress{.kind = name, .server = *server};
}

Finding ExamineAddress(const std::string& driver, const DeviceAddress& address,
                       const Deadline& deadline) {
  const HostPort host{.host = address.server.host, .port = std::to_string(address.server.port)};
  if (deadline.over()) return Skipped("device", driver, "because the time is over");
  std::string why;
  if (const auto addresses = Resolve(host, deadline.AtMost(kTcp)); !addresses) {
    why = addresses.error().message;
  } else if (const auto socket = Connect(*addresses, deadline.AtMost(kTcp)); !socket) {
    why = socket.error().message;
  }
  const std::string subject = driver + " " + host.text();
  if (why.empty()) return Well("device", subject, "takes connections");
  const Kind* const kind = KindOf(address.kind);
  return {.check = "device",
          .subject = subject,
          .verdict = Verdict::kError,
          .id = "port_closed",
          .what = "can't be connected to: " + why,
          .mend = kind == nullptr ? kMendDevice : kind->mend};
}

}  // namespace fleet_edge::agent::doctor
