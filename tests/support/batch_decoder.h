#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "fleet/v1/signal.pb.h"
#include "fleet/v1/telemetry.pb.h"

namespace fleet_edge {

/// One reading as a consumer of the hub has it.
struct DecodedReading {
  std::string signal;
  std::map<std::string, std::string> labels;
  std::int64_t time_us = 0;
  double value = 0;
  fleet::v1::Quality quality = fleet::v1::QUALITY_GOOD;
};

/// `SIGNAL_ENGINE_RPM` is `engine_rpm`.
inline std::string SignalName(fleet::v1::Signal signal) {
  std::string name = fleet::v1::Signal_Name(signal).substr(std::string("SIGNAL_").size());
  for (char& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  return name;
}

/// The codes of telemetry.proto's `columns`. Throws std::out_of_range beyond their end.
class BitReader {
 public:
  explicit BitReader(const std::string& bytes) : bytes_(bytes) {}

  std::uint64_t Bits(int count) {
    std::uint64_t bits = 0;
    for (; count > 0; --count, ++at_) {
      const auto byte = static_cast<unsigned char>(bytes_.at(at_ / 8));
      bits = (bits << 1U) | ((byte >> (7 - at_ % 8)) & 1U);
    }
    return bits;
  }

  std::uint64_t Number(int k = 0) {
    int zeros = 0;
    while (Bits(1) == 0) ++zeros;
    if (zeros > 63 || k > 63) throw std::out_of_range("a number of more than 64 bits");
    const std::uint64_t head = (std::uint64_t{1} << zeros) + Bits(zeros) - 1;
    return (head << k) | Bits(k);
  }

  std::int64_t Signed(int k) {
    const std::uint64_t number = Number(k);
    return static_cast<std::int64_t>((number >> 1U) ^ (0 - (number & 1U)));
  }

  std::size_t left() const { return bytes_.size() * 8 - at_; }

 private:
  const std::string& bytes_;
  std::size_t at_ = 0;
};

struct DecodedColumn {
  std::uint64_t decimals = 0;
  std::vector<std::int64_t> numbers;
  std::vector<double> plain;
};

inline DecodedColumn DecodeColumn(BitReader& bits, std::uint64_t count) {
  DecodedColumn column;
  column.decimals = bits.Number();
  if (column.decimals == 10) {
    for (; count > 0; --count) column.plain.push_back(std::bit_cast<double>(bits.Bits(64)));
    return column;
  }
  // Unsigned, as sums wrap.
  auto number = static_cast<std::uint64_t>(bits.Signed(12));
  const std::uint64_t step = bits.Number();
  const bool is_steady = step != 0 && bits.Bits(1) != 0;
  const int k = step == 0 ? 0 : static_cast<int>(bits.Number());
  std::uint64_t interval = 0;
  column.numbers.push_back(static_cast<std::int64_t>(number));
  while (column.numbers.size() < count) {
    if (step != 0) {
      interval = (is_steady ? interval : 0) + static_cast<std::uint64_t>(bits.Signed(k));
      number += step * interval;
    }
    column.numbers.push_back(static_cast<std::int64_t>(number));
  }
  return column;
}

inline std::vector<std::int64_t> DecodeTimes(BitReader& bits, std::int64_t base) {
  const DecodedColumn column = DecodeColumn(bits, bits.Number());
  const auto unit =
      static_cast<std::uint64_t>(std::llround(std::pow(10, 6 - static_cast<int>(column.decimals))));
  std::vector<std::int64_t> times;
  for (const std::int64_t number : column.numbers) {
    times.push_back(static_cast<std::int64_t>(static_cast<std::uint64_t>(base) +
                                              static_cast<std::uint64_t>(number) * unit));
  }
  return times;
}

inline void DecodeColumns(const fleet::v1::TelemetryBatch& batch,
                          std::vector<DecodedReading>& readings) {
  BitReader bits(batch.columns());
  const auto text = [&] { return batch.strings(static_cast<int>(bits.Number())); };
  std::vector<std::vector<std::int64_t>> instants;
  for (std::uint64_t columns = bits.Number(); columns > 0; --columns) {
    instants.push_back(DecodeTimes(bits, batch.base_time_us()));
  }
  for (const int signal : batch.signals()) {
    DecodedReading reading;
    reading.signal = signal == 0 ? text() : SignalName(static_cast<fleet::v1::Signal>(signal));
    for (std::uint64_t labels = bits.Number(); labels > 0; --labels) {
      const std::string name = text();
      reading.labels[name] = text();
    }
    reading.quality = static_cast<fleet::v1::Quality>(bits.Number());
    const std::vector<std::int64_t>& times = instants.at(bits.Number());
    const DecodedColumn column = DecodeColumn(bits, times.size());
    const double power = std::pow(10, column.decimals);
    for (std::size_t i = 0; i < times.size(); ++i) {
      reading.time_us = times[i];
      reading.value =
          column.plain.empty() ? static_cast<double>(column.numbers[i]) / power : column.plain[i];
      readings.push_back(reading);
    }
  }
  if (bits.left() >= 8) throw std::out_of_range("more bits than columns");
}

/// Decodes a fleet.v1.TelemetryBatch by the words of telemetry.proto alone: what a consumer writes.
/// For batches that the encoder made.
inline std::vector<DecodedReading> Decode(const fleet::v1::TelemetryBatch& batch) {
  std::vector<DecodedReading> readings;
  for (const fleet::v1::Row& row : batch.rows()) {
    readings.push_back({row.signal(),
                        {row.labels().begin(), row.labels().end()},
                        row.time_us(),
                        row.value(),
                        row.quality()});
  }
  if (!batch.columns().empty()) DecodeColumns(batch, readings);
  return readings;
}

}  // namespace fleet_edge
