#include "agent/http/http_server.h"

#include <doctest/doctest.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/file_descriptor.h"

namespace fleet_edge::agent {
namespace {

constexpr std::string_view kGetHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view kGetNews = "GET /news HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A client that gives up after a minute.
class Client {
 public:
  explicit Client(const std::string& address) {
    const auto colon = address.rfind(':');
    std::string host = address.substr(0, colon);
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    REQUIRE(::getaddrinfo(host.c_str(), address.substr(colon + 1).c_str(), &hints, &found) == 0);
    socket_ = FileDescriptor(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval minute{.tv_sec = 60, .tv_usec = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof(minute));
    const int connected = ::connect(socket_.get(), found->ai_addr, found->ai_addrlen);
    ::freeaddrinfo(found);
    REQUIRE(connected == 0);
  }

  /// False when the server is gone.
  bool Send(std::string_view text) const {
    return ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }

  /// The answer to its end, or what comes before `stop` inclusive.
  std::string Read(std::string_view stop = {}) const {
    std::string answer;
    std::array<char, 4096> bytes{};
    ssize_t size = 0;
    while ((stop.empty() || answer.find(stop) == std::string::npos) &&
           (size = ::recv(socket_.get(), bytes.data(), bytes.size(), 0)) > 0) {
      answer.append(bytes.data(), static_cast<std::size_t>(size));
    }
    return answer;
  }

  void HalfClose() const { ::shutdown(socket_.get(), SHUT_WR); }

 private:
  FileDescriptor socket_;
};

/// A server at work on a port of its own.
class World {
 public:
  explicit World(const std::string& listen = "127.0.0.1:0")
      : server(Open(listen, clock)),
        thread_([this](const std::stop_token& stop) { server->Run(stop); }) {}

  static std::unique_ptr<HttpServer> Open(const std::string& listen, const Clock& clock) {
    auto opened = HttpServer::Open({.listen = listen}, clock);
    if (!opened) FAIL(opened.error().message);
    std::unique_ptr<HttpServer> server = std::move(*opened);
    server->AddPage("/hello", [](const HttpRequest& request) {
      return HttpResponse{.body = "hello " + request.query};
    });
    server->AddPage("/long", [](const HttpRequest&) {
      return HttpResponse{.body = std::string(20'000'000, 'x')};  // more than sockets buffer
    });
    server->AddStream("/news", [](const HttpRequest&) {
      return [n = 0]() mutable { return "data: " + std::to_string(n++) + "\n\n"; };
    });
    server->AddStream("/silence", [](const HttpRequest&) { return [] { return std::string(); }; });
    return server;
  }

  std::string Ask(std::string_view request) const {
    const Client client(server->address());
    REQUIRE(client.Send(request));
    return client.Read();
  }

  void Stop() {
    thread_.request_stop();
    thread_.join();
  }

  HandClock clock;
  const std::unique_ptr<HttpServer> server;

 private:
  std::jthread thread_;
};

}  // namespace

TEST_CASE("HttpServer: a page is answered, by IPv4 and IPv6, and HEAD has its length alone") {
  for (const char* const listen : {"127.0.0.1:0", "localhost:0", "[::1]:0"}) {
    CAPTURE(listen);
    const World world(listen);
    const std::string answer = world.Ask("GET /hello?world HTTP/1.1\r\nHost: [::1]:80\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(answer.ends_with("\r\n\r\nhello world"));
    const std::string head = world.Ask("HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(head.find("Content-Length: 6\r\n") != std::string::npos);
    CHECK(head.ends_with("\r\n\r\n"));
  }
}

TEST_CASE("HttpServer: a request in pieces, a client that only listens on, and a long answer") {
  const World world;
  const Client slow(world.server->address());
  for (const char byte : kGetHello) REQUIRE(slow.Send(std::string_view(&byte, 1)));
  slow.HalfClose();
  CHECK(slow.Read().ends_with("hello "));
  CHECK(world.Ask("GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n").size() > 20'000'000);
}

TEST_CASE("HttpServer: what is not there, not allowed, not ours or too long is told so") {
  const World world;
  const auto status = [&](std::string_view request) { return world.Ask(request).substr(9, 3); };
  CHECK(status("GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n") == "404");
  CHECK(status("GET /hello/../hello HTTP/1.1\r\nHost: localhost\r\n\r\n") == "404");
  CHECK(status("POST /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc") == "405");
  CHECK(status("GET /hello HTTP/1.1\r\nHost: rebound.example\r\n\r\n") == "421");
  CHECK(status("GET /news HTTP/1.1\r\nHost: rebound.example\r\n\r\n") == "421");
  CHECK(status("GET /hello HTTP/1.1\r\nHost: localhost\r\nA: " + std::string(9000, 'a')) == "431");
  CHECK(status("\r\n\r\n") == "400");
}

TEST_CASE(
    "HttpServer: a client that drips its request is dropped, and others are served meanwhile") {
  World world;
  const Client dripping(world.server->address());
  REQUIRE(dripping.Send("GET /he"));
  CHECK(world.Ask(kGetHello).ends_with("hello "));
  world.clock.Advance(HttpConnection::kRequestWithin);
  CHECK(dripping.Read().empty());
}

TEST_CASE("HttpServer: a client that takes nothing of its answer is dropped") {
  World world;
  const Client lazy(world.server->address());
  REQUIRE(lazy.Send("GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  CHECK(lazy.Read("\r\n\r\n").starts_with("HTTP/1.1 200"));
  world.clock.Advance(HttpConnection::kTakeWithin);
  CHECK(world.Ask(kGetHello).ends_with("hello "));  // the server has looked at all by then
  CHECK(lazy.Read().size() < 20'000'000);
}

TEST_CASE("HttpServer: more clients than it takes wait until one leaves") {
  World world;
  std::vector<std::unique_ptr<Client>> idle;
  for (std::size_t i = 0; i < HttpServer::kMaxClients; ++i) {
    idle.push_back(std::make_unique<Client>(world.server->address()));
  }
  const Client late(world.server->address());
  REQUIRE(late.Send(kGetHello));
  idle.clear();
  CHECK(late.Read().ends_with("hello "));
}

TEST_CASE("HttpServer: a stream tells its events as time goes, each client its own") {
  World world;
  const Client first(world.server->address());
  REQUIRE(first.Send(kGetNews));
  CHECK(first.Read("data: 0\n\n").find("Content-Type: text/event-stream\r\n") != std::string::npos);
  world.clock.Advance(HttpConnection::kEventsEvery);
  CHECK(first.Read("data: 1\n\n").ends_with("data: 1\n\n"));
  const Client second(world.server->address());
  REQUIRE(second.Send(kGetNews));
  CHECK(second.Read("data: 0\n\n").ends_with("data: 0\n\n"));
}

TEST_CASE("HttpServer: a stream without news beats, and lasts") {
  World world;
  const Client client(world.server->address());
  REQUIRE(client.Send("GET /silence HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  CHECK(client.Read("\r\n\r\n").ends_with("\r\n\r\n"));
  for (int beat = 0; beat < 3; ++beat) {
    world.clock.Advance(HttpConnection::kBeatEvery / 2);
    CHECK(world.Ask(kGetHello).ends_with("hello "));
    world.clock.Advance(HttpConnection::kBeatEvery / 2);
    CHECK(client.Read(":\n\n") == ":\n\n");
  }
}

TEST_CASE("HttpServer: beyond eight streams the answer is 503; one that leaves makes room") {
  World world;
  std::vector<std::unique_ptr<Client>> clients;
  for (std::size_t i = 0; i < HttpServer::kMaxStreams; ++i) {
    clients.push_back(std::make_unique<Client>(world.server->address()));
    REQUIRE(clients.back()->Send(kGetNews));
    CHECK(clients.back()->Read("data: 0\n\n").starts_with("HTTP/1.1 200"));
  }
  CHECK(world.Ask(kGetNews).starts_with("HTTP/1.1 503"));
  CHECK(world.Ask(kGetHello).starts_with("HTTP/1.1 200"));
  clients.pop_back();
  const Client late(world.server->address());
  std::string answer;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes{1};
  while (!answer.starts_with("HTTP/1.1 200") && std::chrono::steady_clock::now() < deadline) {
    const Client again(world.server->address());
    REQUIRE(again.Send(kGetNews));
    answer = again.Read("\r\n\r\n");
  }
  CHECK(answer.starts_with("HTTP/1.1 200"));
}

TEST_CASE("HttpServer: a stop ends every connection within a second") {
  World world;
  const Client dripping(world.server->address());
  const Client stream(world.server->address());
  REQUIRE(dripping.Send("GET /"));
  REQUIRE(stream.Send(kGetNews));
  CHECK(stream.Read("data: 0\n\n").starts_with("HTTP/1.1 200"));
  const auto before = std::chrono::steady_clock::now();
  world.Stop();
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{1});
  CHECK(stream.Read().empty());
  CHECK(dripping.Read().empty());
}

TEST_CASE(
    "HttpServer: a port that is taken and an address of elsewhere are errors that name both") {
  const World world;
  const auto taken = HttpServer::Open({.listen = world.server->address()}, world.clock);
  REQUIRE_FALSE(taken);
  CHECK(taken.error().message.find(world.server->address()) != std::string::npos);
  CHECK(taken.error().message.find("Another program has this port") != std::string::npos);
  CHECK_FALSE(HttpServer::Open({.listen = "192.0.2.1:9150"}, world.clock));
  CHECK_FALSE(HttpServer::Open({.listen = "nowhere"}, world.clock));
}

}  // namespace fleet_edge::agent
