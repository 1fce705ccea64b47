#include "agent/config/reference.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace fleet_edge::agent {

TEST_CASE("Reference: docs/configuration.md is what `fleet-edge reference` prints") {
  std::ifstream file("docs/configuration.md");
  REQUIRE_MESSAGE(file, "tests run in the repository's root");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  CHECK_MESSAGE(page == ConfigurationReference(),
                "make it anew: fleet-edge reference > docs/configuration.md");
}

TEST_CASE("Reference: it has keys of the file, of nested sections and of each kind of driver") {
  const std::string page = ConfigurationReference();
  for (const char* const key :
       {"`vehicle.id`", "`outbox.batch.max_age`", "`notify.driver.mqtt.topic`", "`uplink.kafka`",
        "`drivers[].mqtt.broker`", "`drivers[].replay.path`"}) {
    CAPTURE(key);
    CHECK(page.find(key) != std::string::npos);
  }
}

}  // namespace fleet_edge::agent
