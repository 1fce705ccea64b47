#include "drivers/can/can_reader.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/can_signal.h"
#include "drivers/can/can_time.h"
#include "drivers/can/dbc_decoder.h"
#include "drivers/can/dbc_field.h"
#include "drivers/can/j1939.h"
#include "drivers/can/j1939_reader.h"
#include "drivers/can/j1939_transport.h"
#include "drivers/rejections.h"
#include "drivers/signal_target.h"

namespace fleet_edge::drivers {
namespace {

constexpr std::uint32_t kIdentifier = 0x1FFF'FFFF;
constexpr unsigned kByte = 8;

std::vector<DbcField> FieldsOf(const CanDecoding& decoding) {
  std::vector<DbcField> fields;
  fields.reserve(decoding.dbc.size());
  for (const CanDecoding::Channel& channel : decoding.dbc) fields.push_back(channel.field);
  return fields;
}

CanFilter FilterOfGroup(std::uint32_t pgn) {
  const std::uint32_t id = pgn << kByte;
  return {.id = id, .mask = ParameterGroupMask(id), .extended = true};
}

}  // namespace

std::vector<CanFilter> FiltersOf(const CanDecoding& decoding) {
  std::vector<CanFilter> filters;
  const auto add = [&](const CanFilter& filter) {
    if (filters.empty() || filters.back() != filter) filters.push_back(filter);
  };
  bool groups = decoding.j1939;
  if (decoding.j1939) {
    for (const J1939Parameter& parameter : J1939Parameters()) add(FilterOfGroup(parameter.pgn));
  }
  for (const auto& [target, field] : decoding.dbc) {
    const std::uint32_t mask = field.parameter_group ? ParameterGroupMask(field.id) : kIdentifier;
    add({.id = field.id, .mask = mask, .extended = field.extended});
    groups = groups || field.parameter_group;
  }
  if (groups) {
    for (const std::uint32_t pgn : J1939Transport::kGroups) add(FilterOfGroup(pgn));
  }
  return filters;
}

std::vector<std::string> SeriesOf(const CanDecoding& decoding) {
  std::vector<std::string> names;
  names.reserve(decoding.dbc.size() + J1939Parameters().size());
  for (const auto& [target, field] : decoding.dbc) names.push_back(SeriesText(target));
  if (!decoding.j1939) return names;
  for (const J1939Parameter& parameter : J1939Parameters()) {
    names.push_back(SeriesText({std::string(parameter.signal), LabelsOf(parameter), {}}));
  }
  return names;
}

CanReader::CanReader(const CanDecoding& decoding, SeriesRegistry& registry, std::uint16_t driver)
    : decoding_(decoding), decoder_(FieldsOf(decoding)) {
  if (decoding_.j1939) j1939_.emplace(registry, driver);
  signals_.reserve(decoding_.dbc.size());
  for (const auto& [target, field] : decoding_.dbc) {
    const Series* const series = registry.Find(target.signal, target.labels);
    signals_.emplace_back(series, target.signal, driver);
    // Without a series both are refused, and counted.
    if (j1939_ && series != nullptr) j1939_->Leave(series);
  }
}

void CanReader::Read(const CanFrame& frame, CanTime time, std::vector<Reading>& out,
                     std::vector<CanRefusal>& refused) {
  if (frame.kind == CanFrame::Kind::kError) {
    refused.push_back({reason::kBusError, {}});
    return;
  }
  if (frame.kind != CanFrame::Kind::kData) {
    refused.push_back({reason::kUnreadType, {}});
    return;
  }
  if (ReadMessage(frame.id, frame.extended, frame.data(), time, out, refused)) return;
  const J1939Id id = J1939Id::Of(frame.id);
  if (!frame.extended || !J1939Transport::Carries(id.pgn)) {
    refused.push_back({reason::kUnreadType, {}});
    return;
  }
  const std::uint64_t broken = transport_.broken();
  const auto message = transport_.Take(id, frame, time.boot);
  if (transport_.broken() != broken) refused.push_back({reason::kMalformed, {}});
  if (!message) return;
  const std::uint32_t whole = (message->pgn << kByte) | message->source;
  if (!ReadMessage(whole, true, message->data, time, out, refused)) {
    refused.push_back({reason::kUnreadType, {}});
  }
}

bool CanReader::ReadMessage(std::uint32_t id, bool extended, std::span<const std::uint8_t> data,
                            CanTime time, std::vector<Reading>& out,
                            std::vector<CanRefusal>& refused) {
  bool read = false;
  // Only of parameter groups there are several senders; else the identifier names the one.
  const auto source = static_cast<std::uint8_t>(extended ? id & 0xFFU : 0);
  if (!signals_.empty() && decoder_.Decode(id, extended, data, report_)) {
    read = true;
    for (const auto& [place, value] : report_.values) {
      const double converted = decoding_.dbc[place].target.conversion(value);
      signals_[place].Take(converted, source, time, out, refused);
    }
    for (const auto& [place, reason] : report_.failed) signals_[place].Refuse(reason, refused);
  }
  if (j1939_ && extended) {
    const J1939Id parts = J1939Id::Of(id);
    read = j1939_->Read(parts.pgn, parts.source, data, time, out, refused) || read;
  }
  return read;
}

void CanReader::MarkSilent(CanTime now, Duration limit, std::vector<Reading>& out) {
  if (j1939_) j1939_->MarkSilent(now, limit, out);
  for (CanSignal& signal : signals_) signal.MarkSilent(now, limit, out);
}

}  // namespace fleet_edge::drivers
