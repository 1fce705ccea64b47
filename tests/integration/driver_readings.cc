// Runs one driver and prints what it reads, a line each, for tests that stand outside of this
// process:
//
//   driver_readings '{modbus: {…}}'
//
// `cargo_celsius{zone="1"} -18 good` for a reading; `rejected driver signal reason count` for what
// was refused, at the end: SIGTERM. Logs go to the standard error.

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/diagnostic.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/series.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/table.h"

namespace {

using namespace fleet_edge;

volatile std::sig_atomic_t stopped = 0;

void Stop(int /*signal*/) { stopped = 1; }

std::unique_ptr<drivers::DriverSpec> Parse(const std::string& yaml) {
  Diagnostics diagnostics;
  const YamlNode node = ParseYaml(yaml, "argument", diagnostics);
  auto spec = drivers::ParseDriver(node, {"vehicle"}, Section::Context{"argument", diagnostics});
  for (const Diagnostic& diagnostic : diagnostics) {
    std::fprintf(stderr, "%s\n", ToString(diagnostic).c_str());
  }
  return spec;
}

void Print(const Reading& reading) {
  std::array<char, 32> number{};
  const auto end = std::to_chars(number.data(), number.data() + number.size(), reading.value).ptr;
  const std::string value(number.data(), end);
  std::printf("%s %s %s\n", ToString(*reading.series).c_str(), value.c_str(),
              std::string(ToString(reading.quality)).c_str());
}

void PrintRejections(const Counters& counters) {
  for (const Counters::Sample& sample : counters.Snapshot()) {
    if (sample.name != kInputRejectedTotal) continue;
    const auto label = [&](std::string_view name) {
      const std::string text(sample.labels.Get(name));
      return text.empty() ? std::string("-") : text;
    };
    std::printf("rejected %s %s %s %llu\n", label("driver").c_str(), label("signal").c_str(),
                label("reason").c_str(), static_cast<unsigned long long>(sample.value));
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: driver_readings '{kind: {…}}'\n", stderr);
    return 2;
  }
  const auto spec = Parse(arguments[1]);
  if (spec == nullptr) return 1;
  std::signal(SIGTERM, Stop);
  spdlog::set_default_logger(spdlog::stderr_logger_mt("driver_readings"));
  BoundedQueue<Reading> readings(100'000, WhenFull::kDropOldestAndCount);
  SeriesRegistry series;
  Counters counters;
  const SystemClock clock;
  const auto driver = spec->Make({readings, series, counters, clock, 1});
  std::jthread thread([&](std::stop_token stop) { driver->Run(std::move(stop)); });
  while (stopped == 0) {
    std::vector<Reading> taken;
    readings.PopAll(taken, clock.Boot() + std::chrono::milliseconds(50), clock, {});
    for (const Reading& reading : taken) Print(reading);
    std::fflush(stdout);
  }
  thread.request_stop();
  thread.join();
  PrintRejections(counters);
}
