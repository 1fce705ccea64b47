#include "agent/doctor/wall_clock.h"

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>

#include "agent/config/rule_files.h"
#include "agent/doctor/finding.h"
#include "agent/pipeline/clock_watch.h"
#include "core/result.h"
#include "core/time.h"

namespace fleet_edge::agent::doctor {
namespace {

using std::chrono::seconds;

// The year in which this was written: a clock before it was never set.
constexpr std::chrono::sys_days kEarliest{std::chrono::year{2026} / 1 / 1};
constexpr Duration kFar = std::chrono::minutes{2};

std::optional<UtcTime> ReadRtc() {
  const Result<std::string> text = ReadFile("/sys/class/rtc/rtc0/since_epoch");
  if (!text || text->empty()) return std::nullopt;
  const long long since = std::strtoll(text->c_str(), nullptr, 10);
  return UtcTime(seconds{since});
}

std::string Show(UtcTime time) { return ToString(std::chrono::floor<seconds>(time)); }

}  // namespace

ClockFacts ProbeClock() {
  const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  return {.now = now, .synced = ClockSynced(), .rtc = ReadRtc()};
}

Finding JudgeClock(const ClockFacts& facts) {
  Finding finding{.check = "clock",
                  .subject = {},
                  .verdict = Verdict::kWarning,
                  .id = "clock_not_set",
                  .what = {},
                  .mend = {}};
  if (facts.now < kEarliest) {
    finding.verdict = Verdict::kError;
    finding.what = "the wall clock says " + Show(facts.now) +
                   ": it was never set; every certificate is from its future";
    finding.mend = "Set it with `date -u -s …`, then install chrony or systemd-timesyncd";
    return finding;
  }
  if (!facts.synced) {
    finding.what = "the wall clock, " + Show(facts.now) + ", is kept in step by nobody";
    finding.mend =
        "Install chrony (with gpsd where there is no network) or systemd-timesyncd; `timedatectl` "
        "tells how it is";
    return finding;
  }
  if (facts.rtc && std::chrono::abs(facts.now - *facts.rtc) > kFar) {
    finding.verdict = Verdict::kNote;
    finding.what = "in step, but the battery-backed clock says " + Show(*facts.rtc) +
                   ": after a start without network the time is wrong";
    finding.mend = "`hwclock --systohc`; if it is off again tomorrow its battery is empty";
    return finding;
  }
  return Well("clock", {},
              Show(facts.now) + ", kept in step" +
                  (facts.rtc ? "" : "; no battery-backed clock: wrong until the network is there"));
}

}  // namespace fleet_edge::agent::doctor
