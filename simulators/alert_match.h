#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "simulators/ledger.h"
#include "simulators/promise.h"
#include "simulators/report.h"

namespace fleet_edge::simulators {

/// Holds alerts' changes delivered against those expected. One thread.
class AlertMatch {
 public:
  /// A change as the hub has it, from an event whose key was new.
  struct Delivered {
    std::string vehicle;
    std::string alert;
    Labels labels;
    AlertChange change = AlertChange::kFiring;
    UtcTime at;
  };

  /// Changes of this alert are judged; those of all others are only counted.
  void Judge(const std::string& alert) { judged_.insert(alert); }

  /// Changes of this vehicle are judged.
  void AddVehicle(const std::string& vehicle) { vehicles_.insert(vehicle); }

  void Expect(const ExpectedChange& expected) { expected_.push_back(expected); }
  void Deliver(const Delivered& delivered) { delivered_.push_back(delivered); }

  /// Adds what is found to the report. Changes outside [begin, end] belong to other runs.
  void Compare(const Promise& promise, UtcTime begin, UtcTime end, Report& report) const;

 private:
  std::vector<ExpectedChange> Relaxed(const Promise& promise) const;
  bool Judged(const Delivered& delivered, UtcTime begin, UtcTime end) const;

  std::set<std::string> judged_;
  std::set<std::string> vehicles_;
  std::vector<ExpectedChange> expected_;
  std::vector<Delivered> delivered_;
};

}  // namespace fleet_edge::simulators
