#include "drivers/can/j1939_reader.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/labels.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/can/can_signal.h"
#include "drivers/can/can_time.h"
#include "drivers/can/j1939.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {

Labels LabelsOf(const J1939Parameter& parameter) {
  Labels labels;
  if (!parameter.zone.empty()) labels.Set("zone", parameter.zone);
  return labels;
}

J1939Reader::J1939Reader(SeriesRegistry& registry, std::uint16_t driver) {
  for (const J1939Parameter& parameter : J1939Parameters()) {
    signals_.emplace_back(
        CanSignal(registry.Find(parameter.signal, LabelsOf(parameter)), parameter.signal, driver));
  }
}

void J1939Reader::Leave(const Series* series) {
  for (std::optional<CanSignal>& signal : signals_) {
    if (signal && signal->series() == series) signal.reset();
  }
}

bool J1939Reader::Read(std::uint32_t pgn, std::uint8_t source, std::span<const std::uint8_t> data,
                       CanTime time, std::vector<Reading>& out, std::vector<CanRefusal>& refused) {
  if (!ReadJ1939(pgn, data, report_)) return false;
  for (const J1939Report::Value& value : report_.values) {
    std::optional<CanSignal>& signal = signals_[value.parameter];
    if (signal) signal->Take(value.value, source, time, out, refused);
  }
  for (const std::size_t parameter : report_.failed) {
    std::optional<CanSignal>& signal = signals_[parameter];
    if (signal) signal->Refuse(reason::kDeviceError, refused);
  }
  return true;
}

void J1939Reader::MarkSilent(CanTime now, Duration limit, std::vector<Reading>& out) {
  for (std::optional<CanSignal>& signal : signals_) {
    if (signal) signal->MarkSilent(now, limit, out);
  }
}

}  // namespace fleet_edge::drivers
