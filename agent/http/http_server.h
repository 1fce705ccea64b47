#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "agent/http/http_connection.h"
#include "agent/http/http_message.h"
#include "core/clock.h"
#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/section.h"

namespace fleet_edge::agent {

/// Where the agent is looked at by HTTP.
struct HttpConfig {
  std::string listen = "127.0.0.1:9150";  ///< empty: nowhere
  std::vector<std::string> names{};       ///< that a request may be addressed to, besides addresses
  bool signals = false;                   ///< metrics tell the last value of each signal
};

void Describe(Section& section, HttpConfig& http);

/// Shows the agent by HTTP/1.1, for reading only: pages, made when they are asked for, and streams
/// of server-sent events, which last until the client goes.
///
/// Owned by App. Routes are added before Run(), which is called once, on a thread of its own that
/// serves all clients. What the routes call runs on it, one at a time, and must be done within
/// milliseconds.
class HttpServer {
 public:
  using Page = std::function<HttpResponse(const HttpRequest&)>;
  /// Called for each client of a stream. The Events that it returns live as long as the client
  /// stays and are asked every HttpConnection::kEventsEvery: `event: alert\ndata: {…}\n\n`, or
  /// nothing. While a client hasn't taken the last ones they aren't asked.
  using Stream = std::function<HttpConnection::Events(const HttpRequest&)>;

  static constexpr std::size_t kMaxClients = 32;  ///< others wait in the kernel's queue
  static constexpr std::size_t kMaxStreams = 8;   ///< for others the answer is 503

  /// Listens; port 0 takes any that is free. `clock` outlives this. Errors: kRetry, with the
  /// address, the reason and the mend.
  static Result<std::unique_ptr<HttpServer>> Open(const HttpConfig& config, const Clock& clock);

  void AddPage(std::string path, Page page) { pages_[std::move(path)] = std::move(page); }
  void AddStream(std::string path, Stream stream) { streams_[std::move(path)] = std::move(stream); }

  /// `127.0.0.1:9150`, `[::1]:9150`: with the port that was taken.
  const std::string& address() const { return address_; }

  /// Serves until `stop`, which ends all connections at once.
  void Run(const std::stop_token& stop);

 private:
  HttpServer(FileDescriptor listener, std::string address, std::vector<std::string> names,
             const Clock& clock);

  bool Accept();
  void Serve(HttpConnection& client, int events);
  void Answer(HttpConnection& client, std::string_view head);
  void OpenStream(HttpConnection& client, const HttpRequest& request, const Stream& stream);

  const FileDescriptor listener_;
  const std::string address_;
  const std::vector<std::string> names_;
  const Clock& clock_;
  std::map<std::string, Page> pages_;
  std::map<std::string, Stream> streams_;
  std::vector<std::unique_ptr<HttpConnection>> clients_;
};

}  // namespace fleet_edge::agent
