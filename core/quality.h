#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace fleet_edge {

/// How far a reading can be trusted. Only `kGood` enters rules; all but `kMalformed` are uplinked;
/// all are counted.
enum class Quality : std::uint8_t {
  kGood,
  kSuspect,  ///< readable but not to be believed: its own time lies outside [now − max_age, now +
             ///< max_skew], retained, power-on value
  kOutOfRange,  ///< outside the catalogue's range for the signal
  kMalformed,   ///< can't be read: there is no value
  kStale,       ///< the source says, or its silence shows, that it no longer measures
};

inline constexpr std::array<std::string_view, 5> kQualityNames{"good", "suspect", "out_of_range",
                                                               "malformed", "stale"};

constexpr std::string_view ToString(Quality quality) {
  return kQualityNames.at(static_cast<std::size_t>(quality));
}

}  // namespace fleet_edge
