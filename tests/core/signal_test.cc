#include "core/signal.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "core/unit.h"
#include "fleet/v1/signal.pb.h"

namespace fleet_edge {
namespace {

TEST_CASE("Signal: the catalogue and the wire's enum agree, name by name and number by number") {
  const auto* const wire = fleet::v1::Signal_descriptor();
  REQUIRE(static_cast<std::size_t>(wire->value_count()) == SignalCatalogue().size() + 1);
  for (const Signal& signal : SignalCatalogue()) {
    CAPTURE(signal.name);
    std::string name = "SIGNAL_" + std::string(signal.name);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::toupper(c); });
    const auto* const value = wire->FindValueByName(name);
    REQUIRE(value != nullptr);
    CHECK(value->number() == static_cast<int>(signal.number));
  }
}

TEST_CASE("Signal: names are unique and valid, ranges are ranges, units convert to themselves") {
  std::set<std::string_view> names;
  for (const Signal& signal : SignalCatalogue()) {
    CAPTURE(signal.name);
    CHECK(names.insert(signal.name).second);
    CHECK(IsSignalName(signal.name));
    CHECK(signal.min < signal.max);
    CHECK(signal.decimals >= 0);
    CHECK(signal.decimals <= 9);
    CHECK(signal.period > Duration{0});
    CHECK((signal.unit.empty() || FindConversion(signal.unit, signal.unit)));
  }
}

TEST_CASE("Signal: a name is found, a misspelt one has a neighbour") {
  REQUIRE(FindSignal("engine_coolant_celsius") != nullptr);
  CHECK(FindSignal("engine_coolant_celsius")->unit == "°C");
  CHECK(FindSignal("engine_coolant") == nullptr);
  CHECK(NearestSignal("engine_coolent_celsius") == "engine_coolant_celsius");
  CHECK(NearestSignal("zz").empty());
}

}  // namespace
}  // namespace fleet_edge
