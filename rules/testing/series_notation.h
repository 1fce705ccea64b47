#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/labels.h"

namespace fleet_edge::rules {

/// Consecutive values of a series: `first`, `first + step`, … A value.
struct ValueRun {
  enum class Kind : std::uint8_t {
    kSamples,
    kMissing,  ///< `_`: no sample
    kStale,    ///< `stale`: the series ends
  };

  Kind kind = Kind::kSamples;
  double first = 0;
  double step = 0;
  std::uint64_t count = 1;

  friend bool operator==(const ValueRun&, const ValueRun&) = default;
};

/// Reads promtool's series notation, values apart by spaces: `1`, `0+10x5` (0 10 20 30 40 50),
/// `7-2x3` (7 5 3 1), `4x2` (4 4 4), `_`, `_x3`, `stale`, `NaN`, `-Inf`. Numbers are PromQL's,
/// without hexadecimal ones: `0x3` is 0 four times. Runs are kept as runs, so that `0x1000000`
/// costs nothing. Throws ExpressionError; histograms are refused by name.
std::vector<ValueRun> ParseValues(std::string_view text);

/// Goes through the values of runs one by one, adding up as promtool does: `0+0.1x9` ends at
/// 0.8999999999999999. Borrows the runs.
class ValueCursor {
 public:
  struct Value {
    ValueRun::Kind kind;
    double number;  ///< of kSamples
  };

  explicit ValueCursor(const std::vector<ValueRun>& runs) : runs_(&runs) {}

  /// The next value; nothing at the end.
  std::optional<Value> Next();

 private:
  const std::vector<ValueRun>* runs_;
  std::size_t run_ = 0;
  std::uint64_t taken_ = 0;  // of the run
  double number_ = 0;
};

/// Reads the labels of one series as PromQL writes them: `up{job="a"}`, `{job="a"}`, `up`, nothing.
/// The name becomes the label `__name__`. Throws ExpressionError.
Labels ParseMetric(std::string_view text);

}  // namespace fleet_edge::rules
