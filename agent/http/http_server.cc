#include "agent/http/http_server.h"

#include <netdb.h>
#include <sys/poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/http/http_connection.h"
#include "agent/http/http_message.h"
#include "core/clock.h"
#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/section.h"
#include "core/stop_event.h"

namespace fleet_edge::agent {
namespace {

constexpr int kWaiting = 16;  // clients, in the kernel's queue
constexpr int kRestMs = 100;
constexpr auto kLookMs = static_cast<int>(
    std::chrono::duration_cast<std::chrono::milliseconds>(HttpConnection::kEventsEvery).count());

struct Place {
  std::string host;
  std::string port;
};

/// `127.0.0.1:9150`, `[::1]:9150`, `localhost:0`.
std::optional<Place> ParsePlace(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;  // an IPv6 address without brackets ends who knows where
  }
  if (host == "localhost") host = "127.0.0.1";
  return Place{.host = std::string(host), .port = std::string(text.substr(colon + 1))};
}

using Found = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

/// By the numbers alone. Null when it is no address with a port.
Found Resolve(const std::optional<Place>& place) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (!place || place->host.empty() || place->port.empty() ||
      ::getaddrinfo(place->host.c_str(), place->port.c_str(), &hints, &found) != 0) {
    found = nullptr;
  }
  return {found, &::freeaddrinfo};
}

std::string AddressOf(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  auto* const generic = reinterpret_cast<sockaddr*>(&address);  // as getsockname(2) asks
  ::getsockname(socket, generic, &size);
  ::getnameinfo(generic, size, host.data(), host.size(), port.data(), port.size(),
                NI_NUMERICHOST | NI_NUMERICSERV);
  const std::string name = host.data();
  return (name.find(':') == std::string::npos ? name : "[" + name + "]") + ":" + port.data();
}

Error Failure(const std::string& listen, int number) {
  const char* const mend = number == EADDRINUSE ? "Another program has this port: choose another"
                                                : "Write an address of this machine";
  return {Error::Code::kRetry, "http.listen: " + listen + ": " + std::strerror(number) + ". " +
                                   mend + ", or \"\" for none"};
}

std::string Whole(const HttpResponse& response, bool head) {
  std::string text = HttpHead(response, response.body.size());
  if (!head) text += response.body;
  return text;
}

}  // namespace

void Describe(Section& section, HttpConfig& http) {
  section.Key("listen", http.listen,
              "Address and port of the metrics and the status page: `127.0.0.1:9150` for this "
              "machine, `0.0.0.0:9150` or `[::]:9150` for whoever reaches it: there is no "
              "password. `\"\"`: none.");
  section.Key("names", http.names,
              "Names under which browsers may ask, besides addresses and localhost: "
              "`[tanker-17.local]`.");
  section.Key(
      "signals", http.signals,
      "`true`: the metrics tell the last value of every signal, of 512 at most. The hub has "
      "them all without it, and each costs the link to who stores metrics.");
  if (!http.listen.empty() && Resolve(ParsePlace(http.listen)) == nullptr) {
    section.Fail("listen", "'" + http.listen + "' is no address with a port",
                 "Write `127.0.0.1:9150` or `[::1]:9150`; names other than localhost can't be "
                 "listened on");
  }
}

HttpServer::HttpServer(FileDescriptor listener, std::string address, std::vector<std::string> names,
                       const Clock& clock)
    : listener_(std::move(listener)),
      address_(std::move(address)),
      names_(std::move(names)),
      clock_(clock) {}

Result<std::unique_ptr<HttpServer>> HttpServer::Open(const HttpConfig& config, const Clock& clock) {
  const Found found = Resolve(ParsePlace(config.listen));
  if (found == nullptr) return Failure(config.listen, EINVAL);
  FileDescriptor listener(
      ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
  if (!listener) return Failure(config.listen, errno);
  const int on = 1;
  // NOLINTNEXTLINE(misc-include-cleaner): POSIX has both names in sys/socket.h
  (void)::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (::bind(listener.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(listener.get(), kWaiting) != 0) {
    return Failure(config.listen, errno);
  }
  std::string address = AddressOf(listener.get());
  return std::unique_ptr<HttpServer>(
      new HttpServer(std::move(listener), std::move(address), config.names, clock));
}

void HttpServer::Run(const std::stop_token& stop) {
  const StopEvent stopped(stop);
  std::vector<pollfd> events;
  while (!stop.stop_requested()) {
    events.assign({{.fd = stopped.fd(), .events = POLLIN, .revents = 0},
                   {.fd = clients_.size() < kMaxClients ? listener_.get() : -1,
                    .events = POLLIN,
                    .revents = 0}});
    for (const auto& client : clients_) {
      events.push_back({.fd = client->fd(), .events = client->wanted(), .revents = 0});
    }
    if (::poll(events.data(), events.size(), clients_.empty() ? -1 : kLookMs) < 0) continue;
    for (std::size_t i = 0; i < clients_.size(); ++i) Serve(*clients_[i], events[i + 2].revents);
    std::erase_if(clients_,
                  [now = clock_.Boot()](const auto& client) { return client->over(now); });
    if (events[1].revents != 0 && !Accept()) {
      ::poll(events.data(), 1, kRestMs);  // no file descriptor is left, perhaps
    }
  }
  clients_.clear();
}

bool HttpServer::Accept() {
  FileDescriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket) return false;
  clients_.push_back(std::make_unique<HttpConnection>(std::move(socket), clock_.Boot()));
  return true;
}

void HttpServer::Serve(HttpConnection& client, int events) {
  if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) {
    if (const auto head = client.Read()) Answer(client, *head);
  }
  client.Write(clock_.Boot());
}

void HttpServer::Answer(HttpConnection& client, std::string_view head) {
  if (head.size() > kMaxHttpHead) {
    const HttpResponse refusal{.status = 431, .body = "The request is too long\n"};
    return client.Send(Whole(refusal, false), clock_.Boot());
  }
  const ParsedHttpRequest parsed = ParseHttpRequest(head, names_);
  if (!parsed.request) return client.Send(Whole(parsed.refusal, false), clock_.Boot());
  const HttpRequest& request = *parsed.request;
  if (const auto stream = streams_.find(request.path); stream != streams_.end()) {
    return OpenStream(client, request, stream->second);
  }
  const auto page = pages_.find(request.path);
  const HttpResponse response =
      page != pages_.end() ? page->second(request)
                           : HttpResponse{.status = 404, .body = "There is no such page\n"};
  client.Send(Whole(response, request.head), clock_.Boot());
}

void HttpServer::OpenStream(HttpConnection& client, const HttpRequest& request,
                            const Stream& stream) {
  const auto streams =
      std::ranges::count_if(clients_, [](const auto& connection) { return connection->streams(); });
  if (static_cast<std::size_t>(streams) >= kMaxStreams) {
    const HttpResponse refusal{.status = 503, .body = "Too many are looking already\n"};
    return client.Send(Whole(refusal, request.head), clock_.Boot());
  }
  const std::string head = HttpHead({.type = "text/event-stream"}, std::nullopt);
  if (request.head) return client.Send(head, clock_.Boot());
  client.Stream(head, stream(request), clock_.Boot());
}

}  // namespace fleet_edge::agent
