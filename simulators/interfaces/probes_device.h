#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>

#include "simulators/interfaces/device.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/schedule.h"
#include "simulators/interfaces/sysfs_tree.h"

namespace fleet_edge::simulators {

/// Temperature probes that the kernel reads: 1-Wire, hwmon, IIO and a thermal zone. The ledger
/// outlives it.
class ProbesDevice : public Device {
 public:
  /// `root` stands for /sys. Throws std::runtime_error when there is something.
  ProbesDevice(std::filesystem::path root, DeviceLedger& ledger);

  const std::string& name() const override { return name_; }
  std::string Configuration() const override;
  bool attended() const override { return true; }  // a file can't tell who reads it
  void Plug(const Moment& moment) override;
  void Unplug(const Moment& moment) override;
  void Turn(const Moment& moment) override;

 private:
  static constexpr std::size_t kProbes = 4;

  void Measure(const Moment& moment);

  const std::string name_ = "probes";
  DeviceLedger& ledger_;
  const std::filesystem::path root_;
  const std::filesystem::path away_;  // while unplugged
  std::array<std::size_t, kProbes> forms_{};
  Schedule schedule_;
};

}  // namespace fleet_edge::simulators
