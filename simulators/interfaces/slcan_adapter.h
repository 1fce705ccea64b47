#pragma once

#include <string>
#include <string_view>

#include "simulators/interfaces/bus_frame.h"

namespace fleet_edge::simulators {

/// A CAN adapter on a serial port, after Lawicel's CANUSB manual, 1.0.3: commands end with a
/// carriage return, an answer with one too, or with a bell when the command is refused. One thread.
class SlcanAdapter {
 public:
  /// Takes what came in; the answers to the commands that are whole now. A command that is longer
  /// than 32 characters is refused.
  std::string Take(std::string_view bytes);

  /// True after O or L: it hands on what is on the bus.
  bool open() const { return mode_ != Mode::kClosed; }

  /// The frame as it hands it on: `T18FEF1008FF…`.
  static std::string LineOf(const BusFrame& frame);

 private:
  enum class Mode { kClosed, kOpen, kListening };

  bool Do(std::string_view command, std::string& answer);
  bool Transmit(std::string_view command, std::string& answer) const;

  Mode mode_ = Mode::kClosed;
  bool has_rate_ = false;
  std::string command_;  // as far as it has come
};

}  // namespace fleet_edge::simulators
