#include "simulators/outage.h"

#include <doctest/doctest.h>

#include <chrono>
#include <vector>

namespace fleet_edge::simulators {
namespace {

using std::chrono::seconds;

TEST_CASE("Outage: LENGTH@START is read") {
  CHECK(ParseOutage("20s@30s") == Outage{.begin = seconds{30}, .end = seconds{50}});
  CHECK(ParseOutage("5s@2m") == Outage{.begin = seconds{120}, .end = seconds{125}});
}

TEST_CASE("Outage: anything else is refused") {
  for (const char* const text : {"", "20s", "20s@", "@30s", "20@30", "0s@30s", "20s@30s@40s"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseOutage(text));
  }
}

TEST_CASE("Outage: times that overlap or touch become one, in order") {
  const std::vector<Outage> merged = Merged({{.begin = seconds{50}, .end = seconds{60}},
                                             {.begin = seconds{10}, .end = seconds{20}},
                                             {.begin = seconds{15}, .end = seconds{18}},
                                             {.begin = seconds{20}, .end = seconds{25}}});
  CHECK(merged == std::vector<Outage>{{.begin = seconds{10}, .end = seconds{25}},
                                      {.begin = seconds{50}, .end = seconds{60}}});
}

}  // namespace
}  // namespace fleet_edge::simulators
