#include "uplink/batch_encoder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "fleet/v1/signal.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "uplink/column_writer.h"
#include "uplink/identity.h"

namespace fleet_edge::uplink {
namespace {

namespace pb = fleet::v1;

constexpr int kMaxDecimals = 9;
constexpr std::array<double, kMaxDecimals + 1> kPowers{1,   1e1, 1e2, 1e3, 1e4,
                                                       1e5, 1e6, 1e7, 1e8, 1e9};

// Up to here a double holds every integer, so that consumers may calculate in doubles too.
constexpr double kScaledLimit = 0x1p53;

constexpr int kTimeDecimals = 6;  // microseconds

pb::Quality ToProto(Quality quality) {
  switch (quality) {
    case Quality::kSuspect:
      return pb::QUALITY_SUSPECT;
    case Quality::kOutOfRange:
      return pb::QUALITY_OUT_OF_RANGE;
    case Quality::kStale:
      return pb::QUALITY_STALE;
    default:
      return pb::QUALITY_GOOD;
  }
}

std::int64_t Microseconds(UtcTime time) { return time.time_since_epoch().count(); }

/// a − b without a trap at the ends of the range; the decoder's sum wraps back.
std::int64_t Difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

bool IsExact(double value, int decimals) {
  const double scaled = value * kPowers.at(static_cast<std::size_t>(decimals));
  if (!(std::abs(scaled) < kScaledLimit)) return false;
  const auto whole = static_cast<double>(std::llrint(scaled));
  return whole / kPowers.at(static_cast<std::size_t>(decimals)) == value;
}

/// The fewest decimals with which all values are exact; `limit` when there are none.
int FewestDecimals(std::span<const double> values, int limit) {
  int decimals = 0;
  for (const double value : values) {
    while (decimals < limit && !IsExact(value, decimals)) ++decimals;
    if (decimals == limit) break;
  }
  return decimals;
}

/// False when a value doesn't fit, or isn't exact though it must be.
bool Scale(std::span<const double> values, int decimals, bool must_be_exact,
           std::vector<std::int64_t>& out) {
  const double power = kPowers.at(static_cast<std::size_t>(decimals));
  out.clear();
  for (const double value : values) {
    const double scaled = value * power;
    if (!(std::abs(scaled) < kScaledLimit)) return false;  // NaN too
    out.push_back(std::llrint(scaled));
    if (must_be_exact && static_cast<double>(out.back()) / power != value) return false;
  }
  return true;
}

/// Microseconds after `base` become seconds with the fewest decimals that lose nothing; those are
/// returned.
int ScaleTimes(std::span<const std::int64_t> times, std::int64_t base,
               std::vector<std::int64_t>& out) {
  out.clear();
  std::int64_t unit = 1'000'000;
  int decimals = 0;
  for (const std::int64_t time : times) {
    out.push_back(Difference(time, base));
    while (out.back() % unit != 0) {
      unit /= 10;
      ++decimals;
    }
  }
  if (decimals < kTimeDecimals) {
    for (std::int64_t& offset : out) offset /= unit;
  }
  return decimals;
}

std::uint64_t Hash(std::span<const std::int64_t> times) {
  std::uint64_t hash = times.size();
  for (const std::int64_t time : times) {
    hash = (hash ^ static_cast<std::uint64_t>(time)) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 29U;
  }
  return hash;
}

}  // namespace

std::string BatchEncoder::Encode(const Identity& identity, std::uint64_t seq, bool clock_synced,
                                 std::span<const Reading> readings) {
  message_.Clear();
  message_.set_vehicle(identity.vehicle);
  message_.set_epoch(identity.epoch);
  message_.set_seq(seq);
  message_.set_base_time_us(Microseconds(readings.front().time));
  message_.set_clock_synced(clock_synced);
  message_.set_boot(identity.boot);
  if (encoding_ == Encoding::kPlain) {
    AddRows(readings);
  } else {
    AddColumns(readings);
  }
  return message_.SerializeAsString();
}

void BatchEncoder::AddColumns(std::span<const Reading> readings) {
  GroupBySeries(readings);
  FillColumns(readings);
  ShareTimes();
  string_.clear();
  bits_.Number(columns_.size());
  for (const TimesColumn& column : columns_) {
    const std::span<const std::int64_t> times(times_.data() + column.begin, column.size);
    const int decimals = ScaleTimes(times, message_.base_time_us(), scaled_);
    bits_.Number(times.size());
    writer_.Write(scaled_, decimals, bits_);
  }
  for (const Group& group : groups_) AddSeries(group);
  message_.set_columns(bits_.Take());
}

void BatchEncoder::GroupBySeries(std::span<const Reading> readings) {
  groups_.clear();
  group_index_.clear();
  const auto key = [](const Series& series, Quality quality) {
    return series.id * kQualityNames.size() + static_cast<std::size_t>(quality);
  };
  for (const Reading& reading : readings) {
    const std::size_t at = key(*reading.series, reading.quality);
    if (at >= group_of_.size()) group_of_.resize(std::max(at + 1, group_of_.size() * 2));
    std::uint32_t& group = group_of_[at];
    if (group == 0) {
      groups_.push_back({reading.series, reading.quality, 0, 0});
      group = static_cast<std::uint32_t>(groups_.size());
    }
    ++groups_[group - 1].size;
    group_index_.push_back(group - 1);
  }
  for (const Group& group : groups_) group_of_[key(*group.series, group.quality)] = 0;
}

void BatchEncoder::FillColumns(std::span<const Reading> readings) {
  std::size_t begin = 0;
  for (Group& group : groups_) {
    group.begin = begin;
    begin += group.size;
    group.size = 0;
  }
  times_.resize(begin);
  values_.resize(begin);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    Group& group = groups_[group_index_[i]];
    const std::size_t at = group.begin + group.size++;
    times_[at] = Microseconds(readings[i].time);
    values_[at] = readings[i].value;
  }
}

void BatchEncoder::ShareTimes() {
  columns_.clear();
  column_.clear();
  for (Group& group : groups_) {
    const std::span<const std::int64_t> times(times_.data() + group.begin, group.size);
    group.times = columns_.size();
    const auto [known, is_new] = column_.try_emplace(Hash(times), group.times);
    if (!is_new) {
      const TimesColumn& column = columns_[known->second];
      const std::span<const std::int64_t> same(times_.data() + column.begin, column.size);
      if (std::ranges::equal(times, same)) {
        group.times = known->second;
        continue;
      }
    }
    columns_.push_back({group.begin, group.size});
  }
}

void BatchEncoder::AddSeries(const Group& group) {
  const Series& series = *group.series;
  const bool is_catalogued = series.catalogued != nullptr;
  message_.add_signals(is_catalogued ? static_cast<pb::Signal>(series.catalogued->number)
                                     : pb::SIGNAL_UNSPECIFIED);
  if (!is_catalogued) bits_.Number(StringIndex(series.name));
  bits_.Number(series.labels.size());
  for (const auto& [name, value] : series.labels) {
    bits_.Number(StringIndex(name));
    bits_.Number(StringIndex(value));
  }
  bits_.Number(static_cast<std::uint64_t>(ToProto(group.quality)));
  bits_.Number(group.times);

  const std::span<const double> values(values_.data() + group.begin, group.size);
  const int decimals =
      FewestDecimals(values, is_catalogued ? series.catalogued->decimals : kMaxDecimals);
  if (Scale(values, decimals, !is_catalogued, scaled_)) {
    writer_.Write(scaled_, decimals, bits_);
  } else {
    ColumnWriter::Write(values, bits_);
  }
}

std::uint32_t BatchEncoder::StringIndex(const std::string& text) {
  const auto next = static_cast<std::uint32_t>(message_.strings_size());
  const auto [known, is_new] = string_.try_emplace(text, next);
  if (is_new) message_.add_strings(text);
  return known->second;
}

void BatchEncoder::AddRows(std::span<const Reading> readings) {
  for (const Reading& reading : readings) {
    pb::Row& row = *message_.add_rows();
    row.set_signal(reading.series->name);
    for (const auto& [name, value] : reading.series->labels) (*row.mutable_labels())[name] = value;
    row.set_time_us(Microseconds(reading.time));
    row.set_value(reading.value);
    row.set_quality(ToProto(reading.quality));
  }
}

}  // namespace fleet_edge::uplink
