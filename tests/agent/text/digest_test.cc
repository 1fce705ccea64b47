#include "agent/text/digest.h"

#include <doctest/doctest.h>

namespace fleet_edge::agent {

TEST_CASE("Sha256: equals the examples of FIPS 180-4") {
  CHECK(Sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(Sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace fleet_edge::agent
