#include "agent/service/keep_trying.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>

namespace fleet_edge::agent {

bool KeepTrying(const std::stop_token& stop, const std::function<bool()>& attempt) {
  constexpr std::chrono::seconds kAgain{2};
  std::mutex mutex;  // of the wait alone: nothing is shared
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    never.wait_for(lock, stop, kAgain, [] { return false; });
    if (!stop.stop_requested() && attempt()) return true;
  }
  return false;
}

}  // namespace fleet_edge::agent
