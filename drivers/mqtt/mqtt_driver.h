#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/section.h"
#include "drivers/driver.h"
#include "drivers/mqtt/mqtt_client.h"
#include "drivers/mqtt/mqtt_options.h"
#include "drivers/mqtt/mqtt_reader.h"
#include "drivers/mqtt/mqtt_topic.h"
#include "drivers/mqtt/receive_pace.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {

/// Connections of a driver to its source, and how many of them were lost; label driver. There is
/// one while there were more than were lost.
inline constexpr std::string_view kSourceConnectionsTotal = "fleet_edge_source_connections_total";
inline constexpr std::string_view kSourceLossesTotal = "fleet_edge_source_losses_total";

/// Keys of the kind `mqtt`: those of the connection, and these. A value.
struct MqttDriverOptions {
  MqttOptions connection;
  Bytes max_payload = MqttReader::Limits{}.payload;
  std::vector<MqttTopicOptions> topics;
};

void Describe(Section& section, MqttDriverOptions& options);

/// DriverKind::parse of `mqtt`.
std::unique_ptr<DriverSpec> ParseMqttDriver(const std::string& name, const YamlNode& options,
                                            const DriverDefaults& defaults,
                                            const Section::Context& context);

/// DriverKind::reference of `mqtt`.
std::vector<Section::KeyDoc> MqttDriverReference();

/// Sensors that publish on an MQTT broker.
///
/// Messages are read on the client's thread, of a stream in which each tells its time those of 40
/// ms in one go; Run() starts the client, looks after silent topics and stops the client.
class MqttDriver : public Driver {
 public:
  /// Precondition: the options have passed Describe() without a finding; the client id is set.
  MqttDriver(const std::string& name, const MqttDriverOptions& options,
             const Environment& environment);

  const std::string& name() const override { return name_; }
  void Run(std::stop_token stop) override;

 private:
  void Take(const MqttClient::Message& message);

  const std::string name_;
  const std::optional<Duration> look_every_;  // for silence; nothing: no topic has `stale_after`
  const bool may_rest_;
  const Clock& clock_;
  Counter& made_;  // connections
  Counter& lost_;
  // The client's thread's own.
  ReceivePace pace_;
  MqttReader reader_;
  MqttClient client_;  // last: its handlers use the reader
};

}  // namespace fleet_edge::drivers
