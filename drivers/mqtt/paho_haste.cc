#include "drivers/mqtt/paho_haste.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace fleet_edge::drivers {
namespace {

constexpr useconds_t kPause = 100'000;  // Paho's
constexpr useconds_t kHasty = 2'000;

std::atomic<int> hasty = 0;  // how many are

}  // namespace

void PahoHaste::Begin() {
  if (!on_.exchange(true)) ++hasty;
}

void PahoHaste::End() {
  if (on_.exchange(false)) --hasty;
}

/// usleep(3), but kPause is kHasty while anyone is hasty. Named for Paho to find.
extern "C" int usleep(useconds_t microseconds) {
  if (microseconds == kPause && hasty > 0) microseconds = kHasty;
  std::this_thread::sleep_for(std::chrono::microseconds{microseconds});
  return 0;
}

}  // namespace fleet_edge::drivers
