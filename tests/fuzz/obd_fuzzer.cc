// What an ELM327 adapter says, up to a zero; behind it CAN frames, each with its control unit, a
// wait and a length. All of it is refused or read, into values that are finite, within the bounds
// of the messages.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "core/time.h"
#include "drivers/can/iso_tp.h"
#include "drivers/obd/elm327.h"
#include "drivers/obd/obd_link.h"
#include "drivers/obd/obd_pid.h"

namespace {

using namespace fleet_edge;
using namespace fleet_edge::drivers;

void Require(bool holds) {
  if (!holds) std::abort();
}

void Read(const ObdAnswer& answer) {
  for (const auto& [unit, bytes] : answer.messages) {
    Require(bytes.size() <= IsoTpReceiver::kMaxMessage);
    const ObdResponse response = ReadObdResponse(bytes);
    for (const auto& [pid, value] : response.values) {
      Require(FindObdPid(pid) != nullptr && std::isfinite(value));
    }
    Require(!response.negative || (response.values.empty() && response.supported.empty()));
  }
  for (const std::string_view reason : answer.refused) Require(!reason.empty());
}

void ReadText(std::string_view text) {
  ObdAssembly assembly;
  ObdAnswer answer;
  const auto lines = Elm327Lines(text, "010D");
  for (const std::string& line : lines) {
    Require(!line.empty());
    const auto volts = ReadElm327Volts(line);
    Require(!volts || std::isfinite(*volts));
  }
  Elm327Answer said = ReadElm327Answer(lines);
  for (const Elm327Frame& frame : said.frames) {
    if (frame.is_can) {
      (void)assembly.Take(frame.sender, frame.data, BootTime{}, answer);
    } else {
      answer.messages.push_back({frame.sender, frame.data});
    }
  }
  Read(answer);
}

void ReadFrames(std::span<const std::uint8_t> bytes) {
  ObdAssembly assembly;
  BootTime now{};
  while (bytes.size() >= 2) {
    const std::uint32_t unit = bytes[0] & 0xFU;
    now += std::chrono::milliseconds{100} * (bytes[0] >> 4U);
    const std::size_t length = std::min<std::size_t>(bytes[1] % 9, bytes.size() - 2);
    ObdAnswer answer;
    (void)assembly.Take(0x7E8 + unit, bytes.subspan(2, length), now, answer);
    Read(answer);
    ObdAnswer late;
    (void)assembly.Receiving(now, late);
    Read(late);
    bytes = bytes.subspan(2 + length);
  }
  ObdAnswer late;
  Require(!assembly.Receiving(now + std::chrono::seconds{2}, late));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::uint8_t* const zero = std::find(data, data + size, std::uint8_t{0});
  ReadText(std::string(data, zero));
  if (zero != data + size) ReadFrames({zero + 1, data + size});
  return 0;
}
