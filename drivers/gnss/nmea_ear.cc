#include "drivers/gnss/nmea_ear.h"

#include <sys/poll.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"
#include "drivers/io/serial_port.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMaxHeard = 4096;

/// `$GPRMC,…*51` anywhere in it, its checksum right.
bool HasSentence(std::string_view heard) {
  for (auto begin = heard.find('$'); begin != std::string_view::npos;
       begin = heard.find('$', begin + 1)) {
    const auto star = heard.find('*', begin);
    if (star == std::string_view::npos || star + 3 > heard.size()) return false;
    unsigned sum = 0;
    for (const char c : heard.substr(begin + 1, star - begin - 1)) {
      sum ^= static_cast<unsigned char>(c);
    }
    constexpr std::string_view kHex = "0123456789ABCDEF";
    if (heard[star + 1] == kHex[sum >> 4U & 0xfU] && heard[star + 2] == kHex[sum & 0xfU]) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<NmeaHeard> ListenForNmea(const std::string& device, std::uint32_t baud,
                                       Duration limit) {
  const auto port = OpenSerialPort(device, baud);
  if (!port) return std::nullopt;
  const auto end = steady_clock::now() + limit;
  NmeaHeard heard;
  std::array<char, 512> bytes{};
  while (heard.bytes.size() < kMaxHeard && !heard.sentence) {
    const auto left = std::chrono::ceil<milliseconds>(end - steady_clock::now());
    pollfd event{.fd = port->get(), .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&event, 1, static_cast<int>(left.count())) <= 0) break;
    const ssize_t size = ::read(port->get(), bytes.data(), bytes.size());
    if (size <= 0) break;
    heard.bytes.append(bytes.data(), static_cast<std::size_t>(size));
    heard.sentence = HasSentence(heard.bytes);
  }
  return heard;
}

}  // namespace fleet_edge::drivers
