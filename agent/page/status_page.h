#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "agent/health/agent_view.h"
#include "agent/http/http_server.h"
#include "agent/page/logbook.h"
#include "core/series.h"
#include "core/time.h"

namespace fleet_edge::agent {

/// One file of agent/page/, as it is served.
struct PageFile {
  std::string_view path;  ///< `/page.js`
  std::string_view type;  ///< Content-Type
  std::string_view text;
};

/// All of them; they became part of the program when it was built.
std::span<const PageFile> PageFiles();

/// What changes on the page from second to second, for one client. `{"revision":…,"time":…,…}`,
/// times in milliseconds; `points` are those since the last call, each as the milliseconds that it
/// is older than `time`, and its value.
class PageNews {
 public:
  std::string Tell(const AgentView& view, std::uint64_t revision);

 private:
  std::map<const Series*, UtcTime> told_;  // the last point of each
};

/// All that the page begins with:
/// `{"revision":…,"version":…,"series":[…],"alerts":{…},"track":[…],"fences":[…]}`.
std::string PageJson(const AgentView& view, const Logbook::Notice& notes);

/// Adds the page, at `/`, what it begins with, at `/page.json`, and its news, at `/events`: each
/// second, and at once when an alert changes. What `view` returns is read before the next call.
/// `logbook`, and what `view` borrows, outlive the server.
void AddStatusPage(HttpServer& server, std::function<const AgentView&()> view, Logbook& logbook);

}  // namespace fleet_edge::agent
