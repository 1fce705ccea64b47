#include "simulators/csv_recorder.h"

#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

#include "core/labels.h"
#include "core/signal.h"
#include "core/time.h"
#include "simulators/series_name.h"
#include "simulators/state_signal.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

/// A header in quotes, each quote in it twice.
std::string Header(const SeriesName& series) {
  std::string text = "\"";
  for (const char c : series.name + ToString(series.labels)) {
    text += c;
    if (c == '"') text += c;
  }
  return text + "\"";
}

void Append(std::string& text, double value, int decimals) {
  std::array<char, 40> digits{};
  const auto [end, error] =
      std::to_chars(digits.begin(), digits.end(), value, std::chars_format::fixed, decimals);
  assert(error == std::errc{});
  text.append(digits.data(), end);
}

}  // namespace

CsvRecorder::CsvRecorder(const std::string& path, const VehicleState& state, UtcTime start)
    : start_(start), file_(path) {
  std::string header = "time";
  for (const SeriesName& series : SeriesOf(state)) {
    const Signal& signal = *FindSignal(series.name);
    columns_.push_back({.series = series, .period = signal.period, .decimals = signal.decimals});
    header += "," + Header(series);
  }
  file_.Write(header + "\n");
}

void CsvRecorder::Add(Duration since_start, const VehicleState& shown) {
  std::string row = ToString(start_ + since_start);
  bool any = false;
  for (const Column& column : columns_) {
    row += ',';
    if (since_start % column.period != Duration::zero()) continue;
    const double value = ValueOf(shown, column.series);
    if (std::isnan(value)) continue;
    Append(row, value, column.decimals);
    any = true;
    ++readings_;
  }
  if (any) file_.Write(row + "\n");
}

}  // namespace fleet_edge::simulators
