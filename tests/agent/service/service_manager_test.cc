// The daemon as systemd hears it: the socket of its protocol is the test's own.
#include "agent/service/service_manager.h"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "tests/agent/process.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {
namespace {

/// systemd's end of the socket, which children that are started while it lives find in their
/// environment.
class Listener {
 public:
  explicit Listener(const std::string& path) : socket_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() {
    unsetenv("NOTIFY_SOCKET");
    close(socket_);
  }

  /// What is told until a message has `text` in it; without it after ten seconds.
  std::string Until(std::string_view text) {
    std::string told;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    pollfd polled{.fd = socket_, .events = POLLIN, .revents = 0};
    while (std::chrono::steady_clock::now() < deadline && poll(&polled, 1, 10'000) > 0) {
      std::array<char, 4096> message{};
      const ssize_t size = recv(socket_, message.data(), message.size(), 0);
      if (size > 0) told.append(message.data(), static_cast<std::size_t>(size)) += '\n';
      if (told.find(text) != std::string::npos) break;
    }
    return told;
  }

 private:
  const int socket_;
};

bool Has(const std::string& told, std::string_view what) {
  return told.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE(
    "ServiceManager: without a hub or a broker the agent is ready, alive, reloads and stops") {
  const TempFolder folder;
  Listener systemd(folder.Path("notify"));
  folder.Write("rules.yaml",
               "groups:\n- name: a\n  rules:\n  - {alert: X, expr: engine_rpm > 9000}\n");
  const std::string config = folder.Write(
      "edge.yaml",
      "vehicle: {id: tanker-1}\ndrivers:\n  - mqtt: {broker: mqtt://127.0.0.1:1, topics: [{filter: "
      "a, signal: engine_rpm, codec: value}]}\nrules: [rules.yaml]\noutbox: {directory: " +
          folder.Path("outbox") +
          "}\nhttp: {listen: \"\"}\nuplink: {kafka: {bootstrap.servers: 127.0.0.1:1}}\n");
  Process agent({"run", "-c", config});
  const std::string start = systemd.Until("READY=1");
  CAPTURE(agent.err());
  CHECK(Has(start, "READY=1"));
  const std::string life = systemd.Until("WATCHDOG=1");
  CHECK(Has(life, "STATUS=The hub is "));
  CHECK(Has(life, " records wait for it."));

  agent.Signal(SIGHUP);
  const std::string reload = systemd.Until("READY=1");
  CHECK(reload.find("RELOADING=1\nMONOTONIC_USEC=") < reload.find("READY=1"));

  agent.Signal(SIGTERM);
  CHECK(Has(systemd.Until("STOPPING=1"), "STOPPING=1"));
  CHECK(agent.Wait() == 0);
}

}  // namespace fleet_edge::agent
