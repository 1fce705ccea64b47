#include "simulators/interfaces/candump_line.h"

#include <doctest/doctest.h>

#include "core/time.h"
#include "simulators/interfaces/bus_frame.h"

namespace fleet_edge::simulators {

TEST_CASE("Candump line: as can-utils writes it, three digits or eight") {
  constexpr UtcTime kAt{Duration{1'436'509'052'249'713}};
  CHECK(CandumpLine(
            {.id = 0x044, .extended = false, .length = 5, .bytes = {0x2A, 0x36, 0x6C, 0x2B, 0xBA}},
            kAt) == "(1436509052.249713) can0 044#2A366C2BBA\n");
  CHECK(CandumpLine({.id = 0x18FEF100, .length = 2, .bytes = {0xFF, 0}}, kAt) ==
        "(1436509052.249713) can0 18FEF100#FF00\n");
  CHECK(CandumpLine({.id = 1, .length = 0}, UtcTime{Duration{1'000'005}}) ==
        "(0000000001.000005) can0 00000001#\n");
}

}  // namespace fleet_edge::simulators
