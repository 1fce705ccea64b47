// How App looks at its own health; app.cc says how it is built and run.

#include <spdlog/spdlog.h>

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "agent/agent_view.h"
#include "agent/app.h"
#include "agent/health.h"
#include "agent/health_watch.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

void Log(const HealthWatch::Change& change) {
  const Problem& problem = change.problem;
  const std::string name =
      problem.id + (problem.subject.empty() ? "" : " (" + problem.subject + ")");
  if (change.lasted) {
    const auto lasted = std::chrono::round<std::chrono::seconds>(*change.lasted);
    spdlog::info("health: {} is over after {}", name, ToString(Duration(lasted)));
  } else {
    const auto level = problem.severity == Severity::kCritical  ? spdlog::level::err
                       : problem.severity == Severity::kWarning ? spdlog::level::warn
                                                                : spdlog::level::info;
    spdlog::log(level, "health: {}: {}. Mend: {}", name, problem.what, problem.mend);
  }
}

}  // namespace

void App::LookAtHealth() {
  AgentView view = View();
  const auto changes = health_watch_.Note(diagnosis_.Find(view), view.now, view.boot);
  view.health = health_watch_.health();
  {
    const std::lock_guard lock(health_mutex_);
    health_ = view.health;
  }
  for (const HealthWatch::Change& change : changes) Log(change);
  if (http_) logbook_.NoteBoard(view.board);
  WriteStatus(view);
}

}  // namespace fleet_edge::agent
