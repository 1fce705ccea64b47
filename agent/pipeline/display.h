#pragma once

#include <string>

namespace fleet_edge::agent {

/// Where the driver sees alerts: keeps one text a topic until it is replaced. An interface, so that
/// tests look at what is shown without a broker.
class Display {
 public:
  Display() = default;
  Display(const Display&) = delete;
  Display& operator=(const Display&) = delete;
  virtual ~Display() = default;

  /// Shows `payload` on `topic`; an empty one takes it off. Never blocks. False when it was not
  /// taken, which nothing mends: the caller counts it.
  virtual bool Put(const std::string& topic, const std::string& payload) = 0;
};

}  // namespace fleet_edge::agent
