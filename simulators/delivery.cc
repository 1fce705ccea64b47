#include "simulators/delivery.h"

#include <bit>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/result.h"
#include "core/time.h"
#include "fleet/v1/signal.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "simulators/bit_reader.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {
namespace {

namespace v1 = fleet::v1;

constexpr std::uint64_t kPlain = 10;       // in place of the decimals
constexpr std::uint64_t kFirstOrder = 12;  // of a column's first number
constexpr std::uint64_t kTimeDecimals = 6;
constexpr std::uint64_t kMostReadings = std::uint64_t{1} << 20U;  // of a batch

/// What the batch says of itself does not fit together. Goes no further than DecodeDelivery().
class Contradiction : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string NameOf(v1::Signal signal) {
  constexpr std::string_view kPrefix = "SIGNAL_";
  const std::string& name = v1::Signal_Name(signal);
  if (!name.starts_with(kPrefix)) throw Contradiction("a signal that the descriptor doesn't have");
  std::string lower = name.substr(kPrefix.size());
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

const std::string& StringAt(const v1::TelemetryBatch& batch, std::uint64_t index) {
  if (index >= static_cast<std::uint64_t>(batch.strings_size())) {
    throw Contradiction("an index beyond the strings");
  }
  return batch.strings(static_cast<int>(index));
}

/// The columns of one batch, read in their order. Throws Contradiction.
class ColumnsReader {
 public:
  explicit ColumnsReader(const v1::TelemetryBatch& batch) : batch_(batch), bits_(batch.columns()) {}

  void AppendTo(Delivery& delivery) {
    for (std::uint64_t columns = Number(); columns > 0; --columns) times_.push_back(ReadTimes());
    for (const int signal : batch_.signals()) {
      SeriesName series = ReadName(signal);
      const bool good = Number() == v1::QUALITY_GOOD;
      const std::uint64_t place = Number();
      if (place >= times_.size()) throw Contradiction("an index beyond the times");
      const std::vector<UtcTime>& times = times_[static_cast<std::size_t>(place)];
      Spend(times.size(), values_room_);
      const std::vector<double> values = ReadValues(times.size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        delivery.readings.push_back(
            {.series = delivery.series.size(), .time = times[i], .value = values[i], .good = good});
      }
      delivery.series.push_back(std::move(series));
    }
    if (bits_.left() >= 8) throw Contradiction("more columns than signals");
  }

 private:
  struct Integers {
    std::uint64_t decimals;
    std::vector<std::uint64_t> numbers;  // sums that wrap
  };

  std::uint64_t Bits(unsigned count) { return Held(bits_.Bits(count)); }
  std::uint64_t Number(std::uint64_t order = 0) { return Held(bits_.Number(order)); }
  std::uint64_t Signed(std::uint64_t order) {
    const std::uint64_t number = Number(order);
    return number % 2 == 0 ? number / 2 : ~(number / 2);
  }

  static std::uint64_t Held(std::optional<std::uint64_t> read) {
    if (!read) throw Contradiction("columns that end too early");
    return *read;
  }

  /// A few bits can stand for any number of equal values.
  static void Spend(std::uint64_t count, std::uint64_t& room) {
    if (count > room) throw Contradiction("more readings than a batch has");
    room -= count;
  }

  SeriesName ReadName(int signal) {
    SeriesName series;
    series.name = signal == v1::SIGNAL_UNSPECIFIED ? StringAt(batch_, Number())
                                                   : NameOf(static_cast<v1::Signal>(signal));
    for (std::uint64_t labels = Number(); labels > 0; --labels) {
      const std::string& name = StringAt(batch_, Number());
      if (!series.labels.Get(name).empty()) throw Contradiction("a label named twice");
      series.labels.Set(name, StringAt(batch_, Number()));
    }
    return series;
  }

  /// A column whose decimals are read.
  std::vector<std::uint64_t> ReadNumbers(std::size_t count) {
    std::uint64_t number = Signed(kFirstOrder);
    const std::uint64_t step = Number();
    if (step == 0) return std::vector<std::uint64_t>(count, number);
    const bool steady = Bits(1) == 1;
    const std::uint64_t order = Number();
    std::vector<std::uint64_t> numbers{number};
    std::uint64_t interval = 0;
    while (numbers.size() < count) {
      interval = Signed(order) + (steady ? interval : 0);
      number += step * interval;
      numbers.push_back(number);
    }
    return numbers;
  }

  std::vector<UtcTime> ReadTimes() {
    const std::uint64_t count = Number();
    if (count == 0) throw Contradiction("times without an instant");
    Spend(count, times_room_);
    const std::uint64_t decimals = Number();
    if (decimals > kTimeDecimals) throw Contradiction("times finer than microseconds");
    std::uint64_t unit = 1;
    for (std::uint64_t i = decimals; i < kTimeDecimals; ++i) unit *= 10;
    std::vector<UtcTime> times;
    for (const std::uint64_t number : ReadNumbers(static_cast<std::size_t>(count))) {
      const std::uint64_t at = static_cast<std::uint64_t>(batch_.base_time_us()) + number * unit;
      times.emplace_back(Duration{static_cast<std::int64_t>(at)});
    }
    return times;
  }

  std::vector<double> ReadValues(std::size_t count) {
    const std::uint64_t decimals = Number();
    std::vector<double> values;
    if (decimals == kPlain) {
      for (std::size_t i = 0; i < count; ++i) values.push_back(std::bit_cast<double>(Bits(64)));
      return values;
    }
    if (decimals > kPlain) throw Contradiction("more than nine decimals");
    const double power = std::pow(10, decimals);
    for (const std::uint64_t number : ReadNumbers(count)) {
      values.push_back(static_cast<double>(static_cast<std::int64_t>(number)) / power);
    }
    return values;
  }

  const v1::TelemetryBatch& batch_;
  BitReader bits_;
  std::vector<std::vector<UtcTime>> times_;
  std::uint64_t times_room_ = kMostReadings;
  std::uint64_t values_room_ = kMostReadings;
};

void AppendRow(const v1::Row& row, Delivery& delivery) {
  SeriesName series{.name = row.signal(), .labels = {}};
  for (const auto& [name, value] : row.labels()) series.labels.Set(name, value);
  delivery.readings.push_back({.series = delivery.series.size(),
                               .time = UtcTime{Duration{row.time_us()}},
                               .value = row.value(),
                               .good = row.quality() == v1::QUALITY_GOOD});
  delivery.series.push_back(std::move(series));
}

}  // namespace

Result<Delivery> DecodeDelivery(std::string_view bytes) {
  v1::TelemetryBatch batch;
  if (!batch.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error{Error::Code::kCorrupt, "no TelemetryBatch"};
  }
  Delivery delivery{.vehicle = batch.vehicle(),
                    .epoch = batch.epoch(),
                    .seq = batch.seq(),
                    .series = {},
                    .readings = {}};
  try {
    if (!batch.columns().empty() || batch.signals_size() != 0) {
      ColumnsReader(batch).AppendTo(delivery);
    }
    for (const v1::Row& row : batch.rows()) AppendRow(row, delivery);
  } catch (const Contradiction& contradiction) {
    return Error{Error::Code::kCorrupt, contradiction.what()};
  }
  return delivery;
}

}  // namespace fleet_edge::simulators
