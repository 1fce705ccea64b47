#include "agent/health/driver_diagnosis.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/health/agent_view.h"
#include "agent/health/health.h"
#include "agent/pipeline/board.h"
#include "agent/pipeline/driver_life.h"
#include "agent/text/wording.h"
#include "core/counters.h"
#include "core/quality.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

enum class Sleeps : std::uint8_t {
  kNever,
  kUnlessLimited,  ///< a limit of one's own says that these don't
  kWithVehicle,
};

/// What is usual of a kind of driver.
struct Habit {
  std::string_view kind;
  Duration limit;  ///< of its silence; 0: none
  Sleeps sleeps;
  std::string_view mend;
};

constexpr std::string_view kBusMend =
    "look at the cable, the plug and the bit rate; `candump` shows whether the bus speaks at all";
constexpr std::string_view kGnssMend =
    "look at the antenna, its cable and its view of the sky; `gpsmon` shows what the receiver says";
constexpr std::string_view kMissingMend =
    "plug it in, correct its name, or open it to the service (DeviceAllow=); `dmesg` shows what is "
    "there, `fleet-edge doctor` what the service sees";
constexpr std::string_view kInterfaces = "/sys/class/net/";  // as drivers name one that is missing

constexpr Habit kHabits[] = {
    {"can", seconds{30}, Sleeps::kWithVehicle,
     kBusMend},  // a bus that is awake speaks several times a second
    {"gpsd", minutes{10}, Sleeps::kWithVehicle,
     kGnssMend},  // the longest road tunnels take a quarter of an hour
    {"modbus", minutes{5}, Sleeps::kNever,
     "look at the wiring, the probes' power and their addresses; one wrong baud rate silences all"},
    {"mqtt", minutes{10}, Sleeps::kUnlessLimited,
     "see that the broker runs and the sensors publish: `mosquitto_sub -v -t '#'`; for sensors "
     "that speak less often write health.silence"},
    {"nmea", minutes{10}, Sleeps::kWithVehicle, kGnssMend},
    {"obd", minutes{1}, Sleeps::kWithVehicle,
     "look at the adapter in the diagnostic plug, and that it is paired"},
    {"replay", Duration{0}, Sleeps::kNever, ""},  // it ends
    {"sysfs", minutes{5}, Sleeps::kNever,
     "look at the sensor's wiring; `dmesg` shows what the kernel says"},
};
constexpr Habit kUnknown{"", minutes{10}, Sleeps::kNever,
                         "look at the device, its cable and its power"};

constexpr Duration kAsleepForLong = hours{24};
constexpr Duration kFresh = minutes{1};
constexpr Duration kDeviceGone = seconds{10};  // a device that resets is back by then
constexpr Duration kSourceAway = minutes{2};   // a broker that starts anew is back by then

const Habit& HabitOf(std::string_view kind) {
  const auto* const found = std::ranges::find(kHabits, kind, &Habit::kind);
  return found == std::end(kHabits) ? kUnknown : *found;
}

/// What shows that the vehicle is awake, as a clause; nothing when nothing does.
std::optional<std::string_view> WhyAwake(const AgentView& view) {
  struct Sign {
    std::string_view signal;
    double above;
    std::string_view words;
  };
  // A parked receiver's speed wanders by some km/h.
  static constexpr Sign kSigns[] = {{"ignition_on", 0, "the ignition is on"},
                                    {"engine_rpm", 0, "the engine runs"},
                                    {"vehicle_speed_kmh", 0, "the vehicle moves"},
                                    {"gnss_speed_kmh", 10, "the vehicle moves"}};
  for (const Board::Shown& shown : view.board.series) {
    if (shown.quality != Quality::kGood || view.now - shown.time > kFresh) continue;
    const auto* const sign = std::ranges::find(kSigns, shown.series->name, &Sign::signal);
    if (sign != std::end(kSigns) && shown.value > sign->above) return sign->words;
  }
  return std::nullopt;
}

struct Awake {
  std::string_view why;  ///< a clause
  Duration lasts{};      ///< since it was first seen
};

std::string SilenceText(const DriverView& driver, Duration uptime) {
  if (driver.missing.starts_with(kInterfaces)) {
    return "its interface " + driver.missing.substr(kInterfaces.size()) + " is not there";
  }
  if (!driver.missing.empty()) return "its device " + driver.missing + " is not there";
  const std::string away = driver.away ? ", and there is no connection to its broker" : "";
  if (!driver.silent_for) {
    return "nothing was read since the agent's start " + Wording(uptime) + " ago" + away;
  }
  return "nothing was read for " + Wording(*driver.silent_for) + away;
}

void FindSilence(const DriverView& driver, const AgentView& view, const std::optional<Awake>& awake,
                 const SilenceLimits& limits, std::vector<Problem>& found) {
  const Habit& habit = HabitOf(driver.kind);
  const auto configured = limits.find(driver.name);
  Duration limit = configured == limits.end() ? habit.limit : configured->second;
  if (limit == Duration{0}) return;
  if (!driver.missing.empty()) limit = std::min(limit, kDeviceGone);
  if (driver.away) limit = std::min(limit, kSourceAway);
  const bool never_there = !driver.missing.empty() && !driver.silent_for;
  const bool sleeps = habit.sleeps == Sleeps::kWithVehicle ||
                      (habit.sleeps == Sleeps::kUnlessLimited && configured == limits.end());
  const bool may_sleep = sleeps && !awake && !never_there && !driver.away;
  if (may_sleep) limit = std::max(limit, kAsleepForLong);
  const Duration uptime = view.now - view.started;
  Duration silent = driver.silent_for.value_or(uptime);
  if (sleeps && awake && !driver.away) silent = std::min(silent, awake->lasts);
  if (silent < limit) return;
  Problem problem{.id = "driver_silent",
                  .severity = may_sleep ? Severity::kInfo : Severity::kCritical,
                  .subject = driver.name,
                  .what = SilenceText(driver, uptime)};
  if (may_sleep) {
    problem.what += ", and nothing shows that the vehicle was awake";
  } else if (sleeps && awake) {
    problem.what += ", though " + std::string(awake->why);
  }
  problem.mend = driver.missing.empty() ? habit.mend : kMissingMend;
  found.push_back(std::move(problem));
}

/// What is refused for a cause that somebody can mend, in words, and the mend. The other reasons
/// are of input that nobody asked for, or have a kind of their own.
struct Refusal {
  std::string_view reason;
  std::string_view words;
  std::string_view mend;
};

constexpr std::string_view kSensorMend =
    "compare the sensor with what it measures, and its unit and scale with the configuration; "
    "limits of your own are quality.signals";
constexpr std::string_view kFormatMend =
    "compare what the source sends with the driver's configuration: drivers.md of the guide tells "
    "how to see it";
constexpr std::string_view kWireMend =
    "look at the cable, its plug, termination, length and bit rate";
constexpr std::string_view kClockMend = "set the source's clock, or take no time from it";

constexpr Refusal kRefusals[] = {
    {"out_of_range", "out of range", kSensorMend},
    {"suspect", "not to be believed: its time or its jump", kClockMend},
    {"malformed", "malformed", kFormatMend},
    {"wrong_type", "not a number", kFormatMend},
    {"wrong_unit", "of another unit", kFormatMend},
    {"missing", "missing in what is sent", kFormatMend},
    {"too_large", "too large", kFormatMend},
    {"topic_limit", "on more topics than are remembered", kFormatMend},
    {"bad_time", "without a time that can be read", kClockMend},
    {"checksum", "damaged on the way", kWireMend},
    {"bus_error", "lost by errors of the bus", kWireMend},
    {"overrun", "lost: it came faster than it was read", kWireMend},
    {"device_error", "marked as faulty by its device", kSensorMend},
    {"no_answer", "asked for and not answered", kWireMend},
};

void FindRefusals(const DriverView& driver, const std::vector<Counters::Sample>& grown,
                  std::vector<Problem>& found) {
  const Refusal* first = nullptr;
  std::string signal;
  std::size_t kinds = 0;
  for (const Counters::Sample& sample : grown) {
    if (sample.name != kInputRejectedTotal || sample.labels.Get("driver") != driver.name) continue;
    const auto* const refusal =
        std::ranges::find(kRefusals, sample.labels.Get("reason"), &Refusal::reason);
    if (refusal == std::end(kRefusals)) continue;
    // A device that is silent altogether is told by its silence.
    if (refusal->reason == "no_answer" && driver.silent_for.value_or(kFresh) >= kDeviceGone)
      continue;
    if (kinds++ > 0) continue;
    first = refusal;
    signal = sample.labels.Get("signal");
  }
  if (first == nullptr) return;
  std::string what = (signal.empty() ? "its input" : signal) + " is " + std::string(first->words);
  if (kinds > 1) what += ", and so on: " + std::to_string(kinds) + " causes";
  found.push_back({.id = "readings_refused",
                   .severity = Severity::kWarning,
                   .subject = driver.name,
                   .what = std::move(what),
                   .mend = std::string(first->mend)});
}

void FindFailures(const std::vector<Counters::Sample>& grown, std::vector<Problem>& found) {
  for (const Counters::Sample& sample : grown) {
    if (sample.name != kDriverFailuresTotal) continue;
    found.push_back({.id = "driver_failing",
                     .severity = Severity::kCritical,
                     .subject = std::string(sample.labels.Get("driver")),
                     .what = "the driver failed by a mistake of its own and was made anew",
                     .mend = "report it with the lines of `journalctl -u fleet-edge` around it"});
  }
}

}  // namespace

void FindDriverProblems(const AgentView& view, const std::vector<Counters::Sample>& grown,
                        const SilenceLimits& limits, std::optional<BootTime>& awake_since,
                        std::vector<Problem>& found) {
  std::optional<Awake> awake;
  if (const auto why = WhyAwake(view)) {
    if (!awake_since) awake_since = view.boot;
    awake = Awake{.why = *why, .lasts = view.boot - *awake_since};
  } else {
    awake_since.reset();
  }
  for (const DriverView& driver : view.drivers) {
    FindSilence(driver, view, awake, limits, found);
    FindRefusals(driver, grown, found);
  }
  FindFailures(grown, found);
}

}  // namespace fleet_edge::agent
