#include "simulators/track.h"

#include <doctest/doctest.h>

#include "simulators/drive_cycle.h"
#include "simulators/recordings.h"

namespace fleet_edge::simulators {
namespace {

constexpr const char* kNorthThenEast =
    "latitude_deg,longitude_deg\n0,0\n0,0\n0.001,0\n0.001,0.001\n";
constexpr double kStepMetres = 111.19;  // a thousandth of a degree

TEST_CASE("Track: it goes from row to row, with the heading of the way") {
  const Track track(kNorthThenEast);
  CHECK(track.metres() == doctest::Approx(2 * kStepMetres).epsilon(1e-3));
  CHECK(track.At(0).heading_deg == doctest::Approx(0));
  CHECK(track.At(kStepMetres / 2).latitude_deg == doctest::Approx(0.0005).epsilon(1e-3));
  CHECK(track.At(1.5 * kStepMetres).longitude_deg == doctest::Approx(0.0005).epsilon(1e-3));
  CHECK(track.At(1.5 * kStepMetres).heading_deg == doctest::Approx(90));
}

TEST_CASE("Track: at its end it turns round") {
  const Track track(kNorthThenEast);
  CHECK(track.At(2.5 * kStepMetres).longitude_deg == doctest::Approx(0.0005).epsilon(1e-2));
  CHECK(track.At(2.5 * kStepMetres).heading_deg == doctest::Approx(270));
  CHECK(track.At(4 * kStepMetres + 1).latitude_deg < 0.00002);
}

TEST_CASE("Track: the recorded one is 5.6 km near Regensburg") {
  const Track track(RegensburgTrack());
  CHECK(track.metres() > 5000);
  CHECK(track.metres() < 6000);
  CHECK(track.At(0).latitude_deg == doctest::Approx(49.0247).epsilon(1e-4));
}

TEST_CASE("DriveCycle: speeds lie between the rows, and the cycle repeats") {
  const DriveCycle cycle("cycSecs,cycMps\n0,0\n1,10\n2,4\n");
  CHECK(cycle.SpeedMps(0.5) == doctest::Approx(5));
  CHECK(cycle.SpeedMps(1.5) == doctest::Approx(7));
  CHECK(cycle.SpeedMps(3) == doctest::Approx(0));
  CHECK(cycle.SpeedMps(4) == doctest::Approx(10));
}

TEST_CASE("DriveCycle: the recorded ones are EPA's") {
  CHECK(DriveCycle(UddsCycle()).seconds() == 1370);
  CHECK(DriveCycle(Us06Cycle()).seconds() == 601);
}

}  // namespace
}  // namespace fleet_edge::simulators
