// How App looks at its own health; app.cc says how it is built and run.

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "agent/app.h"
#include "agent/health/agent_view.h"
#include "agent/health/certificate.h"
#include "agent/health/health.h"
#include "agent/health/health_report.h"
#include "agent/health/health_watch.h"
#include "core/time.h"
#include "uplink/status.h"

namespace fleet_edge::agent {
namespace {

// New ones are put in place by people or by an updater, weeks before the old ones expire.
constexpr Duration kCertificatesEvery = std::chrono::hours{24};

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
    const std::string worse =
        change.worse ? " is " + std::string(SeverityName(problem.severity)) + " now" : "";
    spdlog::log(level, "health: {}{}: {}. Mend: {}", name, worse, problem.what, problem.mend);
  }
}

}  // namespace

void App::LookAtCertificates() {
  if (clock_.Boot() < certificates_due_) return;
  certificates_due_ = clock_.Boot() + kCertificatesEvery;
  std::vector<CertificateView> read;
  read.reserve(certificate_files_.size());
  for (const CertificateFile& file : certificate_files_) read.push_back(ReadCertificate(file));
  // One that is just being replaced, or whose file system is not mounted yet.
  if (std::ranges::any_of(read, [](const auto& one) { return !one.error.empty(); })) {
    certificates_due_ = clock_.Boot() + std::chrono::minutes{1};
  }
  const std::lock_guard lock(health_mutex_);
  certificates_ = std::move(read);
}

void App::LookAtHealth() {
  LookAtCertificates();
  const uplink::UplinkStatus uplink = uplink_.status();
  drain_.Note(clock_.Boot(), uplink.ledger.queued);
  fill_.Note(clock_.Boot(), uplink.outbox.disk);
  AgentView view = View();
  view.config = config_watch_.Look();
  const auto changes = health_watch_.Note(diagnosis_.Find(view), view.now, view.boot);
  view.health = health_watch_.health();
  {
    const std::lock_guard lock(health_mutex_);
    health_ = view.health;
  }
  for (const HealthWatch::Change& change : changes) Log(change);
  if (HasHttp()) logbook_.NoteBoard(view.board);
  if (auto event = health_report_.Due(view.health, view.boot)) {
    event->set_at_us(view.now.time_since_epoch().count());
    event->set_clock_synced(view.clock_synced);
    handover_.Report(*std::move(event));
  }
  WriteStatus(view);
}

}  // namespace fleet_edge::agent
