#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/obd/obd_link.h"
#include "drivers/obd/obd_options.h"
#include "drivers/obd/obd_pid.h"
#include "drivers/obd/obd_plan.h"
#include "drivers/obd/obd_wait.h"
#include "drivers/outlets.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {

/// DriverKind::parse of `obd`.
std::unique_ptr<DriverSpec> ParseObdDriver(const std::string& name, const YamlNode& options,
                                           const DriverDefaults& defaults,
                                           const Section::Context& context);

/// DriverKind::reference of `obd`.
std::vector<Section::KeyDoc> ObdDriverReference();

/// Asks a vehicle's control units for current data, OBD-II service 01: first what they support,
/// then each parameter at its rate. While the vehicle does not answer it is asked seldom, and
/// watched without asking. A reading's time is when the answer was there.
class ObdDriver : public Driver {
 public:
  using Open = std::function<Result<std::unique_ptr<ObdLink>>(const ObdWait&)>;

  /// Opens nothing yet.
  ObdDriver(std::string name, const ObdOptions& options, Open open, const Environment& environment);

  const std::string& name() const override { return name_; }
  void Run(std::stop_token stop) override;

 private:
  /// A parameter that is read.
  struct Item {
    const ObdPid* pid;
    std::size_t outlet;
    Duration every;
    bool to_tell;                         // once, should no unit support it
    std::optional<std::uint32_t> unit{};  // believed; nothing: none supports it
  };

  /// What came of a request.
  struct Asked {
    bool vehicle;   // it was asked; else the adapter alone
    bool answered;  // by any unit
    bool complete;  // with a value for each parameter
  };

  /// PIDs by control unit.
  using Supported = std::map<std::uint32_t, std::set<std::uint8_t>>;

  /// Until the device is gone or the stop: why.
  std::string Session(const ObdWait& wait, const std::function<void()>& opened);

  /// Asks what the vehicle supports; false: it does not answer.
  Result<bool> Discover(ObdLink& link);
  Result<Supported> AskSupported(ObdLink& link);

  /// Asks which of the 32 from `bitmap` on there are; takes those that answer out of `awaited`.
  /// Returns what the device says of silence.
  Result<std::string> AskBitmap(ObdLink& link, std::uint8_t bitmap, Supported& supported,
                                std::set<std::uint32_t>& awaited);
  void Believe(const Supported& supported);

  /// Asks for each parameter at its turn, until the vehicle is silent.
  Result<void> Poll(ObdLink& link, const ObdWait& wait);
  Result<Asked> Ask(ObdLink& link, const std::vector<std::size_t>& turns);

  /// Returns how many values were handed on.
  std::size_t ReadMessage(const ObdAnswer::Message& message,
                          const std::vector<std::uint8_t>& asked);
  void RefuseNegative(std::uint32_t unit, const std::vector<std::uint8_t>& asked);

  /// Null when it is not read.
  const Item* Find(std::uint8_t pid) const;

  /// Looks at the vehicle, and hands the supply's voltage on.
  Result<ObdSigns> Look(ObdLink& link);

  /// Until there is a sign that the vehicle wakes, or it is time to ask it again.
  Result<void> Rest(ObdLink& link, const ObdWait& wait);
  void NoteSilence(const std::string& why);

  const std::string name_;
  const Duration asleep_every_;
  const Open open_;
  const Environment environment_;
  Outlets outlets_;
  std::vector<Item> items_;
  ObdPlan plan_;
  std::vector<std::size_t> turns_;  // of plan_: places in items_
  Supported has_;
  static constexpr unsigned kAllPids = 0x100;
  unsigned unsaid_from_ = kAllPids;           // a unit has not said which of these it has
  std::size_t at_once_ = ObdLink::kMostPids;  // parameters in a request
  std::optional<double> asked_at_volts_{};    // while it sleeps
  int eager_ = 0;                             // questions that are left to ask at once
  std::optional<bool> answers_{};             // the vehicle does; as it was told
  std::string supported_;                     // as it was told
};

}  // namespace fleet_edge::drivers
