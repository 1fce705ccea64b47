#include "simulators/interfaces/gpsd_report.h"

#include <doctest/doctest.h>

#include <string>

#include "core/time.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

constexpr UtcTime kAt{Duration{1'700'000'000'120'000}};
constexpr VehicleState::Gnss kFix{.fix = 3,
                                  .latitude_deg = 46.498293369,
                                  .longitude_deg = 7.567411672,
                                  .altitude_m = 1343.127,
                                  .heading_deg = 90,
                                  .speed_kmh = 36,
                                  .hdop = 0.9,
                                  .satellites = 1};

}  // namespace

TEST_CASE("gpsd report: a fix, in metres a second and above the sea") {
  CHECK(GpsdTpv("/dev/ttyACM0", kFix, kAt) ==
        R"({"class":"TPV","device":"/dev/ttyACM0","mode":3,"time":"2023-11-14T22:13:20.120Z",)"
        R"("ept":0.005,"lat":46.498293369,"lon":7.567411672,"altHAE":1390.127,"altMSL":1343.127,)"
        R"("alt":1343.127,"epv":5.75,"track":90,"speed":10,"climb":0,"eps":0.5})"
        "\r\n");
  CHECK(GpsdSky("/dev/ttyACM0", kFix, kAt) ==
        R"({"class":"SKY","device":"/dev/ttyACM0","time":"2023-11-14T22:13:20.120Z","hdop":0.9,)"
        R"("nSat":1,"uSat":1,"satellites":[{"PRN":1,"el":5,"az":25,"ss":40,"used":true,)"
        R"("gnssid":0,"svid":1}]})"
        "\r\n");
}

TEST_CASE("gpsd report: what isn't known is not there") {
  CHECK(GpsdTpv("d", {}, kAt) ==
        R"({"class":"TPV","device":"d","mode":1,"time":"2023-11-14T22:13:20.120Z","ept":0.005})"
        "\r\n");
  VehicleState::Gnss flat = kFix;
  flat.fix = 2;
  CHECK(GpsdTpv("d", flat, kAt).find("alt") == std::string::npos);
}

TEST_CASE("gpsd report: the greeting, the devices and the watch") {
  CHECK(GpsdVersion() ==
        R"({"class":"VERSION","release":"3.25","rev":"3.25","proto_major":3,"proto_minor":15})"
        "\r\n");
  CHECK(GpsdDevices({}, kAt) == "{\"class\":\"DEVICES\",\"devices\":[]}\r\n");
  CHECK(GpsdDevices("/dev/ttyACM0", kAt).find(R"("path":"/dev/ttyACM0")") != std::string::npos);
  CHECK(GpsdWatch(true).starts_with(R"({"class":"WATCH","enable":true,"json":true,)"));
  CHECK(GpsdError("Unrecognized request '?X'") ==
        "{\"class\":\"ERROR\",\"message\":\"Unrecognized request '?X'\"}\r\n");
}

}  // namespace fleet_edge::simulators
