#include "core/unit.h"

#include <doctest/doctest.h>

namespace fleet_edge {
namespace {

TEST_CASE("Unit: values convert to the catalogue's units") {
  CHECK((*FindConversion("m/s", "km/h"))(10) == doctest::Approx(36));
  CHECK((*FindConversion("F", "°C"))(212) == doctest::Approx(100));
  CHECK((*FindConversion("F", "°C"))(-40) == doctest::Approx(-40));
  CHECK((*FindConversion("K", "°C"))(273.15) == doctest::Approx(0));
  CHECK((*FindConversion("knots", "km/h"))(1) == 1.852);
  CHECK((*FindConversion("psi", "kPa"))(100) == doctest::Approx(689.4757));
}

TEST_CASE("Unit: the same unit loses nothing") {
  CHECK((*FindConversion("°C", "°C"))(36.6) == 36.6);
}

TEST_CASE("Unit: what measures something else does not convert") {
  CHECK_FALSE(FindConversion("m/s", "°C"));
  CHECK_FALSE(FindConversion("furlong", "m"));
  CHECK(ConvertibleUnits("km/h") == "km/h, kmh, m/s, mph, knots");
}

}  // namespace
}  // namespace fleet_edge
