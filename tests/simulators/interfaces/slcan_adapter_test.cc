#include "simulators/interfaces/slcan_adapter.h"

#include <doctest/doctest.h>

#include <string>

namespace fleet_edge::simulators {

TEST_CASE("SLCAN adapter: frames are written as in the manual's examples") {
  CHECK(SlcanAdapter::LineOf(
            {.id = 0x100, .extended = false, .length = 2, .bytes = {0x11, 0x33}}) == "t10021133\r");
  CHECK(SlcanAdapter::LineOf({.id = 0x100, .length = 2, .bytes = {0x11, 0x33}}) ==
        "T0000010021133\r");
  CHECK(SlcanAdapter::LineOf({.id = 0x18FEF100, .length = 0}) == "T18FEF1000\r");
}

TEST_CASE("SLCAN adapter: it opens once it has a rate, and closes again") {
  SlcanAdapter adapter;
  CHECK(adapter.Take("L\r") == "\a");
  CHECK(adapter.Take("\rC\rS5\rL\r") == "\r\a\r\r");
  CHECK(adapter.open());
  CHECK(adapter.Take("S6\r") == "\a");
  CHECK(adapter.Take("F\r") == "F00\r");
  CHECK(adapter.Take("C\r") == "\r");
  CHECK_FALSE(adapter.open());
  CHECK(adapter.Take("F\r") == "\a");
}

TEST_CASE("SLCAN adapter: it tells what it is, and takes commands in pieces") {
  SlcanAdapter adapter;
  CHECK(adapter.Take("V").empty());
  CHECK(adapter.Take("\rN") == "V1013\r");
  CHECK(adapter.Take("\r") == "NA123\r");
}

TEST_CASE("SLCAN adapter: it transmits when it is open, and not when it listens only") {
  SlcanAdapter adapter;
  CHECK(adapter.Take("S5\rO\rt10021133\rT0000010021133\r") == "\r\rz\rZ\r");
  CHECK(adapter.Take("C\rL\rt10021133\r") == "\r\r\a");
}

TEST_CASE("SLCAN adapter: what it doesn't know, or is too long, is refused") {
  SlcanAdapter adapter;
  CHECK(adapter.Take("X\rS9\rS\r" + std::string(100'000, 'V') + "\rV\r") == "\a\a\a\aV1013\r");
}

}  // namespace fleet_edge::simulators
