#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "simulators/interfaces/device.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/schedule.h"
#include "simulators/mqtt_link.h"

namespace fleet_edge::simulators {

/// What publishes JSON on the vehicle's MQTT broker: the container's fourth zone, the tires of the
/// first axle and an acceleration sensor. Unplugged it is disconnected. The ledger outlives it.
class MqttDevice : public Device {
 public:
  MqttDevice(std::string broker, DeviceLedger& ledger);

  const std::string& name() const override { return name_; }
  std::string Configuration() const override;
  bool attended() const override { return true; }  // a publisher doesn't know who subscribes
  /// Waits up to ten seconds for the broker.
  void Plug(const Moment& moment) override;
  void Unplug(const Moment& moment) override;
  void Turn(const Moment& moment) override;

 private:
  struct Field {
    const char* key;
    double value;
    double per_unit;  ///< steps that the sensor tells apart
  };

  void Publish(std::size_t form, const char* topic, const std::vector<Field>& fields,
               const Moment& moment);

  const std::string name_ = "mqtt";
  const std::string broker_;
  const std::string prefix_;
  DeviceLedger& ledger_;
  std::size_t cargo_;
  std::size_t tires_;
  std::size_t motion_;
  Schedule every_second_;
  Schedule ten_a_second_;
  std::unique_ptr<MqttLink> link_;  // while plugged in
};

}  // namespace fleet_edge::simulators
