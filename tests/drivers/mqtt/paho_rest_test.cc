#include "drivers/mqtt/paho_rest.h"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

namespace fleet_edge::drivers {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST_CASE("PahoRest: a call ends it, whenever it comes") {
  const auto begin = steady_clock::now();
  std::jthread receiver([] { PahoRest::For(1h); });
  const PahoRest::Call call;
  receiver.join();
  PahoRest::For(1h);  // while it lasts
  CHECK(steady_clock::now() - begin < 1min);
}

TEST_CASE("PahoRest: without a call it lasts as long as it is to") {
  {
    const PahoRest::Call over;
  }
  const auto begin = steady_clock::now();
  PahoRest::For(20ms);
  CHECK(steady_clock::now() - begin >= 20ms);
}

}  // namespace fleet_edge::drivers
