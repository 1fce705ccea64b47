#include "agent/http/http_message.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleet_edge::agent {
namespace {

/// A page has scripts and styles of its own alone, and is shown in nobody's frame.
constexpr std::string_view kGuards =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cache-Control: no-store\r\n";

ParsedHttpRequest Refuse(int status, std::string why) {
  return {.request = {}, .refusal = {.status = status, .body = std::move(why) + "\n"}};
}

std::string_view Reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 421:
      return "Misdirected Request";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool SameName(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, Lower, Lower);
}

std::string_view Trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// `[::1]:9150` → `::1`, `10.0.0.5:9150` → `10.0.0.5`.
std::string HostOnly(std::string_view host) {
  if (host.starts_with('[')) return std::string(host.substr(1, host.find(']') - 1));
  return std::string(host.substr(0, host.find(':')));
}

bool IsAddress(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return ::inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

bool IsOurs(std::string_view value, const std::vector<std::string>& names) {
  const std::string host = HostOnly(value);
  return IsAddress(host) || SameName(host, "localhost") ||
         std::ranges::any_of(names, [&](const std::string& name) { return SameName(host, name); });
}

/// Takes the next line, without its end, off `text`.
std::string_view TakeLine(std::string_view& text) {
  const auto end = text.find("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  return line;
}

bool HasControls(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
  });
}

struct Headers {
  std::vector<std::string_view> hosts;
  std::string accept;
};

/// Those that matter. Nothing when one is malformed.
std::optional<Headers> TakeHeaders(std::string_view head) {
  Headers headers;
  while (!head.empty()) {
    const std::string_view line = TakeLine(head);
    if (line.empty()) continue;
    const auto colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (colon == std::string_view::npos || name.empty() || HasControls(line) ||
        name.find(' ') != std::string_view::npos) {
      return std::nullopt;
    }
    const std::string_view value = Trim(line.substr(colon + 1));
    if (SameName(name, "host")) headers.hosts.push_back(value);
    if (!SameName(name, "accept")) continue;
    if (!headers.accept.empty()) headers.accept += ", ";
    headers.accept += value;
  }
  return headers;
}

}  // namespace

ParsedHttpRequest ParseHttpRequest(std::string_view head, const std::vector<std::string>& names) {
  const std::string_view first = TakeLine(head);
  const auto method_end = first.find(' ');
  const auto target_end = first.rfind(' ');
  if (target_end == method_end || HasControls(first) ||
      !first.substr(target_end + 1).starts_with("HTTP/1.")) {
    return Refuse(400, "This is no request of HTTP/1.1");
  }
  const std::string_view method = first.substr(0, method_end);
  const std::string_view target = first.substr(method_end + 1, target_end - method_end - 1);
  if (method != "GET" && method != "HEAD") {
    return Refuse(405, "This agent is looked at and not changed from here: GET or HEAD");
  }
  if (!target.starts_with('/') || target.find(' ') != std::string_view::npos) {
    return Refuse(400, "The target is no path");
  }
  const auto question = std::min(target.find('?'), target.size());
  HttpRequest request{.head = method == "HEAD",
                      .path = std::string(target.substr(0, question)),
                      .query = std::string(target.substr(std::min(question + 1, target.size()))),
                      .accept = {}};
  const std::optional<Headers> headers = TakeHeaders(head);
  if (!headers) return Refuse(400, "A header is no `name: value`");
  if (headers->hosts.size() != 1) return Refuse(400, "Host must be said, and once");
  if (!IsOurs(headers->hosts.front(), names)) {
    return Refuse(421,
                  "This machine doesn't know itself by that name. Use its address, or add the name "
                  "to http.names");
  }
  request.accept = headers->accept;
  return {.request = std::move(request), .refusal = {}};
}

std::string HttpHead(const HttpResponse& response, std::optional<std::size_t> length) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(Reason(response.status)).append("\r\n");
  head += "Content-Type: " + response.type + "\r\n";
  if (length) head += "Content-Length: " + std::to_string(*length) + "\r\n";
  if (response.status == 405) head += "Allow: GET, HEAD\r\n";
  if (response.status == 503) head += "Retry-After: 10\r\n";
  head.append(kGuards).append("Connection: close\r\n\r\n");
  return head;
}

}  // namespace fleet_edge::agent
