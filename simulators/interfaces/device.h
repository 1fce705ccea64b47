#pragma once

#include <string>

#include "simulators/interfaces/moment.h"

namespace fleet_edge::simulators {

/// Something that is plugged in on one of the vehicle's interfaces and speaks as the real one does.
///
/// Owned by the run; its methods are called on the run's thread, some hundred times a second, and
/// none but Unplug() and a first Plug() blocks for longer than a write to the kernel does. What it
/// says to somebody who listens goes to the ledger that it was made with.
class Device {
 public:
  Device() = default;
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  virtual ~Device() = default;

  /// In the agent's configuration, and for `--unplug`.
  virtual const std::string& name() const = 0;

  /// Its driver in the agent's configuration: YAML, a line ends each, without indentation. Valid
  /// from the first Plug() on.
  virtual std::string Configuration() const = 0;

  /// True when an agent is there: it has opened the port, connected, or asked. A device that can't
  /// know says true.
  virtual bool attended() const = 0;

  /// Throws std::runtime_error when the machine doesn't allow it.
  virtual void Plug(const Moment& moment) = 0;

  /// What was said so far is read by then, half a second at most, or noted as doubtful.
  virtual void Unplug(const Moment& moment) = 0;

  /// Answers what was asked and says what is due. Precondition: plugged in.
  virtual void Turn(const Moment& moment) = 0;
};

}  // namespace fleet_edge::simulators
