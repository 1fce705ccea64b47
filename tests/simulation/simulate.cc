// Lives of an agent under every fault, as seeds want them: simulate --seeds N, or one of them told
// in full: simulate --seed N --trace.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/time.h"
#include "tests/simulation/life.h"

namespace fleet_edge::simulation {
namespace {

struct Sum {
  std::uint64_t lives = 0;
  std::uint64_t failed = 0;
  Outcome all;  ///< `broken` is of the first seed that failed
  std::optional<std::uint64_t> first_failed;

  void Add(std::uint64_t seed, const Outcome& life) {
    ++lives;
    all.accepted += life.accepted;
    all.delivered += life.delivered;
    all.duplicates += life.duplicates;
    all.gaps += life.gaps;
    all.deaths += life.deaths;
    all.restarts += life.restarts;
    all.losses.readings += life.losses.readings;
    all.losses.excused += life.losses.excused;
    all.losses.oldest = std::max(all.losses.oldest, life.losses.oldest);
    if (life.broken.empty()) return;
    ++failed;
    if (first_failed && *first_failed < seed) return;
    first_failed = seed;
    all.broken = life.broken;
  }
};

struct Options {
  std::uint64_t from = 1;
  std::uint64_t seeds = 10'000;
  std::optional<std::uint64_t> seed;
  bool trace = false;
  bool keep_going = false;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
};

void Print(const Sum& sum) {
  const Outcome& all = sum.all;
  std::printf(
      "simulation: %llu lives, %llu records, %llu deaths, %llu orderly restarts\n"
      "  batches delivered            %10llu, and %llu again under the same identity\n"
      "  gaps announced               %10llu\n"
      "  lives with a promise broken  %10llu\n"
      "  readings lost, younger       %10llu, the oldest %.3f s\n"
      "  records lost, disk refusing  %10llu\n",
      static_cast<unsigned long long>(sum.lives), static_cast<unsigned long long>(all.accepted),
      static_cast<unsigned long long>(all.deaths), static_cast<unsigned long long>(all.restarts),
      static_cast<unsigned long long>(all.delivered),
      static_cast<unsigned long long>(all.duplicates), static_cast<unsigned long long>(all.gaps),
      static_cast<unsigned long long>(sum.failed),
      static_cast<unsigned long long>(all.losses.readings), ToSeconds(all.losses.oldest),
      static_cast<unsigned long long>(all.losses.excused));
}

Sum Simulate(const Options& options) {
  Sum sum;
  std::mutex mutex;  // around `sum`
  std::atomic<std::uint64_t> next{options.from};
  const bool shows_progress = isatty(STDERR_FILENO) == 1;
  const auto work = [&] {
    for (std::uint64_t seed = next++; seed < options.from + options.seeds; seed = next++) {
      const Outcome life = Life(seed, false).Live();
      const std::lock_guard lock(mutex);
      sum.Add(seed, life);
      if (options.keep_going && !life.broken.empty()) {
        std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed),
                    life.broken.front().c_str());
      }
      if (shows_progress && sum.lives % 100 == 0) {
        std::fprintf(stderr, "\r%llu of %llu", static_cast<unsigned long long>(sum.lives),
                     static_cast<unsigned long long>(options.seeds));
      }
      if (sum.failed > 0 && !options.keep_going) return;
    }
  };
  {
    std::vector<std::jthread> workers;
    for (unsigned n = 0; n < options.jobs; ++n) workers.emplace_back(work);
  }
  if (shows_progress) std::fprintf(stderr, "\r%30s\r", "");
  return sum;
}

int Run(int argc, char** argv) {
  CLI::App app("Lives of an agent while everything fails that can");
  Options options;
  app.add_option("--seeds", options.seeds, "how many lives")->capture_default_str();
  app.add_option("--from", options.from, "the first seed")->capture_default_str();
  app.add_option("--seed", options.seed, "this one alone");
  app.add_flag("--trace", options.trace, "tells what happens; with --seed");
  app.add_flag("--keep-going", options.keep_going, "does not end at the first seed that fails");
  app.add_option("--jobs", options.jobs, "threads")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  spdlog::set_level(options.trace ? spdlog::level::info : spdlog::level::off);
  spdlog::set_pattern("            log: %v");
  Sum sum;
  if (options.seed) {
    sum.Add(*options.seed, Life(*options.seed, options.trace).Live());
  } else {
    sum = Simulate(options);
  }
  Print(sum);
  if (!sum.first_failed) return 0;
  std::printf("seed %llu FAILED (%llu of %llu lives):\n",
              static_cast<unsigned long long>(*sum.first_failed),
              static_cast<unsigned long long>(sum.failed),
              static_cast<unsigned long long>(sum.lives));
  for (const std::string& what : sum.all.broken) std::printf("  %s\n", what.c_str());
  std::printf("To see it: %s --seed %llu --trace\n", argv[0],
              static_cast<unsigned long long>(*sum.first_failed));
  return 1;
}

}  // namespace
}  // namespace fleet_edge::simulation

int main(int argc, char** argv) { return fleet_edge::simulation::Run(argc, argv); }
