#include "drivers/can/slcan.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "drivers/can/can_frame.h"
#include "drivers/number.h"

namespace fleet_edge::drivers {
namespace {

constexpr int kHex = 16;
constexpr std::size_t kStandardDigits = 3;
constexpr std::size_t kExtendedDigits = 8;
constexpr std::size_t kStampDigits = 4;
constexpr std::uint32_t kExtendedMask = 0x1FFF'FFFF;
constexpr std::uint32_t kStandardMask = 0x7FF;

}  // namespace

SlcanLine ReadSlcan(std::string_view line, CanFrame& frame) {
  constexpr std::string_view kAnswers = "zZVNF";
  frame = {};
  if (line.empty() || kAnswers.find(line.front()) != std::string_view::npos) {
    return SlcanLine::kAnswer;
  }
  const char type = line.front();
  if (std::string_view("tTrR").find(type) == std::string_view::npos) return SlcanLine::kMalformed;
  frame.extended = type == 'T' || type == 'R';
  if (type == 'r' || type == 'R') frame.kind = CanFrame::Kind::kRemote;
  const std::size_t digits = frame.extended ? kExtendedDigits : kStandardDigits;
  line.remove_prefix(1);
  if (line.size() <= digits) return SlcanLine::kMalformed;
  const auto id = ParseInteger<std::uint32_t>(line.substr(0, digits), kHex);
  const auto length = ParseInteger<std::uint8_t>(line.substr(digits, 1));
  line.remove_prefix(digits + 1);
  if (!id || *id > (frame.extended ? kExtendedMask : kStandardMask) || !length ||
      *length > frame.bytes.size()) {
    return SlcanLine::kMalformed;
  }
  frame.id = *id;
  const std::size_t bytes = frame.kind == CanFrame::Kind::kRemote ? 0 : *length;
  if (line.size() != 2 * bytes && line.size() != 2 * bytes + kStampDigits) {
    return SlcanLine::kMalformed;
  }
  for (std::size_t at = 0; at < bytes; ++at) {
    const auto byte = ParseInteger<std::uint8_t>(line.substr(2 * at, 2), kHex);
    if (!byte) return SlcanLine::kMalformed;
    frame.bytes.at(at) = *byte;
  }
  frame.length = static_cast<std::uint8_t>(bytes);
  return SlcanLine::kFrame;
}

}  // namespace fleet_edge::drivers
