#include "simulators/report.h"

#include <cstdint>

namespace fleet_edge::simulators {

bool Report::Holds() const {
  const std::uint64_t wrong = readings.lost + readings.duplicated + readings.altered +
                              readings.invented + records.out_of_order + records.altered +
                              alerts.missing + alerts.excess;
  return complete && readings.expected != 0 && wrong == 0;
}

double Report::BytesPerReading() const {
  return wire_readings == 0 ? 0
                            : static_cast<double>(wire_bytes) / static_cast<double>(wire_readings);
}

}  // namespace fleet_edge::simulators
