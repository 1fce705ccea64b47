#include "drivers/can/slcan.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "drivers/can/can_frame.h"
#include "tests/drivers/mutation.h"

namespace fleet_edge::drivers {

TEST_CASE("Slcan: frames of both forms, with and without a time stamp") {
  CanFrame frame;
  REQUIRE(ReadSlcan("T18FEF1008FF0050FFFFFFFFFF", frame) == SlcanLine::kFrame);
  CHECK(frame.extended);
  CHECK(frame.id == 0x18FEF100);
  CHECK(std::vector<std::uint8_t>(frame.data().begin(), frame.data().end()) ==
        std::vector<std::uint8_t>{255, 0, 80, 255, 255, 255, 255, 255});
  REQUIRE(ReadSlcan("t7E830102034A5B", frame) == SlcanLine::kFrame);
  CHECK_FALSE(frame.extended);
  CHECK(frame.id == 0x7E8);
  CHECK(frame.length == 3);
  REQUIRE(ReadSlcan("r1238", frame) == SlcanLine::kFrame);
  CHECK(frame.kind == CanFrame::Kind::kRemote);
  CHECK(frame.length == 0);
}

TEST_CASE("Slcan: answers to commands are no frames, all else is malformed") {
  CanFrame frame;
  for (const char* const answer : {"", "z", "Z", "V1013", "NA123", "F00"}) {
    CAPTURE(answer);
    CHECK(ReadSlcan(answer, frame) == SlcanLine::kAnswer);
  }
  for (const char* const line : {"x", "T", "t8000", "t12", "t1239", "t123100A", "t1232001",
                                 "T200000000", "t12G0", "t12310"}) {
    CAPTURE(line);
    CHECK(ReadSlcan(line, frame) == SlcanLine::kMalformed);
  }
}

TEST_CASE("Slcan: spoilt lines are read or malformed") {
  std::mt19937 random(1);
  const std::vector<std::string> lines = Corpus("slcan");
  REQUIRE(lines.size() > 5);
  CanFrame frame;
  for (int n = 0; n < 20'000; ++n) {
    const std::string line = Mutate(lines[static_cast<std::size_t>(n) % lines.size()], random);
    CAPTURE(line);
    ReadSlcan(line, frame);
    CHECK(frame.length <= frame.bytes.size());
  }
}

}  // namespace fleet_edge::drivers
