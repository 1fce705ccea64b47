#include "drivers/can/j1939_transport.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/time.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/j1939.h"

namespace fleet_edge::drivers {
namespace {

// SAE J1939-21, 5.10.3 and 5.10.2.4.
constexpr std::uint32_t kDataTransfer = J1939Transport::kGroups[1];
constexpr std::uint8_t kBroadcastAnnounce = 32;
constexpr std::uint8_t kEverybody = 255;
constexpr std::uint32_t kPacket = 7;  // bytes
constexpr std::uint32_t kLongest = 255 * kPacket;
constexpr Duration kT1 = std::chrono::milliseconds{750};

constexpr std::size_t kMaxSessions = 16;

}  // namespace

std::optional<J1939Transport::Message> J1939Transport::Take(const J1939Id& id,
                                                            const CanFrame& frame, BootTime time) {
  if (id.destination != kEverybody || frame.length != frame.bytes.size()) return std::nullopt;
  if (id.pgn == kDataTransfer) return Add(id.source, frame, time);
  if (frame.bytes[0] == kBroadcastAnnounce) Announce(id.source, frame, time);
  return std::nullopt;
}

void J1939Transport::Announce(std::uint8_t source, const CanFrame& frame, BootTime time) {
  broken_ += std::erase_if(sessions_, [&](const Session& s) { return s.source == source; });
  const auto& bytes = frame.bytes;
  const std::uint32_t size = bytes[1] | (std::uint32_t{bytes[2]} << 8U);
  const std::uint32_t packets = bytes[3];
  if (size <= frame.bytes.size() || size > kLongest || packets != (size + kPacket - 1) / kPacket) {
    ++broken_;
    return;
  }
  if (sessions_.size() == kMaxSessions) {
    sessions_.erase(std::ranges::min_element(sessions_, {}, &Session::last));
    ++broken_;
  }
  const std::uint32_t pgn =
      bytes[5] | (std::uint32_t{bytes[6]} << 8U) | ((std::uint32_t{bytes[7]} & 0x3U) << 16U);
  sessions_.push_back({.source = source, .pgn = pgn, .size = size, .last = time});
}

std::optional<J1939Transport::Message> J1939Transport::Add(std::uint8_t source,
                                                           const CanFrame& frame, BootTime time) {
  const auto session = std::ranges::find(sessions_, source, &Session::source);
  if (session == sessions_.end()) return std::nullopt;  // its beginning was not heard
  if (frame.bytes[0] != session->next || time - session->last > kT1) {
    sessions_.erase(session);
    ++broken_;
    return std::nullopt;
  }
  ++session->next;
  session->last = time;
  session->data.insert(session->data.end(), frame.bytes.begin() + 1, frame.bytes.end());
  if (session->data.size() < session->size) return std::nullopt;
  done_ = std::move(*session);
  sessions_.erase(session);
  return Message{
      .pgn = done_.pgn, .source = source, .data = std::span(done_.data).first(done_.size)};
}

}  // namespace fleet_edge::drivers
