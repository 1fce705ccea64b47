#pragma once

#include <memory>
#include <string>

namespace fleet_edge::agent::doctor {

/// Hears what the parts that are tried say to the log, and keeps it from the terminal: for each
/// speaker (`driver probes`) its last warning. From its making to its end it is spdlog's default.
/// Any thread.
class LogEar {
 public:
  LogEar();
  ~LogEar();
  LogEar(const LogEar&) = delete;
  LogEar& operator=(const LogEar&) = delete;

  /// Without the speaker's name; empty when it has not warned.
  std::string Last(const std::string& speaker) const;

 private:
  class Sink;
  std::shared_ptr<Sink> sink_;
};

}  // namespace fleet_edge::agent::doctor
