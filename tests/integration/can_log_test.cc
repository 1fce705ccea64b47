#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "core/counters.h"
#include "core/reading.h"
#include "core/series.h"
#include "drivers/replay/recording.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::drivers {
namespace {

struct Replayed {
  explicit Replayed(const std::string& path) {
    auto recording = OpenRecording(path, {}, {"test", series, counters});
    REQUIRE(recording);
    while ((*recording)->Next(readings)) {
    }
  }

  SeriesRegistry series;
  Counters counters;
  std::vector<Reading> readings;
};

/// A log as candump -l writes it, from a whole second on, since log2asc's date has no fraction.
std::string Log(std::size_t frames) {
  constexpr std::array kIds{0x18FEF100U, 0x0CF00400U, 0x18FEEE00U, 0x18FEF500U,
                            0x18FEFC17U, 0x18FEE017U, 0x18FEF700U};
  std::mt19937 random(1);
  std::string log;
  for (std::size_t frame = 0; frame < frames; ++frame) {
    std::array<char, 64> line{};
    std::snprintf(line.data(), line.size(), "(%zu.%06zu) can0 %08X#%08X%08X\n",
                  1'700'000'000 + frame / 4'000, frame % 4'000 * 250, kIds.at(frame % kIds.size()),
                  static_cast<unsigned>(random()), static_cast<unsigned>(random()));
    log += line.data();
  }
  return log;
}

}  // namespace

TEST_CASE("CAN logs: what log2asc makes of a candump log holds the same readings") {
  const TempFolder folder;
  const std::string log = folder.Write("bus.log", Log(20'000));
  const std::string asc = folder.Write("bus.asc", "");
  REQUIRE(std::system(("TZ=UTC log2asc -I " + log + " -O " + asc + " can0").c_str()) == 0);
  const Replayed one(log);
  const Replayed other(asc);
  REQUIRE(one.readings.size() > 20'000);
  REQUIRE(one.readings.size() == other.readings.size());
  for (std::size_t at = 0; at < one.readings.size(); ++at) {
    CAPTURE(at);
    REQUIRE(ToString(*one.readings[at].series) == ToString(*other.readings[at].series));
    REQUIRE(one.readings[at].value == other.readings[at].value);
    REQUIRE(one.readings[at].time == other.readings[at].time);
  }
  CHECK(one.counters.Sum(kInputRejectedTotal) == other.counters.Sum(kInputRejectedTotal));
}

}  // namespace fleet_edge::drivers
