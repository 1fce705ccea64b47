#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/section.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/io/reconnect_delay.h"
#include "drivers/modbus/modbus_bus.h"
#include "drivers/modbus/modbus_options.h"
#include "drivers/modbus/modbus_plan.h"
#include "drivers/outlets.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {

/// DriverKind::parse of `modbus`.
std::unique_ptr<DriverSpec> ParseModbusDriver(const std::string& name, const YamlNode& options,
                                              const DriverDefaults& defaults,
                                              const Section::Context& context);

/// DriverKind::reference of `modbus`.
std::vector<Section::KeyDoc> ModbusDriverReference();

/// Reads registers of Modbus units, each signal `every` so often; only reads, never writes. A
/// reading's time is when its answer came.
///
/// A unit that is silent is left alone for a growing time, so that it doesn't take the others'. A
/// request that the unit refuses is made anew for each of its signals alone; one that it refuses
/// alone is asked for once a minute.
class ModbusDriver : public Driver {
 public:
  using Open = std::function<Result<std::unique_ptr<ModbusBus>>(const StopEvent&)>;

  /// Opens nothing yet. Precondition: the options have passed Describe() without a finding.
  ModbusDriver(std::string name, ModbusDriverOptions options, Open open,
               const Environment& environment);

  const std::string& name() const override { return name_; }
  void Run(std::stop_token stop) override;

 private:
  struct Point {
    ModbusPoint point;
    ModbusDriverOptions::Signal signal;
    std::string series;  // for logs
    std::size_t outlet;
  };
  /// What the log has of a trouble that comes and goes, as on a shaky line: its beginning, at most
  /// once a minute, and its end when its beginning was told.
  class Trouble {
   public:
    /// True when it is to be logged: it is new, or another one, and the last was long enough ago.
    bool Begins(const std::string& why, BootTime now);
    bool Ends();

   private:
    std::string told_;  // empty: there is none that was told
    std::optional<BootTime> told_at_;
  };
  struct Job {
    ModbusRequest request;
    BootTime due{};
    Trouble trouble{};
  };
  struct Unit {
    ReconnectDelay delay;
    BootTime until{};  // it is left alone
    Trouble silence{};
  };

  /// Until the stop, or the bus is gone: why.
  std::string Work(const std::function<void()>& opened, const std::stop_token& stop,
                   const StopEvent& stopped);
  void PlanJobs();
  /// Makes every request that is due; why the bus is gone, or nothing.
  std::string RunDueJobs(ModbusBus& bus, const std::stop_token& stop);
  std::string RunJob(ModbusBus& bus, std::size_t job);

  void Take(const ModbusRequest& request);
  void NoteAnswer(std::size_t job);
  void NoteException(std::size_t job, const ModbusAnswer& answer);
  /// Replaces a request by one for each of its signals.
  void Split(std::size_t job);
  /// Logs why a request has failed, as far as Trouble wants it.
  void Tell(Job& job, const std::string& why);
  void NoteSilence(const ModbusRequest& request);
  void Refuse(const ModbusRequest& request, std::string_view reason);
  std::string Show(const ModbusRequest& request) const;

  const std::string name_;
  const ModbusDriverOptions options_;
  const Open open_;
  const Environment environment_;
  Outlets outlets_;
  std::vector<Point> points_;

  // Of the session.
  std::vector<Job> jobs_;
  std::map<std::uint8_t, Unit> units_;
  bool answers_ = false;  // a unit, or a gateway
  BootTime answered_{};   // … or when the bus was opened
  std::vector<std::uint16_t> registers_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace fleet_edge::drivers
