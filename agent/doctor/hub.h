#pragma once

#include <functional>
#include <set>
#include <string>

#include "agent/config/config.h"
#include "agent/doctor/deadline.h"
#include "agent/doctor/finding.h"

namespace fleet_edge::agent::doctor {

/// Goes the way to the hub step by step: name, port, TLS, login, topics, a test record. A step that
/// fails skips those behind it.
///
/// `config` has no errors. `unknown`: keys of uplink.kafka whose values aren't known, so that the
/// steps that need them are skipped. `tell` is called with each finding at once.
void ExamineHub(const Config& config, const std::set<std::string>& unknown, bool sends,
                const Deadline& deadline, const std::function<void(Finding)>& tell);

}  // namespace fleet_edge::agent::doctor
