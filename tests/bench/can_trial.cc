// A CAN bus under full load, and what the whole agent costs: driver, rules, outbox and uplink.
//
//   can_trial CONFIGURATION FRAMES_A_SECOND SECONDS [all]
//
// The driver of the configuration is replaced by one that reads a pair of sockets, into which
// another process writes frames one at a time, evenly. Every frame reaches the driver: no kernel
// filters them. Unless `all` are of groups that are read, they are as on a truck's bus, where about
// 115 of 4,000 are. Prints the agent's CPU time, user and system, as a share of a core.
#include <linux/can.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill() is POSIX
#include <sys/socket.h>
#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_getcpuclockid() is POSIX
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "agent/app.h"
#include "agent/config/config_file.h"
#include "agent/config/findings.h"
#include "agent/config/rule_files.h"
#include "agent/pipeline/signals.h"
#include "agent/service/log.h"
#include "core/diagnostic.h"
#include "core/file_descriptor.h"
#include "core/result.h"
#include "drivers/can/can_driver.h"
#include "drivers/can/can_reader.h"
#include "drivers/can/can_source.h"
#include "drivers/driver.h"
#include "drivers/table.h"

namespace fleet_edge {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

/// The `n`th frame of the bus.
can_frame FrameAt(std::uint32_t n, std::uint32_t per_second, bool all) {
  // Repetitions a second on a truck's bus: engine speed 100, wheel speed 10, the rest 1.
  constexpr std::array kRead{0x0CF00400U, 0x18FEF100U, 0x18FEEE00U, 0x18FEF500U,
                             0x18FEFC17U, 0x18FEE017U, 0x18FEF700U};
  constexpr std::uint32_t kUnread = 0x18F00000;
  can_frame frame{};
  frame.can_dlc = CAN_MAX_DLEN;
  frame.can_id = kUnread | ((n % 13) << 8U);
  if (all) {
    frame.can_id = kRead.at(n % kRead.size());
  } else if (n % (per_second / 100) == 0) {
    frame.can_id = kRead[0];
  } else if (n % (per_second / 10) == 1) {
    frame.can_id = kRead[1];
  } else if (const std::uint32_t place = n % per_second; place >= 2 && place < kRead.size()) {
    frame.can_id = kRead.at(place);
  }
  frame.can_id |= CAN_EFF_FLAG;
  for (std::uint8_t& byte : frame.data) byte = static_cast<std::uint8_t>(0x20 + n / 16 % 0x20);
  return frame;
}

double CpuSeconds(clockid_t process) {
  timespec time{};
  ::clock_gettime(process, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// The other process: sends for two seconds, and then for as long as is measured.
void Feed(int bus, pid_t agent, std::uint32_t per_second, seconds measured, bool all) {
  constexpr seconds kWarmUp{2};
  clockid_t cpu{};
  ::clock_getcpuclockid(agent, &cpu);
  const auto begin = steady_clock::now();
  const auto frames = static_cast<std::uint32_t>((kWarmUp + measured).count()) * per_second;
  double before = 0;
  for (std::uint32_t n = 0; n < frames; ++n) {
    std::this_thread::sleep_until(begin + n * std::chrono::nanoseconds{seconds{1}} / per_second);
    if (n == kWarmUp.count() * per_second) before = CpuSeconds(cpu);
    const can_frame frame = FrameAt(n, per_second, all);
    if (::write(bus, &frame, sizeof(frame)) != sizeof(frame)) std::exit(1);
  }
  const double used = CpuSeconds(cpu) - before;
  const auto took = std::chrono::duration<double>(steady_clock::now() - begin - kWarmUp).count();
  std::printf("%u frames/s, %s read: %.2f %% of a core, %.2f µs a frame\n", per_second,
              all ? "all" : "a few", used / took * 100, used / took / per_second * 1e6);
  ::kill(agent, SIGTERM);
}

/// A bus in place of the configured one.
class BusSpec : public drivers::DriverSpec {
 public:
  explicit BusSpec(int bus) : bus_(bus) {}
  const std::string& name() const override { return name_; }
  std::optional<std::vector<std::string>> series() const override { return drivers::SeriesOf({}); }
  std::unique_ptr<drivers::Driver> Make(const drivers::Environment& environment) const override {
    return std::make_unique<drivers::CanDriver>(
        name_, seconds{10}, drivers::CanDecoding{},
        [bus = bus_]() -> Result<std::unique_ptr<drivers::CanSource>> {
          return drivers::MakeSocketCan(FileDescriptor(::dup(bus)), "bus");
        },
        environment);
  }

 private:
  const std::string name_ = "can";
  const int bus_;
};

int Main(const std::string& config, std::uint32_t per_second, seconds measured, bool all) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends.data()) != 0) return 1;
  const pid_t agent = ::getpid();
  const pid_t feeder = ::fork();
  if (feeder == 0) {
    ::close(ends[1]);
    Feed(ends[0], agent, per_second, measured, all);
    return 0;
  }
  ::close(ends[0]);
  const agent::Signals signals;
  agent::LoadedConfig loaded = agent::LoadConfig(config);
  std::fputs(agent::ListFindings(loaded.findings).c_str(), stderr);
  agent::SetUpLog(loaded.config.log, {}, stderr);
  const auto rules = agent::ReadRuleFiles(loaded.config.rules);
  if (HasErrors(loaded.findings) || !rules) return 1;
  loaded.drivers.clear();
  loaded.drivers.push_back(std::make_unique<BusSpec>(ends[1]));
  agent::App app(loaded, *rules);
  return app.Run(signals) ? 0 : 1;
}

}  // namespace
}  // namespace fleet_edge

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  return fleet_edge::Main(argv[1], static_cast<std::uint32_t>(std::atoi(argv[2])),
                          std::chrono::seconds{std::atoi(argv[3])},
                          argc > 4 && std::string_view(argv[4]) == "all");
}
