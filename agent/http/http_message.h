#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleet_edge::agent {

/// What a client asks, as far as this agent reads it: no body, no cookies. A value.
struct HttpRequest {
  bool head = false;   ///< HEAD: the answer without its body
  std::string path;    ///< `/metrics`, as it was sent: nothing in it is decoded
  std::string query;   ///< after `?`
  std::string accept;  ///< Accept, or empty
};

/// What is answered. A value.
struct HttpResponse {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";  ///< Content-Type
  std::string body{};
};

/// A request's head ends with an empty line; beyond this size it is refused.
inline constexpr std::size_t kMaxHttpHead = 8192;

/// A request, or why it is none.
struct ParsedHttpRequest {
  std::optional<HttpRequest> request;
  HttpResponse refusal;  ///< the answer where there is no request
};

/// Reads a request's head, its empty line included. Taken are GET and HEAD, addressed to this
/// machine: Host is an address, `localhost`, or one of `names`. So a page of elsewhere whose name
/// was pointed at this machine (DNS rebinding) reads nothing.
ParsedHttpRequest ParseHttpRequest(std::string_view head, const std::vector<std::string>& names);

/// The head of `response`, with what forbids a browser to load, run or frame anything of elsewhere.
/// Without `length` the body lasts until the connection closes.
std::string HttpHead(const HttpResponse& response, std::optional<std::size_t> length);

}  // namespace fleet_edge::agent
