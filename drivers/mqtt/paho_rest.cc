#include "drivers/mqtt/paho_rest.h"

#include <condition_variable>
#include <mutex>

#include "core/time.h"

namespace fleet_edge::drivers {
namespace {

std::mutex mutex;
std::condition_variable called;
int calls = 0;  // that are under way; guarded by mutex

}  // namespace

void PahoRest::For(Duration time) {
  if (time <= Duration{}) return;
  std::unique_lock lock(mutex);
  called.wait_for(lock, time, [] { return calls > 0; });
}

PahoRest::Call::Call() {
  {
    const std::lock_guard lock(mutex);
    ++calls;
  }
  called.notify_all();
}

PahoRest::Call::~Call() {
  const std::lock_guard lock(mutex);
  --calls;
}

}  // namespace fleet_edge::drivers
