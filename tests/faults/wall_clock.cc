// Preloaded into an agent: its wall clock is off by what a file says, eight bytes of microseconds
// that may change at any time. The clock since boot is right. WALL_CLOCK names the file.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kNanos = 1'000;

std::int64_t Offset() {
  static const std::atomic<std::int64_t>* const kOffset = [] {
    const char* const path = std::getenv("WALL_CLOCK");
    const int file = ::open(path != nullptr ? path : "", O_RDONLY | O_CLOEXEC);
    void* const map = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    if (map == MAP_FAILED) std::abort();
    return static_cast<const std::atomic<std::int64_t>*>(map);
  }();
  return kOffset->load();
}

timespec Shifted(const timespec& time, std::int64_t by) {
  const std::int64_t micros = time.tv_sec * kSecond + time.tv_nsec / kNanos + by;
  return {micros / kSecond, micros % kSecond * kNanos};
}

timespec Now() {
  timespec now{};
  ::syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
  return Shifted(now, Offset());
}

template <typename Function>
Function* Next(const char* name, const char* version) {
  void* const versioned = version != nullptr ? ::dlvsym(RTLD_NEXT, name, version) : nullptr;
  return reinterpret_cast<Function*>(versioned != nullptr ? versioned : ::dlsym(RTLD_NEXT, name));
}

}  // namespace

// The kernel's waits end by its own clock: what is asked for is told in that.
extern "C" {

int clock_gettime(clockid_t id, timespec* out) noexcept {
  if (id != CLOCK_REALTIME) return static_cast<int>(::syscall(SYS_clock_gettime, id, out));
  *out = Now();
  return 0;
}

int gettimeofday(timeval* out, void* /*zone*/) noexcept {
  const timespec now = Now();
  *out = {now.tv_sec, now.tv_nsec / kNanos};
  return 0;
}

time_t time(time_t* out) noexcept {
  const time_t now = Now().tv_sec;
  if (out != nullptr) *out = now;
  return now;
}

int timespec_get(timespec* out, int base) noexcept {
  *out = Now();
  return base;
}

int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* end) {
  static auto* const kNext = Next<decltype(cnd_timedwait)>("cnd_timedwait", nullptr);
  const timespec real = Shifted(*end, -Offset());
  return kNext(condition, mutex, &real);
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* end) {
  // On x86-64 programs of before 2003 have another function of this name.
  static auto* const kNext =
      Next<decltype(pthread_cond_timedwait)>("pthread_cond_timedwait", "GLIBC_2.3.2");
  const timespec real = Shifted(*end, -Offset());
  return kNext(condition, mutex, &real);
}

int sem_timedwait(sem_t* semaphore, const timespec* end) {
  static auto* const kNext = Next<decltype(sem_timedwait)>("sem_timedwait", nullptr);
  const timespec real = Shifted(*end, -Offset());
  return kNext(semaphore, &real);
}
}
