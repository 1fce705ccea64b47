#include "simulators/fleet_run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/time.h"
#include "simulators/alert_rule.h"
#include "simulators/anomaly.h"
#include "simulators/display.h"
#include "simulators/drive_cycle.h"
#include "simulators/ledger.h"
#include "simulators/ledger_file.h"
#include "simulators/mqtt_link.h"
#include "simulators/random.h"
#include "simulators/scenario.h"
#include "simulators/scenario_step.h"
#include "simulators/sensor.h"
#include "simulators/series_name.h"
#include "simulators/stop_signal.h"
#include "simulators/truth.h"
#include "simulators/vehicle.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Shorter sleeps cost more than they give: what falls due meanwhile goes together.
constexpr milliseconds kTick{1};
// How often arrivals are taken and the ledger is flushed.
constexpr milliseconds kGatherEvery{200};
// For acknowledgements, at the end.
constexpr milliseconds kLastPatience{5000};
// The agent shows a change at the end up to this much later.
constexpr milliseconds kLastDisplays{1500};

std::optional<AlertTruth> TruthOf(const Vehicle& vehicle, const SeriesName& series) {
  const auto* const rule = std::ranges::find(kTankerAlerts, series.name, &AlertRule::signal);
  if (rule == kTankerAlerts.end()) return std::nullopt;
  return AlertTruth(vehicle.id(), *rule, series.labels);
}

}  // namespace

FleetRun::FleetRun(const Options& options)
    : options_(options),
      start_(SystemClock().Now()),
      ledger_(options.ledger, LedgerWriter::Mode::kNew),
      link_({.broker = options.broker, .qos = options.qos}) {
  link_.Subscribe(options.prefix + "/+/alerts/#");
  LedgerStart start{.at = start_, .seed = options.seed, .alerts = {}};
  for (const AlertRule& rule : kTankerAlerts) start.alerts.emplace_back(rule.alert);
  ledger_.Append(start);
  if (options.scenario) {
    for (Scenario::Member& member : options.scenario->Members()) {
      AddVehicle(std::move(member.setup), *roads_.Cycle(member.cycle));
    }
    for (ScenarioStep& step : StepsOf(*options.scenario)) steps_.push_back(std::move(step));
  } else {
    const DriveCycle& cycle = *roads_.Cycle(options.seed % 2 == 0 ? "us06" : "udds");
    for (int number = 1; number <= options.vehicles; ++number) AddVehicle(Planned(number), cycle);
  }
  ledger_.Flush();
}

Vehicle::Setup FleetRun::Planned(int number) const {
  const std::string id = options_.name + "-" + std::to_string(number);
  Random random(options_.seed, id + "/anomalies");
  std::vector<Anomaly> anomalies;
  if (options_.anomalies) anomalies = PlanAnomalies(options_.duration, options_.zones, random);
  return {
      .id = id, .seed = options_.seed, .zones = options_.zones, .anomalies = std::move(anomalies)};
}

void FleetRun::AddVehicle(Vehicle::Setup setup, const DriveCycle& cycle) {
  const int zones = setup.zones;
  Vehicle& vehicle = vehicles_.emplace_back(std::move(setup), cycle, roads_.track());
  for (Sensor& sensor : options_.one_topic ? TelemetryUnit() : TankerSensors(zones)) {
    AddStation(vehicle, std::move(sensor));
  }
}

void FleetRun::AddStation(Vehicle& vehicle, Sensor sensor) {
  Station station{.vehicle = &vehicle,
                  .sensor = std::move(sensor),
                  .topic = options_.prefix + "/" + vehicle.id() + "/",
                  .truths = {},
                  .last = {}};
  station.topic += station.sensor.topic;
  MessageForm form{
      .number = stations_.size(), .vehicle = vehicle.id(), .series = {}, .stamp = Stamp::kSource};
  for (const Sensor::Field& field : station.sensor.fields) {
    form.series.push_back(field.series);
    station.truths.push_back(TruthOf(vehicle, field.series));
  }
  ledger_.Append(form);
  stations_.push_back(std::move(station));
}

FleetRun::Summary FleetRun::Run(StopSignal& stop) {
  const double interval_s = 1 / options_.hz;
  const auto step =
      std::chrono::duration<double>(interval_s / static_cast<double>(stations_.size()));
  const auto messages = static_cast<std::uint64_t>(ToSeconds(options_.duration) / step.count());
  const SteadyTime begin = steady_clock::now();
  const auto due = [&](std::uint64_t message) {
    if (options_.speed == 0) return begin;
    return begin + std::chrono::duration_cast<steady_clock::duration>(
                       step * static_cast<double>(message) / options_.speed);
  };

  SteadyTime gather = begin;
  for (std::uint64_t message = 0; message < messages;) {
    if (stop.WaitUntil(std::max(due(message), steady_clock::now() + kTick))) break;
    const SteadyTime now = steady_clock::now();
    for (; message < messages && due(message) <= now; ++message) {
      // The vehicles live by the plan, not by the clock: the same seed gives the same values.
      const double seconds = step.count() * static_cast<double>(message);
      Tell(seconds);
      Send(stations_[static_cast<std::size_t>(message % stations_.size())], seconds);
      if (options_.speed == 0 && steady_clock::now() >= gather) {
        ++message;
        break;
      }
    }
    if (now >= gather) {
      Gather();
      gather = now + kGatherEvery;
    }
  }
  stop.WaitUntil(steady_clock::now() + kLastDisplays);
  Close();
  return summary_;
}

void FleetRun::Send(Station& station, double seconds) {
  station.vehicle->Advance(seconds);
  const std::vector<double> values = station.vehicle->Measure(station.sensor);
  // A unit with nothing to say in one of its fields says nothing.
  if (std::ranges::any_of(values, [](double value) { return std::isnan(value); })) return;
  const UtcTime time = TimeOf(station, seconds);
  if (!link_.Publish(station.topic, Payload(station.sensor, time, values), summary_.messages)) {
    ++summary_.not_taken;
    return;
  }
  station.last = time;
  SentMessage message{
      .form = static_cast<std::size_t>(&station - stations_.data()), .time = time, .values = {}};
  for (std::size_t i = 0; i < values.size(); ++i) {
    message.values.push_back(ReadingOf(station.sensor.fields[i], values[i]));
    std::optional<AlertTruth>& truth = station.truths[i];
    if (truth) truth->Add(time, message.values.back());
  }
  ++summary_.messages;
  summary_.readings += values.size();
  ledger_.Append(message);
}

UtcTime FleetRun::TimeOf(const Station& station, double seconds) const {
  const UtcTime time =
      options_.speed == 1
          ? SystemClock().Now()
          : start_ + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  // A millisecond is what the payload tells; each message of a sensor has its own.
  return std::max<UtcTime>(std::chrono::floor<milliseconds>(time), station.last + milliseconds{1});
}

/// Steps that are due, a line each on stdout.
void FleetRun::Tell(double seconds) {
  for (; !steps_.empty() && steps_.front().seconds <= seconds; steps_.pop_front()) {
    std::printf("%s\n", ToJson(steps_.front()).c_str());
    std::fflush(stdout);
  }
}

void FleetRun::Gather() {
  for (Station& station : stations_) {
    for (std::optional<AlertTruth>& truth : station.truths) {
      if (!truth) continue;
      for (ExpectedChange& expected : truth->Take()) ledger_.Append(std::move(expected));
    }
  }
  for (const MqttLink::Arrival& arrival : link_.TakeArrivals()) {
    if (auto shown = ReadDisplay(options_.prefix, arrival.topic, arrival.payload, arrival.at)) {
      ledger_.Append(std::move(*shown));
    }
  }
  ledger_.Flush();
}

void FleetRun::Close() {
  for (Station& station : stations_) {
    for (std::optional<AlertTruth>& truth : station.truths) {
      if (truth) truth->Finish();
    }
  }
  Gather();
  // Faster than real time the last readings are ahead of the clock.
  const UtcTime last = std::ranges::max_element(stations_, {}, &Station::last)->last;
  LedgerEnd end{.at = std::max(SystemClock().Now(), last),
                .messages = summary_.messages,
                .unacknowledged = link_.Finish(kLastPatience)};
  summary_.unacknowledged = end.unacknowledged.size();
  ledger_.Append(std::move(end));
  ledger_.Flush();
}

}  // namespace fleet_edge::simulators
