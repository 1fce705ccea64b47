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
#include "uplink/identity.h"

namespace fleet_edge::uplink {
namespace {

namespace pb = fleet::v1;

constexpr int kMaxDecimals = 9;
constexpr std::array<double, kMaxDecimals + 1> kPowers{1,   1e1, 1e2, 1e3, 1e4,
                                                       1e5, 1e6, 1e7, 1e8, 1e9};

// Scaled values stay below it, so that the difference of two fits 64 bits.
constexpr double kScaledLimit = 0x1p62;

constexpr std::int64_t kDefaultUnit = 1'000;
constexpr std::int64_t kSecond = 1'000'000;

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

/// The largest unit of 1 s, 1 ms and 1 µs in which all times count from `base` without a rest.
std::int64_t UnitOf(std::span<const std::int64_t> times, std::int64_t base) {
  std::int64_t unit = kSecond;
  for (const std::int64_t time : times) {
    const std::int64_t offset = Difference(time, base);
    if (unit == kSecond && offset % kSecond != 0) unit = kDefaultUnit;
    if (unit == kDefaultUnit && offset % kDefaultUnit != 0) return 1;
  }
  return unit;
}

void AddTimes(std::span<const std::int64_t> times, std::int64_t base, pb::Times& column) {
  const std::int64_t unit = UnitOf(times, base);
  if (unit != kDefaultUnit) column.set_unit_us(static_cast<std::uint32_t>(unit));
  auto& deltas = *column.mutable_deltas();
  deltas.Reserve(static_cast<int>(times.size()));
  std::int64_t before = 0;
  std::int64_t interval = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::int64_t at = Difference(times[i], base) / unit;
    const std::int64_t step = Difference(at, before);
    // The offset of the first instant is not an interval: the next one starts from nothing.
    deltas.AddAlreadyReserved(i < 2 ? step : Difference(step, interval));
    interval = step;
    before = at;
  }
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
    GroupBySeries(readings);
    FillColumns(readings);
    columns_.clear();
    column_.clear();
    string_.clear();
    for (const Group& group : groups_) AddSeries(group);
  }
  return message_.SerializeAsString();
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

std::uint32_t BatchEncoder::TimesOf(const Group& group) {
  const std::span<const std::int64_t> times(times_.data() + group.begin, group.size);
  const auto next = static_cast<std::uint32_t>(columns_.size());
  const auto [known, is_new] = column_.try_emplace(Hash(times), next);
  if (!is_new) {
    const TimesColumn& column = columns_[known->second];
    const std::span<const std::int64_t> same(times_.data() + column.begin, column.size);
    if (std::ranges::equal(times, same)) return known->second;
  }
  columns_.push_back({group.begin, group.size});
  AddTimes(times, message_.base_time_us(), *message_.add_times());
  return next;
}

void BatchEncoder::AddSeries(const Group& group) {
  const Series& series = *group.series;
  pb::Series& out = *message_.add_series();
  if (series.catalogued != nullptr) {
    out.set_signal(static_cast<pb::Signal>(series.catalogued->number));
  } else {
    out.set_name(StringIndex(series.name) + 1);
  }
  for (const auto& [name, value] : series.labels) {
    out.add_labels(StringIndex(name));
    out.add_labels(StringIndex(value));
  }
  out.set_quality(ToProto(group.quality));
  out.set_times(TimesOf(group));

  const std::span<const double> values(values_.data() + group.begin, group.size);
  const bool is_catalogued = series.catalogued != nullptr;
  const int decimals =
      FewestDecimals(values, is_catalogued ? series.catalogued->decimals : kMaxDecimals);
  if (!Scale(values, decimals, !is_catalogued, scaled_)) {
    out.mutable_plain()->Add(values.begin(), values.end());
    return;
  }
  out.set_decimals(static_cast<std::uint32_t>(decimals));
  out.mutable_scaled()->Reserve(static_cast<int>(scaled_.size()));
  std::int64_t before = 0;
  for (const std::int64_t scaled : scaled_) {
    out.mutable_scaled()->AddAlreadyReserved(scaled - before);
    before = scaled;
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
