// Any text as lines of CAN logs and of an adapter, any bytes as frames: what is no frame is
// refused, a frame keeps its bounds, and what it says is finite.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/can/asc.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/can_reader.h"
#include "drivers/can/can_signal.h"
#include "drivers/can/can_time.h"
#include "drivers/can/candump.h"
#include "drivers/can/slcan.h"

namespace {

using namespace fleet_edge;
using namespace fleet_edge::drivers;

/// A bus, and what must hold of everything it is given.
class Bus {
 public:
  void Take(const CanFrame& frame) {
    if (frame.length > frame.bytes.size() || frame.id > 0x1FFF'FFFF) std::abort();
    time_ += std::chrono::milliseconds{frame.id % 300};
    readings_.clear();
    refused_.clear();
    reader_.Read(frame, CanTime::Recorded(time_), readings_, refused_);
    for (const Reading& reading : readings_) {
      if (reading.series == nullptr || !std::isfinite(reading.value)) std::abort();
    }
    for (const CanRefusal& refusal : refused_) {
      if (refusal.reason.empty()) std::abort();
    }
  }

  void TakeLine(std::string_view line) {
    UtcTime time;
    CanFrame frame;
    if (!ReadCandump(line, time, frame)) Take(frame);
    if (ReadSlcan(line, frame) == SlcanLine::kFrame) Take(frame);
    const AscLine read = asc_.Decode(line);
    if (read.frame) Take(*read.frame);
  }

 private:
  SeriesRegistry series_;
  CanReader reader_{{}, series_, 1};
  AscDecoder asc_{std::nullopt};
  UtcTime time_;
  std::vector<Reading> readings_;
  std::vector<CanRefusal> refused_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bus bus;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    bus.TakeLine(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  // The same as frames: an identifier of four bytes, the form and the length in one, and the data.
  constexpr std::size_t kFrame = 13;
  for (std::span<const std::uint8_t> rest(data, size); rest.size() >= kFrame;
       rest = rest.subspan(kFrame)) {
    CanFrame frame{.id =
                       (rest[0] | rest[1] << 8U | rest[2] << 16U | rest[3] << 24U) & 0x1FFF'FFFFU};
    frame.extended = (rest[4] & 0x80U) == 0;
    if (!frame.extended) frame.id &= 0x7FFU;
    frame.length = static_cast<std::uint8_t>(rest[4] % 9);
    std::copy_n(rest.begin() + 5, frame.bytes.size(), frame.bytes.begin());
    bus.Take(frame);
  }
  return 0;
}
