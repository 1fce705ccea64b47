#include "drivers/gnss/gpsd.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/io/json_codec.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

// gpsd_json(5). `alt` is altMSL's older name; altitudes above the ellipsoid (altHAE) are none above
// the sea.
enum Field : std::size_t {
  kClass,
  kDevice,
  kPath,
  kFirstPath,
  kMessage,
  kTime,
  kActivated,
  kProtocol,
  kMode,
  kStatus,
  kLatitude,
  kLongitude,
  kAltitudeMsl,
  kAltitude,
  kTrack,
  kSpeed,
  kHdop,
  kSatellites,
  kFields
};
constexpr std::array<const char*, kFields> kPointers{
    "/class",     "/device",      "/path",  "/devices/0/path", "/message", "/time",
    "/activated", "/proto_major", "/mode",  "/status",         "/lat",     "/lon",
    "/altMSL",    "/alt",         "/track", "/speed",          "/hdop",    "/uSat"};

constexpr double kKmhPerMps = 3.6;

// TPV.status: 8 is a simulation.
constexpr double kSimulated = 8;

constexpr std::array<std::pair<std::string_view, GpsdMessage::Kind>, 6> kClasses{{
    {"TPV", GpsdMessage::Kind::kFix},
    {"SKY", GpsdMessage::Kind::kSky},
    {"VERSION", GpsdMessage::Kind::kVersion},
    {"DEVICE", GpsdMessage::Kind::kDevice},
    {"DEVICES", GpsdMessage::Kind::kDevices},
    {"ERROR", GpsdMessage::Kind::kError},
}};

JsonCodec MakeCodec() {
  std::vector<JsonCodec::Field> fields;
  fields.reserve(kFields);
  for (std::size_t i = 0; i < kFields; ++i) {
    fields.push_back({.pointer = kPointers.at(i), .conversion = {}, .text = i <= kActivated});
  }
  fields[kSpeed].conversion.scale = kKmhPerMps;
  return std::move(JsonCodec::Make(std::move(fields), std::nullopt).value());
}

}  // namespace

GpsdDecoder::GpsdDecoder() : codec_(MakeCodec()) {}

std::optional<std::string_view> GpsdDecoder::Decode(std::string_view line, GpsdMessage& message) {
  message = {};
  if (const auto refused = codec_.Decode(line, parser_, out_)) return refused;
  const std::string_view name = TextOf(kClass);
  if (name.empty()) return reason::kMalformed;
  const auto* const found =
      std::ranges::find(kClasses, name, &std::pair<std::string_view, GpsdMessage::Kind>::first);
  if (found == kClasses.end()) return reason::kUnreadType;
  message.kind = found->second;
  switch (message.kind) {
    case GpsdMessage::Kind::kFix:
    case GpsdMessage::Kind::kSky:
      return ReadReport(message);
    case GpsdMessage::Kind::kVersion:
      message.protocol = NumberOf(kProtocol).value_or(0);
      break;
    case GpsdMessage::Kind::kDevice:
      message.device = TextOf(kPath);
      message.active = !IsWrong(kActivated);  // when it was, or the number 0
      break;
    case GpsdMessage::Kind::kDevices:
      message.device = TextOf(kFirstPath);
      break;
    case GpsdMessage::Kind::kError:
      message.text = TextOf(kMessage);
      break;
    case GpsdMessage::Kind::kOther:
      break;
  }
  return std::nullopt;
}

std::optional<std::string_view> GpsdDecoder::ReadReport(GpsdMessage& message) const {
  if (!out_.faults.empty()) return reason::kWrongType;
  message.device = TextOf(kDevice);
  GnssReport& report = message.report;
  if (message.kind == GpsdMessage::Kind::kSky) {
    report.hdop = NumberOf(kHdop);
    report.satellites = NumberOf(kSatellites);
    return std::nullopt;
  }
  const auto mode = NumberOf(kMode);
  if (!mode) return reason::kMissing;
  if (*mode != 0 && *mode != 1 && *mode != 2 && *mode != 3) return reason::kMalformed;
  report.fix = mode;
  if (const std::string_view time = TextOf(kTime); !time.empty()) {
    report.time = ParseUtcTime(time);
    if (!report.time) return reason::kBadTime;
  }
  if (*mode < 2) return std::nullopt;  // whatever else it says is old
  report.latitude_deg = NumberOf(kLatitude);
  report.longitude_deg = NumberOf(kLongitude);
  report.heading_deg = NumberOf(kTrack);
  report.speed_kmh = NumberOf(kSpeed);
  if (*mode == 3) report.altitude_m = NumberOf(kAltitudeMsl);
  if (*mode == 3 && !report.altitude_m) report.altitude_m = NumberOf(kAltitude);
  report.doubtful = NumberOf(kStatus) == kSimulated;
  return std::nullopt;
}

std::string_view GpsdDecoder::TextOf(std::size_t field) const {
  const auto found = std::ranges::find(out_.texts, field, &JsonCodec::Text::field);
  return found == out_.texts.end() ? std::string_view() : found->text;
}

std::optional<double> GpsdDecoder::NumberOf(std::size_t field) const {
  const auto found = std::ranges::find(out_.values, field, &JsonCodec::Value::field);
  if (found == out_.values.end()) return std::nullopt;
  return found->value;
}

bool GpsdDecoder::IsWrong(std::size_t field) const {
  return std::ranges::find(out_.faults, field, &JsonCodec::Fault::field) != out_.faults.end();
}

}  // namespace fleet_edge::drivers
