// What App shows by HTTP; app_view.cc says what it is made from.

#include <spdlog/spdlog.h>

#include <memory>
#include <stop_token>
#include <utility>

#include "agent/app.h"
#include "agent/http/http_message.h"
#include "agent/http/http_server.h"
#include "agent/metrics/metrics.h"
#include "agent/page/recent_view.h"
#include "agent/page/status_page.h"
#include "agent/service/keep_trying.h"
#include "core/result.h"

namespace fleet_edge::agent {

Result<void> App::OpenHttp() {
  auto opened = HttpServer::Open(config_.http, clock_);
  if (!opened) return opened.error();
  std::unique_ptr<HttpServer> http = std::move(*opened);
  http->AddPage("/metrics", [this, metrics = Metrics({.signals = config_.http.signals})](
                                const HttpRequest& request) mutable {
    Metrics::Page page = metrics.Write(View(), request.accept);
    return HttpResponse{.type = std::move(page.type), .body = std::move(page.text)};
  });
  AddStatusPage(*http, RecentView([this] { return View(); }, clock_), logbook_);
  spdlog::info("http://{} shows this agent", http->address());
  http_ = std::move(http);
  return {};
}

/// On a thread of its own. The address may come with a network that is up later than the agent.
void App::ServeHttp(const std::stop_token& stop) {
  if (!http_) KeepTrying(stop, [this] { return OpenHttp().has_value(); });
  if (http_) http_->Run(stop);
}

}  // namespace fleet_edge::agent
