#include "drivers/j1939_reader.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/labels.h"
#include "core/quality.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/can_frame.h"
#include "drivers/j1939.h"
#include "drivers/j1939_transport.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

// All that is read is sent at least this often (SAE J1939-71's repetition rates).
constexpr Duration kSilent = std::chrono::seconds{5};

}  // namespace

J1939Reader::J1939Reader(SeriesRegistry& registry, std::uint16_t driver) : driver_(driver) {
  std::size_t place = 0;
  for (const J1939Parameter& parameter : J1939Parameters()) {
    Labels labels;
    if (!parameter.zone.empty()) labels.Set("zone", parameter.zone);
    slots_.at(place++).series = registry.Find(parameter.signal, labels);
  }
}

void J1939Reader::Read(const CanFrame& frame, UtcTime time, std::vector<Reading>& out,
                       std::vector<Refusal>& refused) {
  if (frame.kind == CanFrame::Kind::kError) {
    refused.push_back({reason::kBusError, {}});
    return;
  }
  if (!frame.extended || frame.kind != CanFrame::Kind::kData) {
    refused.push_back({reason::kUnreadType, {}});
    return;
  }
  const J1939Id id = J1939Id::Of(frame.id);
  if (!J1939Transport::Carries(id.pgn)) {
    return ReadGroup(id.pgn, id.source, frame.data(), time, out, refused);
  }
  const std::uint64_t broken = transport_.broken();
  const auto message = transport_.Take(id, frame, time);
  if (transport_.broken() != broken) refused.push_back({reason::kMalformed, {}});
  if (message) ReadGroup(message->pgn, message->source, message->data, time, out, refused);
}

void J1939Reader::ReadGroup(std::uint32_t pgn, std::uint8_t source,
                            std::span<const std::uint8_t> data, UtcTime time,
                            std::vector<Reading>& out, std::vector<Refusal>& refused) {
  if (!ReadJ1939(pgn, data, report_)) refused.push_back({reason::kUnreadType, {}});
  for (const J1939Report::Value& value : report_.values) {
    Slot& slot = slots_.at(value.parameter);
    if (slot.series == nullptr) {
      refused.push_back({reason::kSeriesLimit, J1939Parameters()[value.parameter].signal});
    } else if (Believes(slot, source, time)) {
      slot.last = value.value;
      out.push_back({slot.series, time, value.value, Quality::kGood, driver_});
    } else {
      refused.push_back({reason::kOtherSource, slot.series->name});
    }
  }
  for (const std::size_t parameter : report_.failed) {
    refused.push_back({reason::kDeviceError, J1939Parameters()[parameter].signal});
  }
}

bool J1939Reader::Believes(Slot& slot, std::uint8_t source, UtcTime time) {
  // A clock that steps back makes everyone silent.
  const bool silent = !slot.heard || time - *slot.heard > kSilent || time < *slot.heard;
  if (slot.source != source && !silent) return false;
  slot.source = source;
  slot.heard = time;
  slot.silent = false;
  return true;
}

void J1939Reader::MarkSilent(UtcTime now, Duration limit, std::vector<Reading>& out) {
  for (Slot& slot : slots_) {
    if (!slot.heard || slot.silent || now - *slot.heard <= limit) continue;
    slot.silent = true;
    out.push_back({slot.series, now, slot.last, Quality::kStale, driver_});
  }
}

}  // namespace fleet_edge::drivers
