#include "drivers/gnss/genivi.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/number.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

using Fields = std::span<const std::string_view>;

// Columns and bits: GENIVI positioning, gnss.h (TGNSSTime, TGNSSPosition) and acceleration.h
// (TAccelerationData); the columns count from the type's.
constexpr std::size_t kStamp = 1;
constexpr std::size_t kTimeColumns = 12;
constexpr std::size_t kPositionColumns = 25;
constexpr std::size_t kAccelerationColumns = 7;
constexpr std::uint32_t kTimeAndDateValid = 0x3;
constexpr std::uint32_t kScaleValid = 0x4;
constexpr std::size_t kFixStatus = 20;
constexpr std::uint32_t kFixStatusValid = 0x40000;

struct Column {
  std::size_t at;
  std::uint32_t valid;  // bit
  std::optional<double> GnssReport::* value;
  double scale;
};
constexpr std::array<Column, 7> kPosition{{
    {2, 0x1, &GnssReport::latitude_deg, 1},
    {3, 0x2, &GnssReport::longitude_deg, 1},
    {4, 0x4, &GnssReport::altitude_m, 1},
    {6, 0x10, &GnssReport::speed_kmh, 3.6},
    {8, 0x40, &GnssReport::heading_deg, 1},
    {10, 0x100, &GnssReport::hdop, 1},
    {12, 0x400, &GnssReport::satellites, 1},
}};

/// The last column, `0X003C67DF`.
std::optional<std::uint32_t> ValidBits(Fields fields) {
  const std::string_view text = fields.back();
  if (!text.starts_with("0X") && !text.starts_with("0x")) return std::nullopt;
  return ParseInteger<std::uint32_t>(text.substr(2), 16);
}

std::optional<int> ParseInt(std::string_view text) { return ParseInteger<int>(text); }

/// False when the field is valid and no number.
bool ReadValid(std::string_view text, bool valid, double scale, std::optional<double>& value) {
  if (!valid) return true;
  const auto number = ParseNumber(text);
  if (number) value = *number * scale;
  return number.has_value();
}

}  // namespace

std::optional<std::string_view> GeniviDecoder::Decode(std::string_view line, Sample& sample) {
  sample = {};
  const std::size_t dollar = line.find('$');
  if (dollar == std::string_view::npos) return reason::kMalformed;
  line.remove_prefix(dollar);
  std::array<std::string_view, kPositionColumns> columns;
  std::size_t count = 0;
  for (bool more = true; more; ++count) {
    if (count == columns.size()) return reason::kMalformed;
    const std::size_t comma = std::min(line.find(','), line.size());
    columns.at(count) = Trim(line.substr(0, comma));
    more = comma < line.size();
    line.remove_prefix(std::min(comma + 1, line.size()));
  }
  const Fields fields(columns.data(), count);
  const bool is_time = fields[0] == "$GVGNSTIM" && count == kTimeColumns;
  const bool is_position = fields[0] == "$GVGNSPOS" && count == kPositionColumns;
  const bool is_acceleration = fields[0] == "$GVSNSACC" && count == kAccelerationColumns;
  if (!is_time && !is_position && !is_acceleration) {
    const bool known =
        fields[0] == "$GVGNSTIM" || fields[0] == "$GVGNSPOS" || fields[0] == "$GVSNSACC";
    return known ? reason::kMalformed : reason::kUnreadType;
  }
  const auto stamp = ParseInteger<std::uint32_t>(fields[kStamp]);
  if (!stamp) return reason::kMalformed;
  const std::chrono::milliseconds at(*stamp);
  const bool read = is_time       ? ReadTime(fields, at)
                    : is_position ? ReadPosition(fields, sample.gnss)
                                  : ReadAcceleration(fields, sample.acceleration);
  if (!read) return reason::kMalformed;
  if (!is_time && !boot_) return reason::kBadTime;
  if (boot_) sample.gnss.time = *boot_ + at;
  return std::nullopt;
}

bool GeniviDecoder::ReadTime(Fields fields, std::chrono::milliseconds stamp) {
  const auto bits = ValidBits(fields);
  if (!bits) return false;
  if ((*bits & kTimeAndDateValid) != kTimeAndDateValid) return true;
  if ((*bits & kScaleValid) != 0 && fields[9] != "00") return true;  // not UTC
  const auto year = ParseInt(fields[2]);
  const auto month = ParseInteger<unsigned>(fields[3]);
  const auto day = ParseInteger<unsigned>(fields[4]);
  const auto hour = ParseInt(fields[5]);
  const auto minute = ParseInt(fields[6]);
  const auto second = ParseInt(fields[7]);
  const auto milli = ParseInt(fields[8]);
  if (!year || !month || !day || !hour || !minute || !second || !milli) return false;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                         std::chrono::day(*day)};
  // GPS begins with 1980; UtcTime can't hold every year that an int can.
  if (!date.ok() || *year < 1980 || *year > 2200 || *hour < 0 || *hour > 23 || *minute < 0 ||
      *minute > 59 || *second < 0 || *second > 60 || *milli < 0 || *milli > 999) {
    return false;
  }
  const UtcTime utc = std::chrono::sys_days(date) + std::chrono::hours(*hour) +
                      std::chrono::minutes(*minute) + std::chrono::seconds(*second) +
                      std::chrono::milliseconds(*milli);
  boot_ = utc - stamp;
  return true;
}

bool GeniviDecoder::ReadPosition(Fields fields, GnssReport& report) {
  const auto bits = ValidBits(fields);
  if (!bits) return false;
  // Status: 0 none, 1 time only, 2 two-dimensional, 3 three-dimensional.
  const auto status = ParseInteger<unsigned>(fields[kFixStatus]);
  if (!status || *status > 3) return false;
  if ((*bits & kFixStatusValid) == 0) return true;
  report.fix = std::max(*status, 1U);
  if (*status < 2) return true;
  return std::ranges::all_of(kPosition, [&](const Column& column) {
    return ReadValid(fields[column.at], (*bits & column.valid) != 0, column.scale,
                     report.*column.value);
  });
}

bool GeniviDecoder::ReadAcceleration(Fields fields, Acceleration& acceleration) {
  const auto bits = ValidBits(fields);
  return bits && ReadValid(fields[2], (*bits & 0x1) != 0, 1, acceleration.longitudinal_mps2) &&
         ReadValid(fields[3], (*bits & 0x2) != 0, 1, acceleration.lateral_mps2) &&
         ReadValid(fields[4], (*bits & 0x4) != 0, 1, acceleration.vertical_mps2);
}

}  // namespace fleet_edge::drivers
