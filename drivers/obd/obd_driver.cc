#include "drivers/obd/obd_driver.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "drivers/driver.h"
#include "drivers/io/sessions.h"
#include "drivers/obd/obd_link.h"
#include "drivers/obd/obd_options.h"
#include "drivers/obd/obd_pid.h"
#include "drivers/obd/obd_plan.h"
#include "drivers/obd/obd_wait.h"
#include "drivers/outlets.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::seconds;

// So many requests in a row without an answer: the vehicle sleeps. One alone can be lost.
constexpr int kSilences = 3;

// What a control unit has announced is asked for so often: one answer alone can be lost.
constexpr int kQuestions = 3;

// While the vehicle sleeps: how often signs of its waking are looked for, and the change of the
// supply's voltage that is one. An engine that starts takes it down by volts and then up by more
// than one; the ignition's loads take some tenths. An adapter measures tenths.
constexpr Duration kLookEvery = seconds{2};
constexpr double kStirVolts = 0.3;

// Control units take a few seconds to wake: so often the vehicle is asked at once after a sign,
// every kLookEvery.
constexpr int kEagerQuestions = 5;

// Where the vehicle lacks it, the adapter measures the supply itself.
constexpr std::uint8_t kSupplyPid = 0x42;

/// `unit 7E8 has 05 0C 0D`.
std::string Told(std::uint32_t unit, const std::set<std::uint8_t>& pids) {
  std::string text = fmt::format("unit {:X} has", unit);
  for (const std::uint8_t pid : pids) text.append(" ").append(ObdPidName(pid));
  return text;
}

}  // namespace

ObdDriver::ObdDriver(std::string name, const ObdOptions& options, Open open,
                     const Environment& environment)
    : name_(std::move(name)),
      asleep_every_(options.asleep_every),
      open_(std::move(open)),
      environment_(environment),
      outlets_(name_, options.stale_after, environment) {
  for (const ObdWanted& wanted : ObdWantedOf(options)) {
    items_.push_back({.pid = wanted.pid,
                      .outlet = outlets_.Add(wanted.target),
                      .every = wanted.every,
                      .to_tell = !options.signals.empty()});
  }
}

void ObdDriver::Run(std::stop_token stop) {
  const StopEvent stopped(stop);
  const auto meanwhile = [this] { outlets_.MarkSilent(); };
  const ObdWait wait(stopped, environment_.clock, meanwhile);
  Sessions(
      name_, environment_.clock,
      [&](const std::function<void()>& opened) { return Session(wait, opened); }, meanwhile)
      .Run(stop, stopped);
}

std::string ObdDriver::Session(const ObdWait& wait, const std::function<void()>& opened) {
  auto link = open_(wait);
  if (!link) return link.error().message;
  opened();
  at_once_ = ObdLink::kMostPids;
  while (wait.Until(wait.now()) != ObdWait::Outcome::kStopped) {
    const auto answers = Discover(**link);
    if (!answers) return answers.error().message;
    if (!*answers) at_once_ = ObdLink::kMostPids;
    const auto ended = *answers ? Poll(**link, wait) : Rest(**link, wait);
    if (!ended) return ended.error().message;
  }
  return {};
}

Result<bool> ObdDriver::Discover(ObdLink& link) {
  auto supported = AskSupported(link);
  if (!supported) return supported.error();
  if (supported->empty()) return false;
  Believe(*supported);
  plan_.Clear();
  turns_.clear();
  for (std::size_t i = 0; i < items_.size(); ++i) {
    bool readable = items_[i].unit.has_value();
    if (!readable && items_[i].pid->pid == kSupplyPid) {
      auto signs = Look(link);
      if (signs && !signs->volts && !signs->refused.empty()) signs = Look(link);
      if (!signs) return signs.error();
      readable = signs->volts.has_value();
    }
    if (readable) {
      plan_.Add(items_[i].every, environment_.clock.Boot());
      turns_.push_back(i);
    } else if (items_[i].pid->pid < unsaid_from_ && std::exchange(items_[i].to_tell, false)) {
      spdlog::warn("driver {}: the vehicle has no parameter {} ({}); {}", name_,
                   ObdPidName(items_[i].pid->pid), items_[i].pid->description, supported_);
    }
  }
  return true;
}

Result<ObdDriver::Supported> ObdDriver::AskSupported(ObdLink& link) {
  Supported supported;
  std::uint8_t highest = 0;
  for (const Item& item : items_) highest = std::max(highest, item.pid->pid);
  unsaid_from_ = kAllPids;
  for (unsigned first = 0; first <= highest; first += 0x20) {
    const auto bitmap = static_cast<std::uint8_t>(first);
    // The last of a bitmap says whether there is a next.
    std::set<std::uint32_t> awaited;
    for (const auto& [unit, pids] : supported) {
      if (pids.contains(bitmap)) awaited.insert(unit);
    }
    if (bitmap != 0 && awaited.empty()) break;
    int questions = 0;
    do {
      const auto why = AskBitmap(link, bitmap, supported, awaited);
      if (!why) return why.error();
      if (supported.empty()) NoteSilence(*why);
    } while (!awaited.empty() && ++questions < kQuestions);
    if (supported.empty()) break;
    if (!awaited.empty()) unsaid_from_ = std::min(unsaid_from_, first);
  }
  return supported;
}

Result<std::string> ObdDriver::AskBitmap(ObdLink& link, std::uint8_t bitmap, Supported& supported,
                                         std::set<std::uint32_t>& awaited) {
  auto answer = link.Ask(std::array{bitmap}, 0);
  if (!answer) return answer.error();
  for (const auto& reason : answer->refused) outlets_.Refuse(reason);
  for (const auto& [unit, bytes] : answer->messages) {
    const ObdResponse response = ReadObdResponse(bytes);
    if (!response.refused.empty()) {
      outlets_.Refuse(response.refused);
    } else {
      awaited.erase(unit);
    }
    if (response.negative) continue;
    supported[unit].insert(response.supported.begin(), response.supported.end());
  }
  return std::move(answer->why);
}

void ObdDriver::Believe(const Supported& supported) {
  for (Item& item : items_) {
    item.unit.reset();
    for (const auto& [unit, pids] : supported) {
      if (!pids.contains(item.pid->pid)) continue;
      // The lowest: the engine's (ISO 15765-4).
      item.unit = unit;
      break;
    }
  }
  std::string told;
  for (const auto& [unit, pids] : supported) told += (told.empty() ? "" : ", ") + Told(unit, pids);
  if (answers_ != true || told != supported_) {
    spdlog::info("driver {}: the vehicle answers: {}", name_, told);
  }
  answers_ = true;
  supported_ = std::move(told);
  has_ = supported;
}

Result<void> ObdDriver::Poll(ObdLink& link, const ObdWait& wait) {
  for (int silences = 0; silences < kSilences;) {
    const BootTime now = wait.now();
    const auto turns = plan_.Due(now, std::min(at_once_, link.most_pids()));
    if (turns.empty()) {
      const BootTime next = plan_.empty() ? now + asleep_every_ : plan_.next();
      if (wait.Until(next) == ObdWait::Outcome::kStopped || plan_.empty()) return {};
      continue;
    }
    const auto asked = Ask(link, turns);
    if (!asked) return asked.error();
    outlets_.Flush();
    outlets_.MarkSilent();
    if (asked->vehicle) silences = asked->answered ? 0 : silences + 1;
    if (turns.size() > 1 && !asked->complete) {
      // Not all vehicles, and not all adapters, know requests for several.
      at_once_ = 1;
      continue;
    }
    for (const std::size_t turn : turns) plan_.Done(turn, wait.now());
  }
  return {};
}

Result<ObdDriver::Asked> ObdDriver::Ask(ObdLink& link, const std::vector<std::size_t>& turns) {
  std::vector<std::uint8_t> pids;
  for (const std::size_t turn : turns) {
    const Item& item = items_[turns_[turn]];
    if (item.unit) {
      pids.push_back(item.pid->pid);
    } else if (const auto signs = Look(link); !signs) {
      return signs.error();
    }
  }
  if (pids.empty()) return Asked{.vehicle = false, .answered = false, .complete = true};
  const auto units = static_cast<std::size_t>(std::ranges::count_if(has_, [&](const auto& unit) {
    return std::ranges::any_of(pids, [&](std::uint8_t pid) { return unit.second.contains(pid); });
  }));
  const auto answer = link.Ask(pids, units);
  if (!answer) return answer.error();
  for (const auto& reason : answer->refused) outlets_.Refuse(reason);
  std::size_t values = 0;
  for (const auto& message : answer->messages) values += ReadMessage(message, pids);
  return Asked{
      .vehicle = true, .answered = !answer->messages.empty(), .complete = values >= pids.size()};
}

std::size_t ObdDriver::ReadMessage(const ObdAnswer::Message& message,
                                   const std::vector<std::uint8_t>& asked) {
  const ObdResponse response = ReadObdResponse(message.bytes);
  if (!response.refused.empty()) outlets_.Refuse(response.refused);
  if (response.negative && *response.negative != kObdPending) RefuseNegative(message.unit, asked);
  std::size_t values = 0;
  for (const auto& [pid, value] : response.values) {
    const Item* const item = Find(pid);
    if (item == nullptr) {
      outlets_.Refuse(reason::kUnreadType);
    } else if (item->unit != message.unit) {
      outlets_.Refuse(item->outlet, reason::kOtherSource);
    } else {
      outlets_.Put(item->outlet, value, environment_.clock.Now());
      ++values;
    }
  }
  return values;
}

void ObdDriver::RefuseNegative(std::uint32_t unit, const std::vector<std::uint8_t>& asked) {
  const Item* const item = asked.size() == 1 ? Find(asked[0]) : nullptr;
  if (item == nullptr) return outlets_.Refuse(reason::kDeviceError);
  outlets_.Refuse(item->outlet, item->unit == unit ? reason::kDeviceError : reason::kOtherSource);
}

const ObdDriver::Item* ObdDriver::Find(std::uint8_t pid) const {
  const auto item =
      std::ranges::find_if(items_, [pid](const Item& each) { return each.pid->pid == pid; });
  return item == items_.end() ? nullptr : &*item;
}

Result<ObdSigns> ObdDriver::Look(ObdLink& link) {
  auto signs = link.Look();
  if (!signs) return signs;
  const Item* const item = Find(kSupplyPid);
  for (const std::string_view reason : signs->refused) outlets_.Refuse(reason);
  const std::optional<double> volts = signs->volts;
  if (volts && item != nullptr) outlets_.Put(item->outlet, *volts, environment_.clock.Now());
  outlets_.Flush();
  return signs;
}

Result<void> ObdDriver::Rest(ObdLink& link, const ObdWait& wait) {
  const BootTime until = wait.now() + (eager_ > 0 ? kLookEvery : asleep_every_);
  eager_ = std::max(eager_ - 1, 0);
  bool was_quiet = false;
  std::optional<double> volts;
  while (wait.now() < until) {
    if (wait.Until(std::min(wait.now() + kLookEvery, until)) == ObdWait::Outcome::kStopped) break;
    const auto signs = Look(link);
    if (!signs) return signs.error();
    const std::optional<bool> speaks = signs->bus_speaks;
    if (signs->volts) volts = signs->volts;
    if (!asked_at_volts_) asked_at_volts_ = volts;
    const double change = volts && asked_at_volts_ ? std::abs(*volts - *asked_at_volts_) : 0;
    if ((speaks.value_or(false) && was_quiet) || change >= kStirVolts) {
      eager_ = kEagerQuestions;
      break;
    }
    // One that never stops, such as a gateway's, says nothing of the ignition.
    if (speaks) was_quiet = !*speaks;
  }
  if (volts) asked_at_volts_ = volts;
  return {};
}

void ObdDriver::NoteSilence(const std::string& why) {
  if (answers_ == false) return;
  answers_ = false;
  spdlog::info(
      "driver {}: the vehicle does not answer{}: is its ignition off? It is asked every {}, and "
      "when it stirs",
      name_, why.empty() ? "" : " (" + why + ")", ToString(asleep_every_));
}

}  // namespace fleet_edge::drivers
