#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/hub_record.h"
#include "simulators/ledger.h"
#include "simulators/report.h"

namespace fleet_edge::simulators {

/// A short trip of one vehicle: its ledger, and what a faultless agent makes of it. Tests take it
/// apart and see whether that is noticed.
struct Trip {
  /// 60 s at 1 Hz in batches of ten readings; one alert that fires and is resolved.
  Trip();

  /// The trip's n-th second.
  static UtcTime At(int second);

  /// What the verifier says of it.
  Report Verified() const;

  /// The n-th record of telemetry, alerts.
  HubRecord& Telemetry(std::size_t n) { return telemetry.at(n); }
  HubRecord& Alert(std::size_t n) { return alerts.at(n); }

  std::vector<LedgerEntry> ledger;
  std::vector<HubRecord> telemetry;
  std::vector<HubRecord> alerts;
};

/// One batch of coolant temperatures, a second apart.
HubRecord TelemetryRecord(std::uint64_t seq, int from_second, const std::vector<double>& values);

/// A change of EngineOverheat.
HubRecord AlertRecord(std::uint64_t seq, AlertChange change, int second);

}  // namespace fleet_edge::simulators
