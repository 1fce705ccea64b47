#include "simulators/interfaces/gpsd_device.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "core/time.h"
#include "simulators/interfaces/gpsd_report.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/tcp_server.h"

namespace fleet_edge::simulators {
namespace {

constexpr std::chrono::milliseconds kPatience{500};
constexpr std::string_view kReceiver = "/dev/ttyACM0";

}  // namespace

std::string GpsdDevice::Configuration() const {
  return "gpsd:\n  address: 127.0.0.1:" + std::to_string(server_.port()) + "\n";
}

bool GpsdDevice::attended() const {
  return std::ranges::any_of(server_.clients(), &TcpServer::Client::watches);
}

void GpsdDevice::Plug(const Moment& /*moment*/) { server_.Plug(); }

void GpsdDevice::Unplug(const Moment& moment) {
  server_.Unplug(kPatience);
  voice_.DoubtLast(moment.now);
}

void GpsdDevice::Turn(const Moment& moment) {
  server_.Turn();
  for (TcpServer::Client& client : server_.clients()) {
    if (!std::exchange(client.greeted, true)) client.out += GpsdVersion();
    for (std::size_t end = 0; (end = client.in.find(';')) != std::string::npos;) {
      Answer(std::string_view(client.in).substr(0, end), client, moment);
      client.in.erase(0, end + 1);
    }
  }
  if (!attended() || !schedule_.Due(moment.seconds)) return;
  const auto time = UtcTime(std::chrono::floor<std::chrono::milliseconds>(moment.now));
  const std::string report =
      GpsdSky(kReceiver, moment.state.gnss, time) + GpsdTpv(kReceiver, moment.state.gnss, time);
  for (TcpServer::Client& client : server_.clients()) {
    if (client.watches) client.out += report;
  }
  server_.Turn();
  voice_.Say(AsGpsdTells(moment.state.gnss), time);
}

void GpsdDevice::Answer(std::string_view request, TcpServer::Client& client, const Moment& moment) {
  while (!request.empty() && request.front() != '?') request.remove_prefix(1);
  if (request.starts_with("?WATCH")) {
    client.watches = request.find("\"enable\":false") == std::string_view::npos;
    client.out += GpsdDevices(kReceiver, moment.now) + GpsdWatch(client.watches);
  } else if (request == "?VERSION") {
    client.out += GpsdVersion();
  } else if (request == "?DEVICES") {
    client.out += GpsdDevices(kReceiver, moment.now);
  } else {
    client.out += GpsdError("Unrecognized request '" + std::string(request) + "'");
  }
}

}  // namespace fleet_edge::simulators
