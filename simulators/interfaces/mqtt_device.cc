#include "simulators/interfaces/mqtt_device.h"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/moment.h"
#include "simulators/json_writer.h"
#include "simulators/ledger.h"
#include "simulators/mqtt_link.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{2000};
constexpr std::size_t kZone = 4;

double At(const std::vector<double>& values, std::size_t place, double otherwise) {
  return place < values.size() ? values[place] : otherwise;
}

}  // namespace

MqttDevice::MqttDevice(std::string broker, DeviceLedger& ledger)
    : broker_(std::move(broker)),
      prefix_("vehicles/" + ledger.vehicle() + "/"),
      ledger_(ledger),
      cargo_(ledger.AddForm({{"cargo_celsius", {{"zone", "4"}}}}, Stamp::kSource)),
      tires_(ledger.AddForm({{"tire_kpa", {{"axle", "1"}, {"side", "left"}}},
                             {"tire_kpa", {{"axle", "1"}, {"side", "right"}}}},
                            Stamp::kSource)),
      motion_(ledger.AddForm({{"accel_longitudinal_mps2", {}}, {"accel_lateral_mps2", {}}},
                             Stamp::kSource)),
      every_second_(1),
      ten_a_second_(0.1) {}

std::string MqttDevice::Configuration() const {
  const auto topic = [this](const char* name, const std::string& signals) {
    return "    - filter: " + prefix_ + name +
           "\n      codec: json\n      time: {pointer: /ts, unit: ms}\n      signals:\n" + signals;
  };
  return "mqtt:\n  broker: " + broker_ + "\n  topics:\n" +
         topic("cargo/{zone}", "        cargo_celsius: {pointer: /celsius}\n") +
         topic("tires",
               "        'tire_kpa{axle=\"1\",side=\"left\"}': {pointer: /left}\n"
               "        'tire_kpa{axle=\"1\",side=\"right\"}': {pointer: /right}\n") +
         topic("motion",
               "        accel_longitudinal_mps2: {pointer: /x}\n"
               "        accel_lateral_mps2: {pointer: /y}\n");
}

void MqttDevice::Plug(const Moment& /*moment*/) {
  link_ = std::make_unique<MqttLink>(MqttLink::Options{.broker = broker_});
}

void MqttDevice::Unplug(const Moment& /*moment*/) {
  for (const std::uint64_t message : link_->Finish(kPatience)) ledger_.Doubt(message);
  link_.reset();
}

void MqttDevice::Turn(const Moment& moment) {
  constexpr double kTireKpa = 850;
  constexpr double kTenth = 10;
  constexpr double kHundredth = 100;
  const VehicleState& state = moment.state;
  if (every_second_.Due(moment.seconds)) {
    const double celsius = At(state.cargo_celsius, kZone - 1, state.ambient_celsius);
    Publish(cargo_, "cargo/4", {{"celsius", celsius, kTenth}}, moment);
    Publish(tires_, "tires",
            {{"left", At(state.tire_kpa, 0, kTireKpa), 1},
             {"right", At(state.tire_kpa, 1, kTireKpa), 1}},
            moment);
  }
  if (ten_a_second_.Due(moment.seconds)) {
    Publish(motion_, "motion",
            {{"x", state.accel_longitudinal_mps2, kHundredth},
             {"y", state.accel_lateral_mps2, kHundredth}},
            moment);
  }
}

void MqttDevice::Publish(std::size_t form, const char* topic, const std::vector<Field>& fields,
                         const Moment& moment) {
  const auto time = std::chrono::floor<milliseconds>(moment.now);
  JsonWriter json;
  json.BeginObject().Member("ts", time.time_since_epoch().count());
  std::vector<double> values;
  for (const Field& field : fields) {
    values.push_back(std::round(field.value * field.per_unit) / field.per_unit);
    json.Member(field.key, values.back());
  }
  if (!link_->Publish(prefix_ + topic, json.EndObject().text(), ledger_.messages())) return;
  ledger_.Say(form, time, std::move(values));
}

}  // namespace fleet_edge::simulators
