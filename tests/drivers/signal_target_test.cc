#include "drivers/signal_target.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "core/labels.h"
#include "core/section.h"

namespace fleet_edge::drivers {
namespace {

std::string Refused(std::string_view series, std::string_view unit = {}) {
  return ParseSignalTarget(series, unit).error().message;
}

TEST_CASE("SignalTarget: a series is a name with labels") {
  const SignalTarget target =
      ParseSignalTarget(R"(tire_kpa{axle="1",side="le\"ft"})", "psi").value();
  CHECK(target.signal == "tire_kpa");
  CHECK(target.labels == Labels{{"axle", "1"}, {"side", "le\"ft"}});
  CHECK(target.conversion(100) == doctest::Approx(689.4757));
  CHECK(ParseSignalTarget("door_open{}", {}).value().labels.empty());
  CHECK(ParseSignalTarget(R"(a{b="\\n"})", {}).value().labels.Get("b") == "\\n");
  CHECK(ParseSignalTarget(R"(a{b="x\ny\\"})", {}).value().labels.Get("b") == "x\ny\\");
}

TEST_CASE("SignalTarget: what is no series is refused") {
  for (const std::string_view series :
       {"", "1a", "a b", "{a=\"1\"}", "a{", "a{b}", "a{b=}", "a{b=1}", "a{b=\"1}", "a{b=\"1\"",
        "a{b=\"1\"}x", "a{b=\"1\",b=\"2\"}", "a{1b=\"1\"}", "a{b=\"1\\", "a{b=\"1\" c=\"2\"}"}) {
    CAPTURE(series);
    CHECK_FALSE(ParseSignalTarget(series, {}));
  }
}

TEST_CASE("SignalTarget: a unit that doesn't convert is refused with those that do") {
  CHECK(Refused("vehicle_speed_kmh", "C") ==
        "'C' does not convert to the unit of vehicle_speed_kmh; these do: km/h, kmh, m/s, mph, "
        "knots");
  CHECK(Refused("gnss_hdop", "m") ==
        "'m' does not convert to the unit of gnss_hdop, which is a plain number");
  CHECK(Refused("door_open", "V") ==
        "signal door_open is not in the catalogue, so there is no unit to convert 'V' to");
}

TEST_CASE("SignalTarget: a name that looks misspelt is a warning, a name of one's own is not") {
  Diagnostics diagnostics;
  const Section::Context context{"f.yaml", diagnostics};
  CHECK(ReadSignalTarget("vehicle_sped_kmh", {}, {3, 5}, context));
  REQUIRE(diagnostics.size() == 1);
  CHECK_FALSE(HasErrors(diagnostics));
  CHECK(ToString(diagnostics[0]) ==
        "f.yaml:3:5: warning: signal 'vehicle_sped_kmh' is not in the catalogue: it has no unit "
        "and no range. "
        "Did you mean 'vehicle_speed_kmh'?");
  CHECK(ReadSignalTarget("door_open", {}, {3, 5}, context));
  CHECK(diagnostics.size() == 1);
}

}  // namespace
}  // namespace fleet_edge::drivers
