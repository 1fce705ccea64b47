// What App shows by HTTP; app_view.cc says what it is made from.

#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

#include "agent/app.h"
#include "agent/http/http_message.h"
#include "agent/http/http_server.h"
#include "agent/metrics/metrics.h"
#include "agent/page/recent_view.h"
#include "agent/page/status_page.h"

namespace fleet_edge::agent {

std::unique_ptr<HttpServer> App::MakeHttp() {
  if (config_.http.listen.empty()) return nullptr;
  auto opened = HttpServer::Open(config_.http, clock_);
  if (!opened) {
    spdlog::warn("{}. The agent works, but can't be looked at by HTTP", opened.error().message);
    return nullptr;
  }
  std::unique_ptr<HttpServer> http = std::move(*opened);
  http->AddPage("/metrics", [this, metrics = Metrics({.signals = config_.http.signals})](
                                const HttpRequest& request) mutable {
    Metrics::Page page = metrics.Write(View(), request.accept);
    return HttpResponse{.type = std::move(page.type), .body = std::move(page.text)};
  });
  AddStatusPage(*http, RecentView([this] { return View(); }, clock_), logbook_);
  spdlog::info("http://{} shows this agent", http->address());
  return http;
}

}  // namespace fleet_edge::agent
