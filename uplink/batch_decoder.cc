#include "uplink/batch_decoder.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/labels.h"
#include "core/result.h"
#include "core/time.h"
#include "fleet/v1/signal.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "uplink/bit_reader.h"

namespace fleet_edge::uplink {
namespace {

// telemetry.proto's bound, on times and on readings, and its mark of a column of doubles.
constexpr std::uint64_t kMaxReadings = std::uint64_t{1} << 20U;
constexpr std::uint64_t kDoubles = 10;

constexpr int kFirstOrder = 12;

struct Column {
  std::uint64_t decimals = 0;
  std::vector<std::int64_t> numbers{};
  std::vector<double> doubles{};

  double Value(std::size_t i) const {
    if (decimals == kDoubles) return doubles[i];
    return static_cast<double>(numbers[i]) / std::pow(10, static_cast<double>(decimals));
  }
};

/// Reads `columns`; what it reads counts only while good() holds.
class ColumnsReader {
 public:
  explicit ColumnsReader(const fleet::v1::TelemetryBatch& batch)
      : batch_(batch), bits_(batch.columns()) {}

  bool Read(std::vector<DecodedReading>& readings) {
    ReadTimes();
    for (const int signal : batch_.signals()) {
      if (!good()) return false;
      ReadSeries(static_cast<fleet::v1::Signal>(signal), readings);
    }
    return good() && bits_.AtEnd();
  }

 private:
  bool good() const { return good_ && bits_.good(); }

  void ReadTimes() {
    for (std::uint64_t left = bits_.Number(); left > 0 && good(); --left) {
      const std::uint64_t count = bits_.Number();
      if (count > kMaxReadings - instants_) return Refuse();
      instants_ += count;
      const Column column = ReadColumn(count);
      if (!good() || column.decimals > 6) return Refuse();
      const auto unit = static_cast<std::uint64_t>(
          std::llround(std::pow(10, 6 - static_cast<int>(column.decimals))));
      std::vector<UtcTime>& times = times_.emplace_back();
      for (const std::int64_t number : column.numbers) {
        // Unsigned, as sums wrap.
        const std::uint64_t at = static_cast<std::uint64_t>(batch_.base_time_us()) +
                                 static_cast<std::uint64_t>(number) * unit;
        times.emplace_back(Duration{static_cast<std::int64_t>(at)});
      }
    }
  }

  void ReadSeries(fleet::v1::Signal signal, std::vector<DecodedReading>& readings) {
    DecodedReading reading;
    reading.signal = signal == 0 ? Text() : SignalName(signal);
    if (reading.signal.empty()) return Refuse();
    const std::uint64_t labels = bits_.Number();
    if (labels > static_cast<std::uint64_t>(batch_.strings_size())) return Refuse();
    for (std::uint64_t left = labels; left > 0 && good(); --left) {
      const std::string name = Text();
      reading.labels.Set(name, Text());
    }
    reading.quality = static_cast<fleet::v1::Quality>(bits_.Number());
    const std::uint64_t index = bits_.Number();
    if (!good() || index >= times_.size()) return Refuse();
    const std::vector<UtcTime>& times = times_[static_cast<std::size_t>(index)];
    if (times.size() > kMaxReadings - readings.size()) return Refuse();
    const Column column = ReadColumn(times.size());
    if (!good()) return;
    for (std::size_t i = 0; i < times.size(); ++i) {
      reading.time = times[i];
      reading.value = column.Value(i);
      readings.push_back(reading);
    }
  }

  Column ReadColumn(std::uint64_t count) {
    Column column{.decimals = bits_.Number()};
    if (count == 0 || count > kMaxReadings || column.decimals > kDoubles) Refuse();
    if (!good()) return column;
    if (column.decimals == kDoubles) {
      for (; count > 0 && good(); --count) {
        column.doubles.push_back(std::bit_cast<double>(bits_.Bits(64)));
      }
    } else {
      ReadNumbers(count, column.numbers);
    }
    return column;
  }

  void ReadNumbers(std::uint64_t count, std::vector<std::int64_t>& numbers) {
    auto number = static_cast<std::uint64_t>(bits_.Signed(kFirstOrder));
    const std::uint64_t step = bits_.Number();
    const bool is_steady = step != 0 && bits_.Bits(1) != 0;
    const std::uint64_t order = step == 0 ? 0 : bits_.Number();
    std::uint64_t interval = 0;
    numbers.push_back(static_cast<std::int64_t>(number));
    while (numbers.size() < count && good()) {
      if (step != 0) {
        interval = (is_steady ? interval : 0) + static_cast<std::uint64_t>(bits_.Signed(order));
        number += step * interval;
      }
      numbers.push_back(static_cast<std::int64_t>(number));
    }
  }

  std::string Text() {
    const std::uint64_t index = bits_.Number();
    if (index < static_cast<std::uint64_t>(batch_.strings_size())) {
      return batch_.strings(static_cast<int>(index));
    }
    Refuse();
    return {};
  }

  void Refuse() { good_ = false; }

  const fleet::v1::TelemetryBatch& batch_;
  BitReader bits_;
  std::vector<std::vector<UtcTime>> times_;
  std::uint64_t instants_ = 0;  // in all columns of times so far
  bool good_ = true;
};

}  // namespace

std::string SignalName(fleet::v1::Signal signal) {
  std::string name = fleet::v1::Signal_Name(signal);
  name.erase(0, std::min(name.size(), std::string("SIGNAL_").size()));
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  return name;
}

Result<std::vector<DecodedReading>> DecodeBatch(const fleet::v1::TelemetryBatch& batch) {
  std::vector<DecodedReading> readings;
  for (const fleet::v1::Row& row : batch.rows()) {
    DecodedReading& reading =
        readings.emplace_back(DecodedReading{.signal = row.signal(),
                                             .time = UtcTime{Duration{row.time_us()}},
                                             .value = row.value(),
                                             .quality = row.quality()});
    for (const auto& [name, value] : row.labels()) reading.labels.Set(name, value);
  }
  const bool has_columns = !batch.columns().empty() || batch.signals_size() != 0;
  if (has_columns && !ColumnsReader(batch).Read(readings)) {
    return Error{Error::Code::kDrop, "the batch's columns are not what an encoder writes"};
  }
  return readings;
}

}  // namespace fleet_edge::uplink
