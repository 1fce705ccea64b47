#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "drivers/replay/recording_options.h"
#include "drivers/signal_target.h"
#include "drivers/time_unit.h"

namespace fleet_edge::drivers {

/// Reads the rows of a CSV (RFC 4180) by its header: one column of time, the others signals.
///
/// Blanks around a cell don't count, an empty cell is no reading, empty cells behind the last
/// column are passed over. Pure; one thread.
class CsvDecoder {
 public:
  struct Value {
    std::size_t target;  ///< place in targets()
    double value;        ///< converted; finite
  };

  /// What one row holds; reused from row to row.
  struct Row {
    UtcTime time;
    std::vector<Value> values;
    std::vector<std::size_t> wrong;  ///< targets whose cell is no number
  };

  /// Reads the header. With `options.signals` those columns are read; without, every column but the
  /// time's must be the name of a signal.
  /// Errors: kFatal, header and options don't fit; the message says how to mend it.
  static Result<CsvDecoder> Make(std::string_view header, const RecordingOptions& options);

  /// Fills `row`. Returns why the whole row is refused: kMalformed (cells missing or too many,
  /// quotes), kBadTime.
  std::optional<std::string_view> Decode(std::string_view line, Row& row);

  const std::vector<SignalTarget>& targets() const { return targets_; }

 private:
  CsvDecoder() = default;
  Result<bool> MapSignals(const std::vector<std::string>& header, const RecordingOptions& options);
  Result<bool> NameSignals(const std::vector<std::string>& header);
  Result<bool> MapTime(const std::vector<std::string>& header, const RecordingOptions& options);
  std::optional<UtcTime> ReadTime();

  std::vector<SignalTarget> targets_;
  std::vector<std::size_t> columns_;  // by target
  std::size_t width_ = 0;             // columns of the header
  std::optional<std::size_t> time_column_;
  std::optional<TimeUnit> time_unit_;  // nothing: seconds or ISO 8601, by its looks
  Duration period_{};                  // without a time column
  Duration start_{};                   // what is added to every time that is a number
  std::size_t rows_ = 0;
  std::vector<std::string_view> cells_;  // scratch of Decode()
};

}  // namespace fleet_edge::drivers
