#include "drivers/gnss/nmea.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/nmea_sentence.h"
#include "drivers/number.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr double kKmhPerKnot = 1.852;

/// Reads a field; an empty one changes nothing, the first of several stays. False when it is no
/// number.
bool ReadNumber(std::string_view text, std::optional<double>& value, double scale = 1) {
  if (text.empty()) return true;
  const auto number = ParseNumber(text);
  if (number && !value) value = *number * scale;
  return number.has_value();
}

/// Latitude and longitude in four fields from `first` on; all empty changes nothing.
bool ReadPosition(const NmeaSentence& fields, std::size_t first, GnssReport& report) {
  if (fields[first].empty() && fields[first + 1].empty() && fields[first + 2].empty() &&
      fields[first + 3].empty()) {
    return true;
  }
  report.latitude_deg = ParseNmeaAngle(fields[first], fields[first + 1], 'N', 'S', 90);
  report.longitude_deg = ParseNmeaAngle(fields[first + 2], fields[first + 3], 'E', 'W', 180);
  return report.latitude_deg && report.longitude_deg;
}

/// Modes of RMC and GNS (NMEA 0183 4.1): M typed in by hand, S a simulation.
bool IsDoubtful(std::string_view mode) {
  return mode.find_first_of("MS") != std::string_view::npos &&
         mode.find_first_not_of("MSN") == std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> NmeaDecoder::Decode(std::string_view line,
                                                    std::optional<GnssReport>& done) {
  done.reset();
  if (const auto refused = sentence_.Read(Trim(line))) return refused;
  if (sentence_.overflowed()) return reason::kMalformed;
  const std::string_view type = sentence_.type();
  bool read = false;
  if (type == "RMC") {
    read = ReadRmc(sentence_, done);
  } else if (type == "GGA") {
    read = ReadGga(sentence_, done);
  } else if (type == "GNS") {
    read = ReadGns(sentence_, done);
  } else if (type == "GSA") {
    read = ReadGsa(sentence_);
  } else if (type == "VTG") {
    read = ReadVtg(sentence_);
  } else if (type == "ZDA") {
    read = ReadZda(sentence_, done);
  } else {
    return reason::kUnreadType;
  }
  if (!read) return reason::kMalformed;
  return std::nullopt;
}

// Fields: 1 time, 2 status, 3–6 position, 7 speed in knots, 8 course, 9 date, 12 mode (NMEA 2.3
// on), 13 navigational status (4.1 on): U unsafe; V, which most say, only that they don't judge.
bool NmeaDecoder::ReadRmc(const NmeaSentence& fields, std::optional<GnssReport>& done) {
  const bool fixed = fields[2] == "A" && fields[12] != "N";
  if (fields[1].empty()) {  // nothing is known yet, not even the time
    if (!fixed) EnterUntimed();
    return !fixed;
  }
  const auto time = ParseNmeaTime(fields[1]);
  if (!time) return false;
  if (!fixed) {
    Enter(*time, done);
    heard_ = refused_ = true;
    return fields[2] == "V" || fields[2] == "A";
  }
  GnssReport report;
  const auto date = ParseNmeaDate(fields[9]);
  if (!date || !ReadPosition(fields, 3, report) ||
      !ReadNumber(fields[7], report.speed_kmh, kKmhPerKnot) ||
      !ReadNumber(fields[8], report.heading_deg)) {
    return false;
  }
  report.doubtful = IsDoubtful(fields[12]) || fields[13] == "U";
  Enter(*time, done);
  Merge(report);
  date_ = date;
  return true;
}

// Fields: 1 time, 2–5 position, 6 quality, 7 satellites, 8 HDOP, 9 altitude, 10 its unit.
// Quality 6 is dead reckoning, 7 typed in by hand, 8 a simulation.
bool NmeaDecoder::ReadGga(const NmeaSentence& fields, std::optional<GnssReport>& done) {
  if (fields[1].empty()) {
    const bool fixed = !fields[6].empty() && fields[6] != "0";
    if (!fixed) EnterUntimed();
    return !fixed;
  }
  const auto time = ParseNmeaTime(fields[1]);
  const auto quality = ParseInteger<unsigned>(fields[6]);
  if (!time || !quality) return false;
  GnssReport report;
  if (*quality == 0) {
    Enter(*time, done);
    heard_ = true;
    return true;
  }
  if (!ReadPosition(fields, 2, report) || !ReadNumber(fields[7], report.satellites) ||
      !ReadNumber(fields[8], report.hdop) || !ReadNumber(fields[9], report.altitude_m) ||
      (report.altitude_m && fields[10] != "M")) {
    return false;
  }
  report.doubtful = *quality == 7 || *quality == 8;
  Enter(*time, done);
  // Of all others a fix by no satellite is none.
  if (report.satellites == 0 && *quality != 6) {
    heard_ = refused_ = true;
  } else {
    Merge(report);
  }
  return true;
}

// Fields: 1 time, 2–5 position, 6 a mode for each satellite system, 7 satellites of all of them,
// 8 HDOP, 9 altitude in metres.
bool NmeaDecoder::ReadGns(const NmeaSentence& fields, std::optional<GnssReport>& done) {
  const bool fixed = fields[6].find_first_not_of('N') != std::string_view::npos;
  if (fields[1].empty()) {
    if (!fixed) EnterUntimed();
    return !fixed;
  }
  const auto time = ParseNmeaTime(fields[1]);
  if (!time) return false;
  GnssReport report;
  if (fixed && (!ReadPosition(fields, 2, report) || !ReadNumber(fields[7], report.satellites) ||
                !ReadNumber(fields[8], report.hdop) || !ReadNumber(fields[9], report.altitude_m))) {
    return false;
  }
  report.doubtful = IsDoubtful(fields[6]);
  Enter(*time, done);
  heard_ = true;
  if (fixed) Merge(report);
  return true;
}

// Fields: 2 mode (1 none, 2 two-dimensional, 3 three-dimensional), 16 HDOP. One for each satellite
// system, of which some have no fix.
bool NmeaDecoder::ReadGsa(const NmeaSentence& fields) {
  GnssReport report;
  const auto mode = ParseInteger<unsigned>(fields[2]);
  if (!mode || *mode < 1 || *mode > 3 || !ReadNumber(fields[16], report.hdop)) return false;
  if (!time_of_day_ || closed_) {
    if (*mode == 1) EnterUntimed();
    return true;  // of no epoch
  }
  mode_ = std::max<double>(mode_, *mode);
  if (*mode > 1 && !epoch_.hdop) epoch_.hdop = report.hdop;
  return true;
}

// Fields: 1 course, 2 T, 5 knots, 6 N, 7 km/h, 8 K, 9 mode (NMEA 2.3 on). Knots come first: km/h
// are rounded from them.
bool NmeaDecoder::ReadVtg(const NmeaSentence& fields) {
  if (fields[9] == "N") return true;
  GnssReport report;
  const bool read = ReadNumber(fields[1], report.heading_deg) &&
                    ReadNumber(fields[5], report.speed_kmh, kKmhPerKnot) &&
                    ReadNumber(fields[7], report.speed_kmh);
  if (!read) return false;
  if (!time_of_day_ || closed_) return true;  // of no epoch
  if (!epoch_.heading_deg) epoch_.heading_deg = report.heading_deg;
  if (!epoch_.speed_kmh) epoch_.speed_kmh = report.speed_kmh;
  return true;
}

// Fields: 1 time, 2 day, 3 month, 4 year. It says nothing of the fix.
bool NmeaDecoder::ReadZda(const NmeaSentence& fields, std::optional<GnssReport>& done) {
  if (fields[1].empty()) return true;
  const auto time = ParseNmeaTime(fields[1]);
  const auto date = ParseNmeaDate(fields[2], fields[3], fields[4]);
  const bool dateless = fields[2].empty() && fields[3].empty() && fields[4].empty();
  if (!time || (!date && !dateless)) return false;
  Enter(*time, done);
  if (!date_) date_ = date;
  return true;
}

void NmeaDecoder::Merge(const GnssReport& report) {
  const auto highest = std::max(epoch_.satellites, report.satellites);
  for (const GnssValue& value : kGnssValues) {
    auto& kept = epoch_.*value.value;
    if (!kept) kept = report.*value.value;
  }
  epoch_.satellites = highest;
  epoch_.doubtful = epoch_.doubtful || report.doubtful;
  heard_ = fixed_ = true;
}

void NmeaDecoder::Enter(Duration time_of_day, std::optional<GnssReport>& done) {
  if (time_of_day_ ? time_of_day_ != time_of_day : closed_) {
    done = Finish();
    Reset();
  }
  time_of_day_ = time_of_day;
}

void NmeaDecoder::EnterUntimed() {
  if (closed_) Reset();
  heard_ = true;
}

void NmeaDecoder::Reset() {
  time_of_day_.reset();
  epoch_ = {};
  once_.Reset();
  mode_ = 0;
  heard_ = closed_ = fixed_ = refused_ = false;
  date_.reset();
}

std::optional<UtcTime> NmeaDecoder::Date(Duration time_of_day) const {
  if (!dated_) return std::nullopt;
  std::chrono::sys_days date = dated_->date;
  if (time_of_day + hours(12) < dated_->at) date += days(1);
  if (time_of_day > dated_->at + hours(12)) date -= days(1);
  return date + time_of_day;
}

std::optional<GnssReport> NmeaDecoder::Finish() {
  closed_ = true;
  if (!heard_) return std::nullopt;
  heard_ = false;
  if (!time_of_day_ || !fixed_ || refused_) {
    GnssReport none;
    none.fix = 1;
    if (time_of_day_) none.time = Date(*time_of_day_);
    return none;
  }
  if (date_) dated_ = {*date_, *time_of_day_};
  epoch_.time = Date(*time_of_day_);
  if (epoch_.time) dated_ = {std::chrono::floor<days>(*epoch_.time), *time_of_day_};
  if (!epoch_.fix) epoch_.fix = mode_ >= 2 ? mode_ : epoch_.altitude_m ? 3 : 2;
  return once_.Take(epoch_);
}

}  // namespace fleet_edge::drivers
