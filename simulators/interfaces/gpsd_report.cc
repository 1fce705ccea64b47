#include "simulators/interfaces/gpsd_report.h"

#include <chrono>
#include <cmath>
#include <string>
#include <string_view>

#include "core/time.h"
#include "simulators/json_writer.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

using Gnss = VehicleState::Gnss;

constexpr double kKmhPerMps = 3.6;
// Decimals with which gpsd's json_tpv_dump() writes.
constexpr double kAngleSteps = 1e9;
constexpr double kAltitudeSteps = 1e4;
constexpr double kTrackSteps = 1e4;
constexpr double kSpeedSteps = 1e3;
constexpr double kHdopSteps = 1e2;

double Rounded(double value, double per_unit) { return std::round(value * per_unit) / per_unit; }

JsonWriter Begin(std::string_view name) {
  JsonWriter json;
  json.BeginObject().Member("class", name);
  return json;
}

std::string Line(JsonWriter& json) { return json.EndObject().text() + "\r\n"; }

/// With three decimals, as gpsd writes it.
std::string Iso(UtcTime time) {
  std::string text = ToString(UtcTime(std::chrono::floor<std::chrono::milliseconds>(time)));
  if (text.find('.') == std::string::npos) text.insert(text.size() - 1, ".000");
  return text;
}

}  // namespace

std::string GpsdVersion() {
  JsonWriter json = Begin("VERSION");
  json.Member("release", "3.25").Member("rev", "3.25");
  json.Member("proto_major", 3).Member("proto_minor", 15);
  return Line(json);
}

std::string GpsdDevices(std::string_view device, UtcTime activated) {
  JsonWriter json = Begin("DEVICES");
  json.Key("devices").BeginArray();
  if (!device.empty()) {
    json.BeginObject().Member("class", "DEVICE").Member("path", device);
    json.Member("driver", "NMEA0183").Member("activated", Iso(activated)).Member("flags", 1);
    json.Member("native", 0).Member("bps", 9600).Member("parity", "N").Member("stopbits", 1);
    json.Member("cycle", 1.0).EndObject();
  }
  json.EndArray();
  return Line(json);
}

std::string GpsdWatch(bool enabled) {
  JsonWriter json = Begin("WATCH");
  json.Member("enable", enabled).Member("json", enabled).Member("nmea", false).Member("raw", 0);
  json.Member("scaled", false).Member("timing", false).Member("split24", false);
  json.Member("pps", false);
  return Line(json);
}

std::string GpsdTpv(std::string_view device, const Gnss& gnss, UtcTime time) {
  JsonWriter json = Begin("TPV");
  json.Member("device", device).Member("mode", gnss.fix);
  json.Member("time", Iso(time)).Member("ept", 0.005);
  if (gnss.fix >= 2) {
    const Gnss told = AsGpsdTells(gnss);
    json.Member("lat", told.latitude_deg).Member("lon", told.longitude_deg);
    if (gnss.fix == 3) {
      json.Member("altHAE", told.altitude_m + 47).Member("altMSL", told.altitude_m);
      json.Member("alt", told.altitude_m).Member("epv", 5.75);
    }
    json.Member("track", told.heading_deg);
    json.Member("speed", Rounded(gnss.speed_kmh / kKmhPerMps, kSpeedSteps));
    json.Member("climb", 0.0).Member("eps", 0.5);
  }
  return Line(json);
}

std::string GpsdSky(std::string_view device, const Gnss& gnss, UtcTime time) {
  JsonWriter json = Begin("SKY");
  json.Member("device", device).Member("time", Iso(time));
  if (gnss.fix >= 2) json.Member("hdop", AsGpsdTells(gnss).hdop);
  json.Member("nSat", gnss.satellites).Member("uSat", gnss.satellites);
  json.Key("satellites").BeginArray();
  for (int satellite = 1; satellite <= gnss.satellites; ++satellite) {
    json.BeginObject().Member("PRN", satellite).Member("el", 5.0 * satellite);
    json.Member("az", 25.0 * satellite).Member("ss", 40.0).Member("used", true);
    json.Member("gnssid", 0).Member("svid", satellite).EndObject();
  }
  json.EndArray();
  return Line(json);
}

Gnss AsGpsdTells(const Gnss& gnss) {
  Gnss told = gnss;
  told.latitude_deg = Rounded(gnss.latitude_deg, kAngleSteps);
  told.longitude_deg = Rounded(gnss.longitude_deg, kAngleSteps);
  told.altitude_m = Rounded(gnss.altitude_m, kAltitudeSteps);
  told.heading_deg = Rounded(gnss.heading_deg, kTrackSteps);
  told.speed_kmh = Rounded(gnss.speed_kmh / kKmhPerMps, kSpeedSteps) * kKmhPerMps;
  told.hdop = Rounded(gnss.hdop, kHdopSteps);
  return told;
}

std::string GpsdError(std::string_view message) {
  JsonWriter json = Begin("ERROR");
  json.Member("message", message);
  return Line(json);
}

}  // namespace fleet_edge::simulators
