#include "uplink/row_crc.h"

#include <zlib.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "uplink/batch.h"

namespace fleet_edge::uplink {

std::uint32_t RowCrc(const Batch& batch) {
  const std::array<std::uint64_t, 4> numbers{static_cast<std::uint64_t>(batch.id.lane),
                                             batch.id.epoch, batch.id.seq, batch.count};
  std::array<unsigned char, sizeof(numbers)> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes.at(i) = static_cast<unsigned char>(numbers.at(i / 8) >> (8 * (i % 8)));
  }
  const auto* const body = reinterpret_cast<const unsigned char*>(batch.body.data());
  const auto of_body = crc32_z(0, body, batch.body.size());
  return static_cast<std::uint32_t>(crc32_z(of_body, bytes.data(), bytes.size()));
}

}  // namespace fleet_edge::uplink
