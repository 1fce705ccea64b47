#include "simulators/interfaces/unplugging.h"

#include <doctest/doctest.h>

#include <chrono>

namespace fleet_edge::simulators {

TEST_CASE("Unplugging: which device, when and for how long") {
  const auto read = ParseUnplugging("gnss@20s+1500ms");
  REQUIRE(read);
  CHECK(read->device == "gnss");
  CHECK(read->at == std::chrono::seconds{20});
  CHECK(read->away == std::chrono::milliseconds{1500});
}

TEST_CASE("Unplugging: anything else is refused") {
  for (const char* text :
       {"", "gnss", "gnss@20s", "@20s+5s", "gnss+5s@20s", "gnss@20s+", "g@x+5s"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseUnplugging(text));
  }
}

}  // namespace fleet_edge::simulators
