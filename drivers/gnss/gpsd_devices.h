#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/gpsd.h"

namespace fleet_edge::drivers {

/// Merges what gpsd tells of one moment: several TPVs of the same `time`, of which the last counts,
/// and the SKYs between them. Of several devices one is believed: the first, until another has a
/// fix and this one has had none for kPatience, or has not been heard for as long.
///
/// Pure: the time is an argument. One thread.
class GpsdDevices {
 public:
  static constexpr Duration kPatience = std::chrono::seconds{5};
  static constexpr std::size_t kMost =
      8;  ///< told apart; a ninth takes the place of one that is silent

  /// `only`: the one device to be read; empty for any.
  explicit GpsdDevices(std::string only) : only_(std::move(only)) {}

  /// Takes a TPV or a SKY; appends the report of the moment that it ends. Returns why it is
  /// refused: another device is believed.
  std::optional<std::string_view> Take(const GpsdMessage& message, BootTime now,
                                       std::vector<GnssReport>& out);

  /// gpsd has paused: appends the report of the open moment. What comes behind it for the same
  /// moment is told as far as it is new.
  void Finish(std::vector<GnssReport>& out);

  /// gpsd has lost the device.
  void Remove(std::string_view path);

  /// The device that is believed; empty before the first. For people.
  std::string_view believed() const;

 private:
  struct Device {
    std::string path;
    BootTime heard;                   // last
    std::optional<BootTime> fixed{};  // heard last with a fix
  };

  /// The device's place in devices_; nothing when it is not to be read.
  std::optional<std::size_t> Find(std::string_view path, BootTime now);

  /// True when `device`, just heard, is the one to believe.
  bool Believe(std::size_t device, bool fix, BootTime now);

  /// True when the report is of another moment than the open one.
  bool IsNext(const GnssReport& report) const;

  /// Forgets the open moment.
  void Drop();

  std::string only_;
  std::vector<Device> devices_;
  std::optional<std::size_t> believed_;  // in devices_

  // The open moment, of the device that is believed.
  std::optional<GnssReport> moment_;
  GnssReport sky_;
  bool heard_ = false;   // something, since Finish()
  bool closed_ = false;  // Finish() has told it
  GnssOnce once_;
};

}  // namespace fleet_edge::drivers
