// What a trial of a driver means; trial.cc makes it.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/doctor/finding.h"
#include "agent/doctor/trial.h"
#include "agent/text/wording.h"
#include "core/time.h"
#include "drivers/rejections.h"

namespace fleet_edge::agent::doctor {
namespace {

/// What to do about a driver of a kind.
struct KindWords {
  std::string_view kind;
  const char* when_silent;
  const char* when_refused;
};

constexpr std::array kWords{
    KindWords{"can",
              "Turn the ignition on; if the bus speaks (`candump can0`) its bitrate is wrong",
              "Check the bus's bitrate (J1939: 250000 or 500000) and the DBC file"},
    KindWords{"gpsd",
              "Check that the address is gpsd's, and see `cgps`: it may have no device, or the "
              "receiver no sky",
              "Check that the address is gpsd's"},
    KindWords{"modbus",
              "Check unit_id, baud, parity, and A and B of the line, which are easily "
              "swapped",
              "Check baud and parity, and the registers in the unit's manual"},
    KindWords{"mqtt", "See with `mosquitto_sub -v -t '#'` what is published, and mend the filters",
              "Compare what is published with codec, pointers and units"},
    KindWords{"nmea", "Check that a receiver is on this port, powered, its TX on our RX",
              "The port's rate is wrong: try `baud: 4800`, 9600, 38400 or 115200"},
    KindWords{"obd", "Turn the ignition on, and look whether the adapter's light is on",
              "Check baud: 38400 on most adapters, 9600 or 115200 on others"},
    KindWords{"replay", "Check the recording and its columns", "Check the recording's columns"},
    KindWords{"sysfs",
              "Compare the names with what is there: `ls /sys/bus/w1/devices`, `grep . "
              "/sys/class/hwmon/*/name /sys/class/thermal/*/type`",
              "Look at what the sensor's file holds: `cat` it"}};

const KindWords& WordsOf(const std::string& kind) {
  const auto* const found = std::ranges::find(kWords, kind, &KindWords::kind);
  return found == kWords.end() ? kWords.front() : *found;
}

std::string Seconds(Duration duration) {
  return std::to_string(std::chrono::round<std::chrono::seconds>(duration).count()) + " s";
}

std::string RefusedText(const DriverFacts& facts) {
  std::string text;
  for (const auto& [reason, count] : facts.refused) {
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + reason;
  }
  return text;
}

/// Whether something came, if only what can't be read; else the source was asked and had nothing.
bool AnythingCame(const DriverFacts& facts) {
  return std::ranges::any_of(facts.refused, [](const auto& one) {
    return one.first != drivers::reason::kNoAnswer && one.first != drivers::reason::kDeviceError;
  });
}

Hint HintOf(const DriverFacts& facts, const std::string& series) {
  const auto found = facts.hints.find(series.substr(0, series.find('{')));
  return found == facts.hints.end() ? Hint() : found->second;
}

/// What came in place of the first series of which something came.
std::string Example(const DriverFacts& facts) {
  for (const std::string& series : facts.missing) {
    if (const Hint hint = HintOf(facts, series); hint.heard) return "; " + hint.text;
  }
  return {};
}

Finding Warning(const DriverFacts& facts, Verdict verdict, const char* id, std::string what,
                std::string mend) {
  return {.check = "driver",
          .subject = facts.name,
          .verdict = verdict,
          .id = id,
          .what = std::move(what),
          .mend = std::move(mend)};
}

/// Of a driver that handed on nothing.
Finding JudgeNothing(const DriverFacts& facts) {
  const KindWords& words = WordsOf(facts.kind);
  const std::string setting = facts.setting.empty() ? "" : " at " + facts.setting;
  if (facts.speaks_at > 0) {
    const std::string rate = std::to_string(facts.speaks_at);
    return Warning(facts, Verdict::kError, "input_refused",
                   "NMEA 0183 is heard at baud " + rate + ", and can't be read" +
                       (facts.setting.empty() ? " at the default" : setting),
                   "Set `baud: " + rate + "`");
  }
  if (!facts.text.empty()) {
    return Warning(facts, Verdict::kError, "input_refused",
                   "what comes is text and no NMEA 0183: \"" + facts.text + "\"",
                   "Check that this is the receiver's port: `ls -l /dev/serial/by-id`; one that "
                   "speaks a protocol of its maker's has a setting for NMEA");
  }
  if (AnythingCame(facts)) {
    return Warning(facts, Verdict::kError, "input_refused",
                   "something comes" + setting + ", and none of it can be read: " +
                       RefusedText(facts) + " in " + Seconds(facts.watched) + Example(facts),
                   words.when_refused);
  }
  std::string what = "nothing came in " + Seconds(facts.watched) + setting;
  if (!facts.refused.empty()) what += ": " + RefusedText(facts);
  if (!facts.said.empty()) what += "; it says: " + facts.said;
  return Warning(facts, Verdict::kWarning, "driver_silent", what, words.when_silent);
}

}  // namespace

std::vector<Finding> JudgeTrial(const DriverFacts& facts) {
  std::vector<Finding> findings;
  constexpr std::size_t kTold = 10;
  for (std::size_t i = 0; i < std::min(kTold, facts.missing.size()); ++i) {
    const std::string& series = facts.missing[i];
    const Hint hint = HintOf(facts, series);
    if (facts.readings == 0 && (hint.text.empty() || (hint.heard && AnythingCame(facts)))) continue;
    const KindWords& words = WordsOf(facts.kind);
    const bool of_content = hint.heard || hint.text.empty();
    findings.push_back(Warning(facts, Verdict::kWarning, "series_missing",
                               series + " didn't come in " + Seconds(facts.watched) +
                                   (hint.text.empty() ? "" : ": " + hint.text),
                               of_content ? words.when_refused : words.when_silent));
  }
  if (facts.readings == 0) {
    // Where each series has its own reason the driver's silence says nothing more.
    if (findings.empty() || !facts.refused.empty()) {
      findings.insert(findings.begin(), JudgeNothing(facts));
    }
    return findings;
  }
  std::string what = Wording(facts.readings, "reading") + " of " +
                     std::to_string(facts.arrived.size()) + " series in " + Seconds(facts.watched);
  if (!facts.refused.empty()) what += "; refused: " + RefusedText(facts);
  findings.insert(findings.begin(), Well("driver", facts.name, what));
  return findings;
}

}  // namespace fleet_edge::agent::doctor
