#include "drivers/can/iso_tp.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "core/time.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

// The upper half of the first byte (ISO 15765-2, table 9).
constexpr std::uint8_t kSingle = 0;
constexpr std::uint8_t kFirst = 1;
constexpr std::uint8_t kConsecutive = 2;
constexpr std::uint8_t kFlowControl = 3;

constexpr std::size_t kFrame = 8;

// What fits into a single frame doesn't come in more (ISO 15765-2, section 9.6.3.2).
constexpr std::size_t kShortestLong = 8;

}  // namespace

IsoTpReceiver::Step IsoTpReceiver::Take(std::span<const std::uint8_t> frame, BootTime now) {
  if (frame.empty()) return {.refused = reason::kMalformed};
  switch (frame[0] >> 4U) {
    case kSingle:
      return Single(frame);
    case kFirst:
      return First(frame, now);
    case kConsecutive:
      return Consecutive(frame, now);
    case kFlowControl:
      return {};  // to what we send, which fits into one frame
    default:
      return {.refused = reason::kMalformed};
  }
}

IsoTpReceiver::Step IsoTpReceiver::Single(std::span<const std::uint8_t> frame) {
  const std::size_t length = frame[0] & 0xFU;
  if (length == 0 || length >= frame.size() || frame.size() > kFrame) {
    return {.refused = reason::kMalformed};
  }
  // One that was being received ends here (ISO 15765-2, table 18: N_UNEXP_PDU).
  const bool lost = std::exchange(expected_, 0) > 0;
  const auto data = frame.subspan(1, length);
  message_.assign(data.begin(), data.end());
  Step step{.message = message_};
  if (lost) step.refused = reason::kMalformed;
  return step;
}

IsoTpReceiver::Step IsoTpReceiver::First(std::span<const std::uint8_t> frame, BootTime now) {
  if (frame.size() != kFrame) return {.refused = reason::kMalformed};
  const std::size_t length = (frame[0] & 0xFU) << 8U | frame[1];
  // Length 0 announces more than 4095 bytes.
  if (length > 0 && length < kShortestLong) return {.refused = reason::kMalformed};
  Step step;
  if (std::exchange(expected_, 0) > 0) step.refused = reason::kMalformed;
  if (length == 0 || length > kMaxMessage) {
    step.flow = Step::Flow::kOverflow;
    step.refused = reason::kTooLarge;
    return step;
  }
  message_.assign(frame.begin() + 2, frame.end());
  expected_ = length;
  next_ = 1;
  heard_ = now;
  step.flow = Step::Flow::kContinue;
  return step;
}

IsoTpReceiver::Step IsoTpReceiver::Consecutive(std::span<const std::uint8_t> frame, BootTime now) {
  if (Expire(now)) return {.refused = reason::kMissing};
  if (!receiving()) return {};  // of a message that was given up, and counted then
  const std::size_t wanted = std::min(expected_ - message_.size(), kFrame - 1);
  if ((frame[0] & 0xFU) != next_ || frame.size() <= wanted || frame.size() > kFrame) {
    expected_ = 0;  // N_WRONG_SN: a frame is lost
    return {.refused = reason::kMissing};
  }
  const auto data = frame.subspan(1, wanted);
  message_.insert(message_.end(), data.begin(), data.end());
  next_ = (next_ + 1) & 0xFU;
  heard_ = now;
  if (message_.size() < expected_) return {};
  expected_ = 0;
  return {.message = message_};
}

bool IsoTpReceiver::Expire(BootTime now) {
  if (!receiving() || now - heard_ <= kNextFrameWithin) return false;
  expected_ = 0;
  return true;
}

std::array<std::uint8_t, 8> IsoTpFlowControl(IsoTpReceiver::Step::Flow flow) {
  assert(flow != IsoTpReceiver::Step::Flow::kNone);
  constexpr std::uint8_t kGoOn = 0x30;
  constexpr std::uint8_t kStop = 0x32;
  return {flow == IsoTpReceiver::Step::Flow::kContinue ? kGoOn : kStop};
}

}  // namespace fleet_edge::drivers
