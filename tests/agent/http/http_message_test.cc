#include "agent/http/http_message.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace fleet_edge::agent {
namespace {

const std::vector<std::string> kNames = {"tanker-17.local"};

ParsedHttpRequest Parse(std::string_view first, std::string_view headers = "Host: 127.0.0.1\r\n") {
  return ParseHttpRequest(std::string(first) + "\r\n" + std::string(headers) + "\r\n", kNames);
}

int StatusOf(std::string_view first, std::string_view headers = "Host: 127.0.0.1\r\n") {
  const ParsedHttpRequest parsed = Parse(first, headers);
  return parsed.request ? 200 : parsed.refusal.status;
}

}  // namespace

TEST_CASE("HttpMessage: a request is its method, path, query and what it accepts") {
  const auto parsed =
      Parse("HEAD /metrics?name=a%20b&x HTTP/1.1",
            "hOsT:127.0.0.1:9150\r\nAccept: text/plain\r\nX: y\r\nACCEPT:\t*/*;q=0.1 \r\n");
  REQUIRE(parsed.request);
  CHECK(parsed.request->head);
  CHECK(parsed.request->path == "/metrics");
  CHECK(parsed.request->query == "name=a%20b&x");
  CHECK(parsed.request->accept == "text/plain, */*;q=0.1");
  const auto plain = Parse("GET / HTTP/1.0");
  REQUIRE(plain.request);
  CHECK_FALSE(plain.request->head);
  CHECK(plain.request->query.empty());
}

TEST_CASE("HttpMessage: nothing can be changed by HTTP") {
  for (const char* const method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "G"}) {
    CAPTURE(method);
    CHECK(StatusOf(std::string(method) + " / HTTP/1.1") == 405);
  }
  CHECK(HttpHead({.status = 405}, 0).find("\r\nAllow: GET, HEAD\r\n") != std::string::npos);
}

TEST_CASE("HttpMessage: what is no request is refused") {
  for (const char* const first :
       {"", " ", "GET", "GET /", "GET / HTTP/2.0", "GET  HTTP/1.1", "GET a HTTP/1.1",
        "GET http://a/ HTTP/1.1", "GET / a HTTP/1.1", "GET /\x01 HTTP/1.1", "\x16\x03\x01"}) {
    CAPTURE(first);
    CHECK(StatusOf(first) == 400);
  }
  for (const char* const headers :
       {"", "Host\r\n", ": a\r\n", "Host: 127.0.0.1\r\n folded: a\r\n", "Host : 127.0.0.1\r\n",
        "Host: 127.0.0.1\r\nHost: 127.0.0.1\r\n", "Host: 127.0.0.1\r\nA: \x02\r\n"}) {
    CAPTURE(headers);
    CHECK(StatusOf("GET / HTTP/1.1", headers) == 400);
  }
}

TEST_CASE(
    "HttpMessage: only a request to this machine is answered, not one to a name made for it") {
  for (const char* const host : {"127.0.0.1", "127.0.0.1:9150", "[::1]", "[fe80::1]:9150",
                                 "10.20.30.40", "localhost:9150", "LocalHost", "Tanker-17.local"}) {
    CAPTURE(host);
    CHECK(StatusOf("GET / HTTP/1.1", "Host: " + std::string(host) + "\r\n") == 200);
  }
  for (const char* const host : {"rebound.example", "rebound.example:9150", "127.0.0.1.example",
                                 "localhost.example", "[", "[]", "", ":9150", "tanker-17"}) {
    CAPTURE(host);
    CHECK(StatusOf("GET / HTTP/1.1", "Host: " + std::string(host) + "\r\n") == 421);
  }
}

TEST_CASE("HttpMessage: every answer forbids what a page could be misused for") {
  for (const int status : {200, 404, 421}) {
    const std::string head = HttpHead({.status = status}, 3);
    for (const char* const guard :
         {"default-src 'none'", "frame-ancestors 'none'", "X-Content-Type-Options: nosniff",
          "Referrer-Policy: no-referrer", "Cache-Control: no-store", "Content-Length: 3",
          "Connection: close"}) {
      CAPTURE(guard);
      CHECK(head.find(guard) != std::string::npos);
    }
    CHECK(head.find("Access-Control") == std::string::npos);
    CHECK(head.ends_with("\r\n\r\n"));
  }
  CHECK(HttpHead({}, {}).find("Content-Length") == std::string::npos);
}

}  // namespace fleet_edge::agent
