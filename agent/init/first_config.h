#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/init/box_scan.h"

namespace fleet_edge::agent::init {

/// What a first configuration is written from. A value.
struct Answers {
  std::string vehicle{};
  std::string hub{};  ///< host:port
  std::vector<Source> sources{};
  std::vector<std::string> silent_ports{};
  bool has_rules = false;  ///< rule files lie in rules/ beside the file
};

/// Reads `nmea:/dev/ttyUSB0`, `can:can0`, `mqtt:127.0.0.1:1883`, `gpsd`, `w1:28-…`. Nothing when it
/// is of no kind that can be written without knowing more.
std::optional<Source> ParseSource(std::string_view text);

/// A file that works, with comments that teach. What is asked for and can't be known (topics of a
/// broker, the zone of a probe) is an example that is to be looked at.
std::string FirstConfig(const Answers& answers);

}  // namespace fleet_edge::agent::init
