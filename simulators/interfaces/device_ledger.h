#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"
#include "simulators/interfaces/silence_truth.h"
#include "simulators/ledger.h"
#include "simulators/ledger_file.h"
#include "simulators/series_name.h"
#include "simulators/truth.h"

namespace fleet_edge::simulators {

/// The ledger of one vehicle's devices: what each said, and the alerts that must follow. One
/// thread.
class DeviceLedger {
 public:
  /// Throws std::runtime_error when the file can't be made.
  DeviceLedger(const std::string& file, std::string vehicle, std::uint64_t seed, UtcTime now);

  const std::string& vehicle() const { return vehicle_; }

  /// The number of a new form. `reader`: how much later than it is said the agent may read it.
  std::size_t AddForm(std::vector<SeriesName> series, Stamp stamp, Duration reader = Duration{0});

  /// A message was said; the number of it, from 0. Precondition: a value a series, and `time` not
  /// before the form's last one.
  std::uint64_t Say(std::size_t form, UtcTime time, std::vector<double> values);

  /// From `time` on there is nothing to see. Precondition: a form of Stamp::kLook.
  void FallSilent(std::size_t form, UtcTime time);

  /// Nobody knows whether this message has reached the agent.
  void Doubt(std::uint64_t message) { doubted_.push_back(message); }

  /// … nor whether any since `since` of this form has.
  void DoubtSince(std::size_t form, UtcTime since);

  /// A few times a second: alerts that must follow, and the file.
  void Tend(UtcTime now);

  /// The run is over.
  void Close(UtcTime now);

  /// Series of all forms, each once, in the order in which they were added.
  std::vector<SeriesName> Series() const;

  std::uint64_t messages() const { return messages_; }
  std::uint64_t readings() const { return readings_; }

 private:
  struct Voice {  // of a series
    SeriesName name;
    std::optional<AlertTruth> truth;
    std::optional<SilenceTruth> silence;
    UtcTime last{};  // that the truth knows of
    double value = 0;
  };
  struct Form {
    Stamp stamp;
    Duration reader;
    std::vector<Voice> voices;
    bool seen = false;                                        // kLook: there is something to see
    std::vector<std::pair<UtcTime, std::uint64_t>> recent{};  // messages of the last seconds
  };

  void Hear(Form& form, UtcTime time);
  void TakeExpected();

  const std::string vehicle_;
  const UtcTime begin_;
  LedgerWriter file_;
  std::vector<Form> forms_;
  std::uint64_t messages_ = 0;
  std::uint64_t readings_ = 0;
  std::vector<std::uint64_t> doubted_;
};

}  // namespace fleet_edge::simulators
