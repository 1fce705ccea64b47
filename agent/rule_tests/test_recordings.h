#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/series.h"
#include "rules/testing/recorded_readings.h"

namespace fleet_edge::agent {

/// Opens the recordings of a rule test as `replay` does: read by the drivers, judged by the quality
/// gate. `files` are paths. As rules::OpenRecordings.
Result<std::unique_ptr<rules::RecordedReadings>> OpenTestRecordings(
    const std::vector<std::string>& files, SeriesRegistry& registry);

}  // namespace fleet_edge::agent
