#include "drivers/modbus/modbus_driver.h"

#include <spdlog/spdlog.h>
#include <sys/poll.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/section.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/io/reconnect_delay.h"
#include "drivers/io/sessions.h"
#include "drivers/modbus/modbus_bus.h"
#include "drivers/modbus/modbus_options.h"
#include "drivers/modbus/modbus_plan.h"
#include "drivers/modbus/modbus_value.h"
#include "drivers/read_options.h"
#include "drivers/rejections.h"
#include "drivers/signal_target.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Kind = ModbusAnswer::Kind;

constexpr Duration kFirstPause = seconds{1};  // of a unit that is silent
constexpr Duration kLongestPause = seconds{30};
constexpr Duration kRefusedPause = minutes{1};  // of a signal that its unit refuses
constexpr Duration kPatience = seconds{10};     // with a bus on which nobody answers
constexpr Duration kLongestWait = milliseconds{100};
constexpr Duration kLogEvery = minutes{1};

// MODBUS Application Protocol V1.1b3, section 7.
constexpr int kIllegalFunction = 1;
constexpr int kIllegalValue = 3;
constexpr int kGatewayTargetSilent = 11;

class ModbusDriverSpec : public DriverSpec {
 public:
  ModbusDriverSpec(std::string name, ModbusDriverOptions options)
      : name_(std::move(name)), options_(std::move(options)) {}
  const std::string& name() const override { return name_; }
  std::optional<std::vector<std::string>> series() const override {
    std::vector<std::string> names;
    names.reserve(options_.signals.size());
    for (const auto& [series, signal] : options_.signals) {
      if (const auto target = ParseSignalTarget(series, {})) names.push_back(SeriesText(*target));
    }
    return names;
  }
  std::vector<std::string> devices() const override { return DevicesOf(options_.device); }
  std::unique_ptr<Driver> Make(const Environment& environment) const override {
    const auto open = [line = LineOf(options_)](const StopEvent& stopped) {
      return OpenModbus(line, stopped);
    };
    return std::make_unique<ModbusDriver>(name_, options_, open, environment);
  }

 private:
  const std::string name_;
  const ModbusDriverOptions options_;
};

}  // namespace

std::unique_ptr<DriverSpec> ParseModbusDriver(const std::string& name, const YamlNode& options,
                                              const DriverDefaults& /*defaults*/,
                                              const Section::Context& context) {
  auto read = ReadOptions<ModbusDriverOptions>(options, context);
  if (!read) return nullptr;
  return std::make_unique<ModbusDriverSpec>(name, std::move(*read));
}

std::vector<Section::KeyDoc> ModbusDriverReference() {
  return Section::Reference<ModbusDriverOptions>("drivers[].modbus");
}

ModbusDriver::ModbusDriver(std::string name, ModbusDriverOptions options, Open open,
                           const Environment& environment)
    : name_(std::move(name)),
      options_(std::move(options)),
      open_(std::move(open)),
      environment_(environment),
      outlets_(name_, options_.stale_after, environment) {
  for (const auto& [series, signal] : options_.signals) {
    const auto target = ParseSignalTarget(series, signal.unit);
    if (!target) continue;  // refused when it was parsed
    points_.push_back({.point = PointOf(options_, signal),
                       .signal = signal,
                       .series = series,
                       .outlet = outlets_.Add(*target)});
  }
}

void ModbusDriver::Run(std::stop_token stop) {
  const StopEvent stopped(stop);
  Sessions sessions(
      name_, environment_.clock, [&](const auto& opened) { return Work(opened, stop, stopped); },
      [&] { outlets_.MarkSilent(); });
  sessions.Run(stop, stopped);
}

std::string ModbusDriver::Work(const std::function<void()>& opened, const std::stop_token& stop,
                               const StopEvent& stopped) {
  const auto bus = open_(stopped);
  if (!bus) return bus.error().message;
  PlanJobs();
  bool told = false;
  while (!stop.stop_requested()) {
    std::string why = RunDueJobs(**bus, stop);
    outlets_.Flush();
    outlets_.MarkSilent();
    if (answers_ && !std::exchange(told, true)) opened();
    if (!why.empty()) return why;
    const BootTime now = environment_.clock.Boot();
    if (now - answered_ > kPatience) return "no unit answers. Are they on, baud and parity right?";
    const auto next = std::ranges::min_element(jobs_, {}, &Job::due);
    const Duration left =
        next == jobs_.end() ? kLongestWait : std::clamp(next->due - now, Duration{0}, kLongestWait);
    pollfd event{.fd = stopped.fd(), .events = POLLIN, .revents = 0};
    ::poll(&event, 1, static_cast<int>(std::chrono::ceil<milliseconds>(left).count()));
  }
  return {};
}

void ModbusDriver::PlanJobs() {
  std::vector<ModbusPoint> points;
  points.reserve(points_.size());
  for (const Point& point : points_) points.push_back(point.point);
  const BootTime now = environment_.clock.Boot();
  jobs_.clear();
  units_.clear();
  for (ModbusRequest& request : PlanModbus(points, LineOf(options_).max_registers())) {
    units_.emplace(request.range.unit, Unit{.delay = {kFirstPause, kLongestPause}});
    jobs_.push_back({.request = std::move(request), .due = now});
  }
  answers_ = false;
  answered_ = now;
}

std::string ModbusDriver::RunDueJobs(ModbusBus& bus, const std::stop_token& stop) {
  // A refused request is replaced by several at the end of the list: they wait for the next turn.
  const std::size_t count = jobs_.size();
  for (std::size_t i = 0; i < count && !stop.stop_requested(); ++i) {
    Job& job = jobs_[i];
    const BootTime now = environment_.clock.Boot();
    if (job.due > now) continue;
    job.due = std::max(job.due + job.request.every, now);
    const Unit& unit = units_.at(job.request.range.unit);
    if (unit.until > now) {
      job.due = unit.until;
      continue;
    }
    std::string why = RunJob(bus, i);
    if (!why.empty()) return why;
  }
  std::erase_if(jobs_, [](const Job& job) { return job.request.points.empty(); });
  return {};
}

std::string ModbusDriver::RunJob(ModbusBus& bus, std::size_t index) {
  const ModbusRequest& request = jobs_[index].request;
  const ModbusAnswer answer = bus.Read(request.range, registers_);
  switch (answer.kind) {
    case Kind::kRead:
      NoteAnswer(index);
      Take(request);
      break;
    case Kind::kException:
      NoteException(index, answer);
      break;
    case Kind::kSilent:
      NoteSilence(request);
      break;
    case Kind::kGarbled:
      Refuse(request, reason::kMalformed);
      Tell(jobs_[index], answer.why);
      break;
    case Kind::kLost:
      return Show(request) + ": " + answer.why;
  }
  return {};
}

void ModbusDriver::NoteAnswer(std::size_t index) {
  answers_ = true;
  answered_ = environment_.clock.Boot();
  Job& job = jobs_[index];
  Unit& unit = units_.at(job.request.range.unit);
  unit.delay.Reset();
  if (unit.silence.Ends()) {
    spdlog::info("driver {}: unit {} answers again", name_, job.request.range.unit);
  }
  if (!job.trouble.Ends()) return;
  spdlog::info("driver {}: {} can be read again", name_, Show(job.request));
}

void ModbusDriver::Take(const ModbusRequest& request) {
  const UtcTime now = environment_.clock.Now();
  for (const std::size_t place : request.points) {
    const Point& point = points_[place];
    const ModbusDriverOptions::Signal& signal = point.signal;
    const auto words =
        std::span(registers_)
            .subspan(point.point.range.first - request.range.first, point.point.range.count);
    const std::uint64_t bits = ModbusBits(words, signal.form);
    const double number = ModbusNumber(bits, signal.form.type);
    if (bits == signal.no_value || !std::isfinite(number)) {
      outlets_.Refuse(point.outlet, reason::kDeviceError);
    } else {
      outlets_.Put(point.outlet, number * signal.scale + signal.offset, now);
    }
  }
}

void ModbusDriver::NoteException(std::size_t index, const ModbusAnswer& answer) {
  Job& job = jobs_[index];
  answers_ = true;
  answered_ = environment_.clock.Boot();
  if (answer.exception == kGatewayTargetSilent) return NoteSilence(job.request);
  Refuse(job.request, reason::kDeviceError);
  const bool for_good = answer.exception >= kIllegalFunction && answer.exception <= kIllegalValue;
  if (for_good && job.request.points.size() > 1) return Split(index);
  if (for_good) job.due = environment_.clock.Boot() + kRefusedPause;
  Tell(job, "refused: " + answer.why +
                (for_good ? ". Look into the device's manual; it is asked for once a minute" : ""));
}

void ModbusDriver::Split(std::size_t index) {
  const ModbusRequest whole = std::exchange(jobs_[index].request, {});
  for (const std::size_t place : whole.points) {
    const ModbusPoint& point = points_[place].point;
    jobs_.push_back({.request = {.range = point.range, .every = point.every, .points = {place}},
                     .due = environment_.clock.Boot()});
  }
}

bool ModbusDriver::Trouble::Begins(const std::string& why, BootTime now) {
  if (told_ == why || (told_at_ && now - *told_at_ < kLogEvery)) return false;
  told_ = why;
  told_at_ = now;
  return true;
}

bool ModbusDriver::Trouble::Ends() { return !std::exchange(told_, {}).empty(); }

void ModbusDriver::Tell(Job& job, const std::string& why) {
  if (!job.trouble.Begins(why, environment_.clock.Boot())) return;
  spdlog::warn("driver {}: {}: {}", name_, Show(job.request), why);
}

void ModbusDriver::NoteSilence(const ModbusRequest& request) {
  Unit& unit = units_.at(request.range.unit);
  const BootTime now = environment_.clock.Boot();
  unit.until = now + unit.delay.Next(std::uniform_real_distribution<>(0, 1)(random_));
  Refuse(request, reason::kNoAnswer);
  if (unit.silence.Begins("silent", now)) {
    spdlog::warn("driver {}: unit {} doesn't answer", name_, request.range.unit);
  }
}

void ModbusDriver::Refuse(const ModbusRequest& request, std::string_view reason) {
  for (const std::size_t place : request.points) outlets_.Refuse(points_[place].outlet, reason);
}

std::string ModbusDriver::Show(const ModbusRequest& request) const {
  const ModbusRange& range = request.range;
  std::string text =
      request.points.size() == 1 ? points_[request.points.front()].series + " (" : "(";
  text += "unit " + std::to_string(range.unit) +
          (range.table == ModbusTable::kInput ? ", input" : ", holding") + " register " +
          std::to_string(range.first);
  if (range.count > 1) text += " to " + std::to_string(range.end() - 1);
  return text + ")";
}

}  // namespace fleet_edge::drivers
