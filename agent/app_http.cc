// What App shows by HTTP; app_view.cc says what it is made from.

#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

#include "agent/app.h"
#include "agent/http_server.h"

namespace fleet_edge::agent {

std::unique_ptr<HttpServer> App::MakeHttp() {
  if (config_.http.listen.empty()) return nullptr;
  auto opened = HttpServer::Open(config_.http, clock_);
  if (!opened) {
    spdlog::warn("{}. The agent works, but can't be looked at by HTTP", opened.error().message);
    return nullptr;
  }
  std::unique_ptr<HttpServer> http = std::move(*opened);
  spdlog::info("http://{} shows this agent", http->address());
  return http;
}

}  // namespace fleet_edge::agent
