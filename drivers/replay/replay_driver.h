#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/section.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/replay/recording.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {

/// Keys of the kind `replay`: those of the recording, and these. A value.
struct ReplayOptions {
  std::string path;
  std::string speed = "1";  ///< times the recording's pace, or `max`
  std::string shift;        ///< now or none; empty: now, unless there is no pace
  RecordingOptions recording;

  std::optional<double> pace = 1.0;  ///< what `speed` says; nothing: as fast as possible
};

void Describe(Section& section, ReplayOptions& options);

/// DriverKind::parse of `replay`.
std::unique_ptr<DriverSpec> ParseReplayDriver(const std::string& name, const YamlNode& options,
                                              const DriverDefaults& defaults,
                                              const Section::Context& context);

/// DriverKind::reference of `replay`.
std::vector<Section::KeyDoc> ReplayDriverReference();

/// Plays a recording as if its sensors were there; once. Run() returns at its end.
class ReplayDriver : public Driver {
 public:
  /// Opens nothing yet.
  ReplayDriver(std::string name, ReplayOptions options, const Environment& environment);

  const std::string& name() const override { return name_; }
  void Run(std::stop_token stop) override;

 private:
  void Play(Recording& recording, const std::stop_token& stop);

  const std::string name_;
  const ReplayOptions options_;
  const Environment environment_;
};

}  // namespace fleet_edge::drivers
