#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"
#include "rules/alert.h"

namespace fleet_edge::rules {

/// One alert as it survives a restart. A value.
struct SavedAlert {
  std::string file;
  std::string group;
  std::uint64_t fingerprint = 0;  ///< of the rule
  std::uint32_t ordinal = 0;      ///< among rules of the group with the same text
  Labels labels;
  Labels series_labels;
  double value = 0;
  Alert::Memory memory;
};

/// As bytes: a version, then each alert; numbers little-endian, texts with their length.
std::string Encode(const std::vector<SavedAlert>& alerts);

/// Nothing when the bytes are of no known version, cut, or hold what can't be.
std::optional<std::vector<SavedAlert>> DecodeSavedAlerts(std::string_view bytes);

}  // namespace fleet_edge::rules
