#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/counters.h"
#include "core/reading.h"
#include "core/result.h"
#include "core/section.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/can_reader.h"
#include "drivers/can/can_refusals.h"
#include "drivers/can/can_signal.h"
#include "drivers/can/can_source.h"
#include "drivers/can/can_time.h"
#include "drivers/can/dbc_options.h"
#include "drivers/driver.h"
#include "drivers/rejections.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {

/// Keys of the kind `can`. A value.
struct CanDriverOptions {
  std::string interface;            ///< SocketCAN's; either this or `slcan`
  std::string slcan;                ///< an adapter's serial port
  std::uint32_t bitrate = 250'000;  ///< of the bus, told to the adapter; SAE J1939-11
  Duration stale_after = std::chrono::seconds{10};
  std::string dbc;                                  ///< a DBC file; empty: none
  std::optional<bool> j1939;                        ///< nothing: when there is no `dbc`
  std::map<std::string, DbcSignalOptions> signals;  ///< of `dbc`, by series

  CanDecoding decoding{};
};

void Describe(Section& section, CanDriverOptions& options);

/// DriverKind::parse of `can`.
std::unique_ptr<DriverSpec> ParseCanDriver(const std::string& name, const YamlNode& options,
                                           const DriverDefaults& defaults,
                                           const Section::Context& context);

/// DriverKind::reference of `can`.
std::vector<Section::KeyDoc> CanDriverReference();

/// Listens to a vehicle's CAN bus and reads what `decoding` says. A reading's time is when the
/// kernel received its frame; on a serial port, when it was read from there.
class CanDriver : public Driver {
 public:
  using Open = std::function<Result<std::unique_ptr<CanSource>>()>;

  /// Opens nothing yet.
  CanDriver(std::string name, Duration stale_after, const CanDecoding& decoding, Open open,
            const Environment& environment);

  const std::string& name() const override { return name_; }
  void Run(std::stop_token stop) override;

 private:
  /// One session, as Sessions runs them.
  std::string Listen(const std::stop_token& stop, const StopEvent& stopped,
                     const std::function<void()>& opened);
  void Read(const std::vector<CanFrame>& frames);
  CanTime Now() const;
  void NoteBus(const CanFrame& frame);
  void MarkSilent();

  const std::string name_;
  const Duration stale_after_;
  const Open open_;
  const Environment environment_;
  const Rejections rejections_;
  Counter& accepted_;
  Counter& malformed_;
  Counter& overrun_;
  CanRefusals refusals_;
  CanReader reader_;
  bool bus_off_ = false;
  std::vector<Reading> readings_;
  std::vector<CanRefusal> refused_;
};

}  // namespace fleet_edge::drivers
