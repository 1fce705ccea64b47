#pragma once

#include <memory>
#include <string>

#include "simulators/hub_record.h"

namespace fleet_edge::simulators {

/// A Kafka producer as any other, for tests that need a real one.
class Producer {
 public:
  explicit Producer(const std::string& address);
  ~Producer();
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  /// Hands the record over; its key decides the partition.
  void Send(const HubRecord& record);

  /// True when everything was acknowledged within `ms`.
  bool Flush(int ms);

 private:
  class Impl;  // keeps librdkafka's header out of the tests
  std::unique_ptr<Impl> impl_;
};

}  // namespace fleet_edge::simulators
