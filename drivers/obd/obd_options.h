#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/section.h"
#include "core/time.h"
#include "drivers/io/tcp_stream.h"
#include "drivers/obd/obd_pid.h"
#include "drivers/signal_target.h"

namespace fleet_edge::drivers {

/// Keys of the kind `obd`. A value.
struct ObdOptions {
  struct Signal {
    std::string pid;
    Duration every{0};  ///< 0: the table's
  };

  std::string device;     ///< an ELM327's serial port; this or one of the next two
  std::string address;    ///< … or where it listens
  std::string interface;  ///< SocketCAN's
  std::uint32_t baud = 38'400;
  std::map<std::string, Signal> signals;  ///< by series
  Duration asleep_every = std::chrono::seconds{30};
  Duration stale_after = std::chrono::seconds{30};

  std::optional<TcpAddress> tcp{};  ///< `address`, read
};

void Describe(Section& section, ObdOptions::Signal& signal);
void Describe(Section& section, ObdOptions& options);

/// The options and what is inside them.
std::vector<Section::KeyDoc> ObdOptionsReference();

/// One parameter that is read.
struct ObdWanted {
  const ObdPid* pid;  ///< never null
  SignalTarget target;
  Duration every;
};

/// The parameters of `options`, or all that the catalogue has a signal for. Precondition: the
/// options were read without an error.
std::vector<ObdWanted> ObdWantedOf(const ObdOptions& options);

}  // namespace fleet_edge::drivers
