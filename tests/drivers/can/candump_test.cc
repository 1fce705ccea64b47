#include "drivers/can/candump.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "drivers/can/can_frame.h"
#include "drivers/rejections.h"
#include "tests/drivers/mutation.h"

namespace fleet_edge::drivers {
namespace {

struct Read {
  explicit Read(std::string_view line) : refused(ReadCandump(line, time, frame).value_or("")) {}

  UtcTime time;
  CanFrame frame;
  std::string refused;
};

std::vector<std::uint8_t> DataOf(const CanFrame& frame) {
  return {frame.data().begin(), frame.data().end()};
}

}  // namespace

TEST_CASE("Candump: the log form and the screen's form say the same") {
  for (const char* const line :
       {"(1700000000.123456) can0 18FEF100#FF0080FFFFFFFFFF",
        " (1700000000.123456)  can0  18FEF100   [8]  FF 00 80 FF FF FF FF FF",
        " (1700000000.123456)  can0  18FEF100   [8]  FF 00 80 FF FF FF FF FF   '........'",
        "(1700000000.123456) vcan12 18fef100#ff.00.80.ff.ff.ff.ff.ff"}) {
    CAPTURE(line);
    const Read read(line);
    REQUIRE(read.refused.empty());
    CHECK(read.time == UtcTime{Duration{1'700'000'000'123'456}});
    CHECK(read.frame.id == 0x18FEF100);
    CHECK(read.frame.extended);
    CHECK(read.frame.kind == CanFrame::Kind::kData);
    CHECK(DataOf(read.frame) == std::vector<std::uint8_t>{255, 0, 128, 255, 255, 255, 255, 255});
  }
}

TEST_CASE("Candump: short frames, requests and errors are told apart") {
  const Read standard("(0.000001) can0 7DF#0201");
  CHECK_FALSE(standard.frame.extended);
  CHECK(standard.frame.id == 0x7DF);
  CHECK(DataOf(standard.frame) == std::vector<std::uint8_t>{2, 1});
  CHECK(Read("(0.000001) can0 7DF#").frame.length == 0);
  CHECK(Read("(0.000001) can0 000007DF#").frame.extended);
  for (const char* const request : {"(0.000001) can0 123#R", "(0.000001) can0 123#R8",
                                    " (0.000001)  can0  123   [0]  remote request"}) {
    CHECK(Read(request).frame.kind == CanFrame::Kind::kRemote);
  }
  const Read error(" (0.000001)  can0  20000004   [8]  00 01 00 00 00 00 00 00   ERRORFRAME");
  CHECK(error.frame.kind == CanFrame::Kind::kError);
  CHECK(error.frame.id == 4);
}

TEST_CASE("Candump: what can't be is refused, with its reason") {
  struct Case {
    const char* line;
    std::string_view reason;
  };
  for (const Case& row : {
           Case{"", reason::kBadTime},
           Case{"can0 123#00", reason::kBadTime},
           Case{"(1.5) can0 123#00", reason::kBadTime},
           Case{"(99999999999.000000) can0 123#00", reason::kBadTime},
           Case{"(-1.000000) can0 123#00", reason::kBadTime},
           Case{"(1.000000) can0", reason::kMalformed},
           Case{"(1.000000) can0 #00", reason::kMalformed},
           Case{"(1.000000) can0 12G#00", reason::kMalformed},
           Case{"(1.000000) can0 800#00", reason::kMalformed},
           Case{"(1.000000) can0 40000000#00", reason::kMalformed},
           Case{"(1.000000) can0 123#0", reason::kMalformed},
           Case{"(1.000000) can0 123#0G", reason::kMalformed},
           Case{"(1.000000) can0 123#000102030405060708", reason::kMalformed},
           Case{"(1.000000) can0 123#R9", reason::kMalformed},
           Case{"(1.000000)  can0  123   [3]  00 01", reason::kMalformed},
           Case{"(1.000000)  can0  123   [9]  00 01 02 03 04 05 06 07 08", reason::kMalformed},
           Case{"(1.000000)  can0  123   00 01", reason::kMalformed},
           Case{"(1.000000) can0 123##1000102", reason::kUnreadType},
       }) {
    CAPTURE(row.line);
    CHECK(Read(row.line).refused == row.reason);
  }
}

TEST_CASE("Candump: spoilt lines are read or refused, and a frame keeps its bounds") {
  std::mt19937 random(1);
  const std::vector<std::string> lines = Corpus("candump");
  REQUIRE(lines.size() > 5);
  for (int n = 0; n < 20'000; ++n) {
    const std::string line = Mutate(lines[static_cast<std::size_t>(n) % lines.size()], random);
    CAPTURE(line);
    const Read read(line);
    CHECK(read.frame.length <= read.frame.bytes.size());
    if (read.refused.empty()) CHECK(read.frame.id <= 0x1FFFFFFF);
  }
}

}  // namespace fleet_edge::drivers
