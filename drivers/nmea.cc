#include "drivers/nmea.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/time.h"
#include "drivers/gnss_report.h"
#include "drivers/number.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kMaxFields = 40;
constexpr double kKmhPerKnot = 1.852;

/// Fields of the sentence between `$` and `*`; those after the last one read as empty.
struct Split {
  std::array<std::string_view, kMaxFields> fields;

  explicit Split(std::string_view body) {
    for (std::size_t i = 0; i < kMaxFields && !body.empty(); ++i) {
      const std::size_t comma = std::min(body.find(','), body.size());
      fields[i] = body.substr(0, comma);
      body.remove_prefix(std::min(comma + 1, body.size()));
    }
  }
};

/// Takes `$…*hh` off its frame. Returns why it can't.
std::optional<std::string_view> Unframe(std::string_view line, std::string_view& body) {
  if (line.size() > NmeaDecoder::kMaxSentence) return reason::kTooLarge;
  if (!line.starts_with('$') || line.find('$', 1) != std::string_view::npos)
    return reason::kMalformed;
  const std::size_t star = line.rfind('*');
  if (star == std::string_view::npos) return reason::kNoChecksum;
  body = line.substr(1, star - 1);
  const auto told = ParseInteger<std::uint8_t>(line.substr(star + 1), 16);
  if (!told || line.size() - star != 3) return reason::kChecksum;
  unsigned char sum = 0;
  for (const char c : body) sum ^= static_cast<unsigned char>(c);
  if (sum != *told) return reason::kChecksum;
  return std::nullopt;
}

/// Two digits at `at`, or nothing.
std::optional<int> TwoDigits(std::string_view text, std::size_t at) {
  const auto digit = [&](std::size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
  };
  if (!digit(at) || !digit(at + 1)) return std::nullopt;
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

/// `hhmmss[.sss]`; 60 stands for a leap second.
std::optional<Duration> ParseTimeOfDay(std::string_view text) {
  const auto hour = TwoDigits(text, 0);
  const auto minute = TwoDigits(text, 2);
  const auto second = TwoDigits(text, 4);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  Duration fraction{};
  if (text.size() > 6) {
    const auto part = text[6] == '.' ? ParseNumber(text.substr(6)) : std::nullopt;
    if (!part) return std::nullopt;
    fraction = Duration(std::llround(*part * 1e6));
  }
  return hours(*hour) + minutes(*minute) + seconds(*second) + fraction;
}

/// `ddmmyy` of the years 1980–2079: GPS has no earlier ones.
std::optional<std::chrono::sys_days> ParseDate(std::string_view text) {
  const auto day = TwoDigits(text, 0);
  const auto month = TwoDigits(text, 2);
  const auto year = TwoDigits(text, 4);
  if (text.size() != 6 || !day || !month || !year) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(*year < 80 ? 2000 + *year : 1900 + *year),
      std::chrono::month(static_cast<unsigned>(*month)),
      std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

/// `[d]ddmm.mmmm` and its hemisphere, `plus` or `minus`.
std::optional<double> ParseAngle(std::string_view text, std::string_view hemisphere, char plus,
                                 char minus, double max) {
  const std::size_t point = std::min(text.find('.'), text.size());
  if (point < 3 || hemisphere.size() != 1) return std::nullopt;
  const auto degrees = ParseInteger<unsigned>(text.substr(0, point - 2));
  const auto in_minutes = ParseNumber(text.substr(point - 2));
  if (!degrees || !in_minutes || !(*in_minutes >= 0) || *in_minutes >= 60) return std::nullopt;
  const double angle = *degrees + *in_minutes / 60;
  if (angle > max) return std::nullopt;
  if (hemisphere[0] == plus) return angle;
  if (hemisphere[0] == minus) return -angle;
  return std::nullopt;
}

/// Reads a field; an empty one changes nothing, the first of an epoch stays. False when it is no
/// number.
bool ReadNumber(std::string_view text, std::optional<double>& value, double scale = 1) {
  if (text.empty()) return true;
  const auto number = ParseNumber(text);
  if (number && !value) value = *number * scale;
  return number.has_value();
}

/// Latitude and longitude in four fields; all empty changes nothing.
bool ReadPosition(std::span<const std::string_view> fields, GnssReport& report) {
  if (std::ranges::all_of(fields.first(4), &std::string_view::empty)) return true;
  const auto latitude = ParseAngle(fields[0], fields[1], 'N', 'S', 90);
  const auto longitude = ParseAngle(fields[2], fields[3], 'E', 'W', 180);
  if (!latitude || !longitude) return false;
  if (!report.latitude_deg) {
    report.latitude_deg = latitude;
    report.longitude_deg = longitude;
  }
  return true;
}

}  // namespace

std::optional<std::string_view> NmeaDecoder::Decode(std::string_view line,
                                                    std::optional<GnssReport>& done) {
  done.reset();
  std::string_view body;
  if (const auto refused = Unframe(Trim(line), body)) return refused;
  // A talker of two letters and a type of three; P stands for a maker's own sentences.
  const std::string_view address = body.substr(0, body.find(','));
  const std::string_view type = address.size() == 5 && address[0] != 'P' ? address.substr(2) : "";
  if (type != "RMC" && type != "GGA" && type != "VTG") return reason::kUnreadType;
  if (static_cast<std::size_t>(std::ranges::count(body, ',')) >= kMaxFields) {
    return reason::kMalformed;
  }
  const Split split(body);
  const bool read = type == "RMC"   ? ReadRmc(split.fields, done)
                    : type == "GGA" ? ReadGga(split.fields, done)
                                    : ReadVtg(split.fields);
  if (!read) return reason::kMalformed;
  return std::nullopt;
}

// Fields: 1 time, 2 status, 3–6 position, 7 speed in knots, 8 course, 9 date, 12 mode (NMEA 2.3
// on).
bool NmeaDecoder::ReadRmc(Fields fields, std::optional<GnssReport>& done) {
  const bool fixed = fields[2] == "A" && fields[12] != "N";
  if (fields[1].empty()) return !fixed;  // nothing is known yet, not even the time
  const auto time = ParseTimeOfDay(fields[1]);
  if (!time) return false;
  if (!fixed) {
    Enter(*time, done);
    refused_ = true;
    return fields[2] == "V" || fields[2] == "A";
  }
  GnssReport report;
  const auto date = ParseDate(fields[9]);
  if (!date || !ReadPosition(fields.subspan(3), report) ||
      !ReadNumber(fields[7], report.speed_kmh, kKmhPerKnot) ||
      !ReadNumber(fields[8], report.heading_deg)) {
    return false;
  }
  Enter(*time, done);
  Merge(report);
  dated_ = {*date, *time};
  return true;
}

// Fields: 1 time, 2–5 position, 6 quality, 7 satellites, 8 HDOP, 9 altitude, 10 its unit.
bool NmeaDecoder::ReadGga(Fields fields, std::optional<GnssReport>& done) {
  if (fields[1].empty()) return fields[6].empty() || fields[6] == "0";
  const auto time = ParseTimeOfDay(fields[1]);
  const auto quality = ParseInteger<unsigned>(fields[6]);
  if (!time || !quality) return false;
  GnssReport report;
  if (*quality == 0) {
    Enter(*time, done);
    return true;
  }
  if (!ReadPosition(fields.subspan(2), report) || !ReadNumber(fields[7], report.satellites) ||
      !ReadNumber(fields[8], report.hdop) || !ReadNumber(fields[9], report.altitude_m) ||
      (report.altitude_m && fields[10] != "M")) {
    return false;
  }
  Enter(*time, done);
  // Quality 6 is dead reckoning; of all others a fix by no satellite is none.
  if (report.satellites == 0 && *quality != 6) {
    refused_ = true;
  } else {
    Merge(report);
  }
  return true;
}

// Fields: 1 course, 2 T, 5 knots, 6 N, 7 km/h, 8 K, 9 mode (NMEA 2.3 on). Knots come first: km/h
// are rounded from them.
bool NmeaDecoder::ReadVtg(Fields fields) {
  if (fields[9] == "N") return true;
  GnssReport report;
  const bool read = ReadNumber(fields[1], report.heading_deg) &&
                    ReadNumber(fields[5], report.speed_kmh, kKmhPerKnot) &&
                    ReadNumber(fields[7], report.speed_kmh);
  if (!read) return false;
  if (!time_of_day_) return true;  // of no epoch
  if (!epoch_.heading_deg) epoch_.heading_deg = report.heading_deg;
  if (!epoch_.speed_kmh) epoch_.speed_kmh = report.speed_kmh;
  return true;
}

void NmeaDecoder::Merge(const GnssReport& report) {
  const auto keep_first = [](std::optional<double>& kept, const std::optional<double>& next) {
    if (!kept) kept = next;
  };
  keep_first(epoch_.latitude_deg, report.latitude_deg);
  keep_first(epoch_.longitude_deg, report.longitude_deg);
  keep_first(epoch_.altitude_m, report.altitude_m);
  keep_first(epoch_.heading_deg, report.heading_deg);
  keep_first(epoch_.speed_kmh, report.speed_kmh);
  keep_first(epoch_.hdop, report.hdop);
  keep_first(epoch_.satellites, report.satellites);
  fixed_ = true;
}

void NmeaDecoder::Enter(Duration time_of_day, std::optional<GnssReport>& done) {
  if (time_of_day_ == time_of_day) return;
  done = Finish();
  time_of_day_ = time_of_day;
}

std::optional<GnssReport> NmeaDecoder::Finish() {
  std::optional<GnssReport> report;
  if (time_of_day_ && fixed_ && !refused_) {
    if (dated_) {
      // Half a day back is tomorrow, not earlier today.
      if (*time_of_day_ + hours(12) < dated_->at) dated_->date += std::chrono::days(1);
      dated_->at = *time_of_day_;
      epoch_.time = dated_->date + *time_of_day_;
    }
    report = epoch_;
  }
  time_of_day_.reset();
  epoch_ = {};
  fixed_ = false;
  refused_ = false;
  return report;
}

}  // namespace fleet_edge::drivers
