#include "agent/page/status_page.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "agent/health/agent_view.h"
#include "agent/http/http_message.h"
#include "agent/http/http_server.h"
#include "agent/page/logbook.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

constexpr Duration kTellEvery = std::chrono::seconds{1};

using View = std::function<const AgentView&()>;

/// The news of one client.
class Listener {
 public:
  Listener(const View& view, Logbook& logbook) : view_(view), logbook_(logbook) {}

  /// What is new, as server-sent events; nothing when nothing is.
  std::string operator()() {
    const AgentView& view = view_();
    logbook_.NoteBoard(view.board);
    if (view.boot < next_ && logbook_.revision() == revision_) return {};
    next_ = view.boot + kTellEvery;
    revision_ = logbook_.revision();
    return "data: " + news_.Tell(view, revision_) + "\n\n";
  }

 private:
  const View& view_;
  Logbook& logbook_;
  PageNews news_;
  std::uint64_t revision_ = 0;
  BootTime next_{};  // at once
};

}  // namespace

void AddStatusPage(HttpServer& server, View view, Logbook& logbook) {
  for (const PageFile& file : PageFiles()) {
    server.AddPage(std::string(file.path), [&file](const HttpRequest&) {
      return HttpResponse{.type = std::string(file.type), .body = std::string(file.text)};
    });
  }
  const auto shared = std::make_shared<const View>(std::move(view));
  server.AddPage("/page.json", [shared, &logbook](const HttpRequest&) {
    const AgentView& now = (*shared)();
    logbook.NoteBoard(now.board);
    return HttpResponse{.type = "application/json", .body = PageJson(now, logbook.Look())};
  });
  server.AddStream("/events", [shared, &logbook](const HttpRequest&) {
    const auto listener = std::make_shared<Listener>(*shared, logbook);
    return [shared, listener] { return (*listener)(); };
  });
}

}  // namespace fleet_edge::agent
