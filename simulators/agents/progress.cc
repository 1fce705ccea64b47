#include "simulators/agents/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

#include "core/time.h"
#include "simulators/grouped.h"

namespace fleet_edge::agents {
namespace {

using simulators::Grouped;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kBarWidth = 20;
constexpr std::size_t kUsualColumns = 80;
constexpr Duration kWorthTelling = seconds{1};

std::string Seconds(Duration duration) {
  return ToString(Duration(std::chrono::floor<seconds>(duration)));
}

}  // namespace

std::string ToText(const Progress::State& state, int width) {
  std::string text;
  if (width > 0) {
    const Duration all = std::max(state.all, Duration{1});
    const auto filled = static_cast<std::size_t>(
        std::clamp<Duration::rep>(width * std::min(state.done, all) / all, 0, width));
    text = "[" + std::string(filled, '#') +
           std::string(static_cast<std::size_t>(width) - filled, '-') + "] ";
  }
  text += Seconds(state.done) + " of " + Seconds(state.all) + ", " + Grouped(state.readings) +
          " readings; records: " + Grouped(state.acknowledged) + " acknowledged, " +
          Grouped(state.waiting) + " waiting";
  if (state.behind >= kWorthTelling) text += "; " + Seconds(state.behind) + " behind";
  if (!state.error.empty()) text += "; hub: " + state.error;
  return text;
}

void Progress::Show(const State& state, std::chrono::steady_clock::time_point now) {
  constexpr const char* kBeginLine = "\r\033[K";
  const bool terminal = columns_ > 0;
  if (terminal) {
    const std::string line = ToText(state, kBarWidth).substr(0, columns_ - 1);
    std::fprintf(stream_, "%s%s", kBeginLine, line.c_str());
    on_a_line_ = true;
  } else {
    std::fprintf(stream_, "fleet-sim: %s\n", ToText(state, 0).c_str());
  }
  std::fflush(stream_);
  next_ = now + (terminal ? Duration(milliseconds{250}) : Duration(seconds{10}));
}

std::size_t TerminalColumns(int fd) {
  if (isatty(fd) == 0) return 0;
  winsize size{};
  // NOLINTNEXTLINE(misc-include-cleaner): <sys/ioctl.h> has TIOCGWINSZ
  const bool told = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return told ? size.ws_col : kUsualColumns;
}

void Progress::End() {
  if (on_a_line_) std::fputc('\n', stream_);
  on_a_line_ = false;
}

}  // namespace fleet_edge::agents
