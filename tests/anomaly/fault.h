#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace fleet_edge::anomaly {

enum class FaultKind : std::uint8_t { kNone, kDoor, kCooler, kOverheat, kFire };

inline constexpr std::array kFaultKinds{FaultKind::kDoor, FaultKind::kCooler, FaultKind::kOverheat,
                                        FaultKind::kFire};

constexpr std::string_view ToString(FaultKind kind) {
  constexpr std::array<std::string_view, 5> kNames{"none", "door opened", "cooler fails",
                                                   "engine overheats", "fire"};
  return kNames.at(static_cast<std::size_t>(kind));
}

/// What goes wrong with a tanker, and when.
struct Fault {
  FaultKind kind = FaultKind::kNone;
  double begins_s = 0;    ///< after the simulation's start
  double severity = 0.5;  ///< 0 the mildest of its kind, 1 the worst

  bool Is(FaultKind other, double now_s) const { return kind == other && now_s >= begins_s; }
};

}  // namespace fleet_edge::anomaly
