#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "rules/alert.h"
#include "rules/sample_ring.h"

namespace fleet_edge::rules {

/// A series as other runs know it.
struct SavedSeries {
  std::string name;
  Labels labels;
};

/// What a rule is known by across runs and programs.
struct SavedRule {
  std::string file;
  std::string group;
  std::uint64_t fingerprint = 0;
  std::uint32_t ordinal = 0;  ///< among rules of the group with the same text

  friend auto operator<=>(const SavedRule&, const SavedRule&) = default;
};

/// One alert, with what its end says should its rule be gone.
struct SavedAlert {
  SavedRule rule;
  Labels labels;
  Labels series_labels;
  double value = 0;
  UtcTime seen_at{};
  Alert::Memory memory;
  std::string name;
  std::vector<std::string> notify;
  Labels annotations;
};

/// Where a group stands.
struct SavedGroup {
  std::string file;
  std::string name;
  UtcTime begins{};
  UtcTime decided{};
  UtcTime warm_from{};
  bool sleeping = false;
};

/// The series that a rule wrote at its last instant.
struct SavedWritten {
  SavedRule rule;
  std::vector<SavedSeries> series;
};

/// What a node remembers beyond its windows.
struct SavedMemory {
  std::string key;
  std::string bytes;
};

/// The samples that rules may still ask for.
struct SavedWindow {
  SavedSeries series;
  std::vector<Sample> samples;
  std::vector<UtcTime> ends;
};

/// All that an engine knows, as it survives a restart. A value.
struct SavedState {
  UtcTime now{};             ///< of the engine's clock
  UtcTime began{};           ///< where its instants began
  UtcTime newest_reading{};  ///< of all readings
  std::vector<SavedGroup> groups;
  std::vector<SavedAlert> alerts;
  std::vector<SavedWritten> written;
  std::vector<SavedMemory> memories;
  bool with_windows = false;
  std::vector<SavedWindow> windows;
};

/// As bytes: a version, then each part; numbers little-endian, texts and lists with their length.
std::string Encode(const SavedState& state);

/// Nothing when the bytes are of no known version, cut, or hold what can't be.
std::optional<SavedState> DecodeSavedState(std::string_view bytes);

}  // namespace fleet_edge::rules
