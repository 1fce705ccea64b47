#include "simulators/agents/progress.h"

#include <doctest/doctest.h>
#include <stdio.h>  // NOLINT(modernize-deprecated-headers): open_memstream is POSIX

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>

namespace fleet_edge::agents {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Progress::State kHalf{.done = seconds{300},
                            .all = seconds{600},
                            .readings = 60'000'000,
                            .acknowledged = 59'000'000,
                            .waiting = 1'000'000};

/// What was written to a stream.
std::string Written(std::size_t columns, int shows) {
  char* text = nullptr;
  std::size_t size = 0;
  FILE* const stream = open_memstream(&text, &size);
  Progress progress(stream, columns);
  for (int i = 0; i < shows; ++i) progress.Show(kHalf, {});
  progress.End();
  fclose(stream);
  const std::unique_ptr<char, decltype(&std::free)> owned(text, &std::free);
  return {text, size};
}

TEST_CASE("Progress: a bar, and what it stands for") {
  CHECK(ToText(kHalf, 10) ==
        "[#####-----] 5m of 10m, 60,000,000 readings; records: 59,000,000 acknowledged, 1,000,000 "
        "waiting");
}

TEST_CASE("Progress: a run behind its pace, and a hub that is away") {
  Progress::State state = kHalf;
  state.behind = milliseconds{2500};
  state.error = "all brokers down";
  CHECK(ToText(state, 0).ends_with("; 2s behind; hub: all brokers down"));
}

TEST_CASE("Progress: a bar never leaves its frame") {
  Progress::State state = kHalf;
  state.done = seconds{700};
  CHECK(ToText(state, 4).starts_with("[####] "));
  state.all = {};
  CHECK(ToText(state, 4).starts_with("[####] "));
}

TEST_CASE("Progress: on a terminal one line, elsewhere a line each") {
  const std::string bar = Written(80, 2);
  CHECK(bar.find('\n') == bar.size() - 1);
  const std::string lines = Written(0, 2);
  CHECK(std::ranges::count(lines, '\n') == 2);
  CHECK(lines.find('\r') == std::string::npos);
  CHECK(lines.starts_with("fleet-sim: 5m of 10m"));
}

TEST_CASE("Progress: a line is cut where the terminal ends, or it could not be overwritten") {
  CHECK(Written(30, 1) == "\r\033[K[##########----------] 5m of \n");
}

TEST_CASE("Progress: a file is no terminal") {
  const std::unique_ptr<FILE, decltype(&fclose)> file(fopen("/dev/null", "w"), &fclose);
  CHECK(TerminalColumns(fileno(file.get())) == 0);
}

TEST_CASE("Progress: is due again after a while") {
  const std::unique_ptr<FILE, decltype(&fclose)> nowhere(fopen("/dev/null", "w"), &fclose);
  Progress progress(nowhere.get(), 0);
  const std::chrono::steady_clock::time_point now{seconds{100}};
  CHECK(progress.due(now));
  progress.Show(kHalf, now);
  CHECK_FALSE(progress.due(now + seconds{9}));
  CHECK(progress.due(now + seconds{10}));
}

}  // namespace
}  // namespace fleet_edge::agents
