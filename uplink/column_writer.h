#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "uplink/bit_writer.h"

namespace fleet_edge::uplink {

/// Writes columns of numbers as telemetry.proto's `column`. Keeps its buffers from column to
/// column. One thread.
class ColumnWriter {
 public:
  /// Writes integers that mean 10^-decimals each, as their intervals or as the intervals' changes,
  /// whichever takes less. Precondition: `numbers` is not empty, `decimals` is 0 to 9.
  void Write(std::span<const std::int64_t> numbers, int decimals, BitWriter& out);

  /// Writes doubles as they are.
  static void Write(std::span<const double> numbers, BitWriter& out);

 private:
  void WriteIntervals(std::span<const std::int64_t> numbers, std::int64_t step, BitWriter& out);

  std::vector<std::uint64_t> intervals_;  // in steps, by ZigZag()
  std::vector<std::uint64_t> changes_;
};

}  // namespace fleet_edge::uplink
