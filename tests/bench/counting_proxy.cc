#include "tests/bench/counting_proxy.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace fleet_edge {
namespace {

constexpr int kLookForStopMs = 50;
constexpr std::size_t kChunk = 65'536;
constexpr std::size_t kLengthBytes = 4;               // before each request
constexpr std::size_t kHeadBytes = kLengthBytes + 2;  // … and the kind
constexpr int kProduce = 0;

sockaddr_in Local(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int Socket() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "socket");
  constexpr int kOn = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
  return fd;
}

bool SendAll(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

std::string BigEndian(int port) {
  const std::uint32_t number = htonl(static_cast<std::uint32_t>(port));
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

}  // namespace

struct CountingProxy::Link {
  int client;
  int broker;
  std::string head;      // what has come of the next request's length and kind
  std::size_t rest = 0;  // bytes of the current request that are still to come
  bool is_produce = false;

  Link(int client_fd, int broker_fd) : client(client_fd), broker(broker_fd) {}
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link() {
    close(client);
    close(broker);
  }
};

CountingProxy::CountingProxy(const std::string& broker)
    : broker_port_(std::stoi(broker.substr(broker.rfind(':') + 1))), listener_(Socket()) {
  sockaddr_in address = Local(0);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 8) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::system_error(errno, std::generic_category(), "can't listen on 127.0.0.1");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

CountingProxy::~CountingProxy() {
  thread_.request_stop();
  thread_.join();
  close(listener_);
}

std::string CountingProxy::address() const { return "127.0.0.1:" + std::to_string(port_); }

CountingProxy::Counts CountingProxy::produce() const {
  const std::scoped_lock lock(mutex_);
  return produce_;
}

CountingProxy::Counts CountingProxy::others() const {
  const std::scoped_lock lock(mutex_);
  return others_;
}

void CountingProxy::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<pollfd> ready{{.fd = listener_, .events = POLLIN, .revents = 0}};
    for (const auto& link : links_) {
      ready.push_back({.fd = link->client, .events = POLLIN, .revents = 0});
      ready.push_back({.fd = link->broker, .events = POLLIN, .revents = 0});
    }
    if (poll(ready.data(), ready.size(), kLookForStopMs) <= 0) continue;
    std::deque<std::unique_ptr<Link>> open;
    for (std::size_t i = 0; i < links_.size(); ++i) {
      bool is_open = true;
      if (ready[2 * i + 1].revents != 0) is_open = Forward(*links_[i], true);
      if (is_open && ready[2 * i + 2].revents != 0) is_open = Forward(*links_[i], false);
      if (is_open) open.push_back(std::move(links_[i]));
    }
    links_ = std::move(open);
    if (ready[0].revents != 0) Accept();
  }
}

void CountingProxy::Accept() {
  const int client = accept(listener_, nullptr, nullptr);
  if (client < 0) return;
  auto link = std::make_unique<Link>(client, Socket());
  const sockaddr_in broker = Local(broker_port_);
  if (connect(link->broker, reinterpret_cast<const sockaddr*>(&broker), sizeof broker) == 0) {
    links_.push_back(std::move(link));
  }
}

bool CountingProxy::Forward(Link& link, bool upward) {
  std::array<char, kChunk> chunk{};
  const ssize_t got = recv(upward ? link.client : link.broker, chunk.data(), chunk.size(), 0);
  if (got <= 0) return false;
  std::string bytes(chunk.data(), static_cast<std::size_t>(got));
  if (upward) {
    Count(link, bytes.data(), bytes.size());
  } else {
    const std::string host = "127.0.0.1";
    const std::string said = host + BigEndian(broker_port_);
    const std::string ours = host + BigEndian(port_);
    for (std::size_t at = bytes.find(said); at != std::string::npos; at = bytes.find(said, at)) {
      bytes.replace(at, ours.size(), ours);
    }
  }
  return SendAll(upward ? link.broker : link.client, bytes.data(), bytes.size());
}

void CountingProxy::Count(Link& link, const char* data, std::size_t size) {
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = 0; i < size; ++i) {
    if (link.rest == 0) {
      link.head.push_back(data[i]);
      if (link.head.size() < kHeadBytes) continue;
      std::uint32_t length = 0;
      std::memcpy(&length, link.head.data(), kLengthBytes);
      link.is_produce = link.head[4] == 0 && link.head[5] == kProduce;
      link.rest = ntohl(length) - (kHeadBytes - kLengthBytes);
      Counts& counts = link.is_produce ? produce_ : others_;
      ++counts.requests;
      counts.bytes += kLengthBytes + ntohl(length);
      link.head.clear();
    } else {
      --link.rest;
    }
  }
}

}  // namespace fleet_edge
