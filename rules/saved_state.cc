#include "rules/saved_state.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/alert.h"
#include "rules/alert_event.h"
#include "rules/byte_stream.h"
#include "rules/sample_ring.h"

namespace fleet_edge::rules {
namespace {

constexpr std::string_view kVersion2 = "fleet-edge rules 2\n";

}  // namespace

template <typename Stream>
void Walk(Stream& stream, In<Stream, AlertState>& state) {
  auto number = static_cast<std::uint8_t>(state);
  Walk(stream, number);
  if constexpr (Stream::kReads) {
    state = static_cast<AlertState>(number);
    if (state > AlertState::kFiring) stream.Refuse();
  }
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, SavedSeries>& series) {
  Walk(stream, series.name);
  Walk(stream, series.labels);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, SavedRule>& rule) {
  Walk(stream, rule.file);
  Walk(stream, rule.group);
  Walk(stream, rule.fingerprint);
  Walk(stream, rule.ordinal);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, Alert::Memory>& memory) {
  Walk(stream, memory.state);
  Walk(stream, memory.active_since);
  Walk(stream, memory.ending_since);
  Walk(stream, memory.last_notified);
  Walk(stream, memory.told);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, SavedAlert>& alert) {
  Walk(stream, alert.rule);
  Walk(stream, alert.labels);
  Walk(stream, alert.series_labels);
  Walk(stream, alert.value);
  Walk(stream, alert.seen_at);
  Walk(stream, alert.memory);
  Walk(stream, alert.name);
  WalkAll(stream, alert.notify);
  Walk(stream, alert.annotations);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, SavedGroup>& group) {
  Walk(stream, group.file);
  Walk(stream, group.name);
  Walk(stream, group.begins);
  Walk(stream, group.decided);
  Walk(stream, group.warm_from);
  Walk(stream, group.sleeping);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, SavedWritten>& written) {
  Walk(stream, written.rule);
  WalkAll(stream, written.series);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, SavedMemory>& memory) {
  Walk(stream, memory.key);
  Walk(stream, memory.bytes);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, Sample>& sample) {
  Walk(stream, sample.time);
  Walk(stream, sample.value);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, SavedWindow>& window) {
  Walk(stream, window.series);
  WalkAll(stream, window.samples);
  WalkAll(stream, window.ends);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, SavedState>& state) {
  Walk(stream, state.now);
  Walk(stream, state.began);
  Walk(stream, state.newest_reading);
  WalkAll(stream, state.groups);
  WalkAll(stream, state.alerts);
  WalkAll(stream, state.written);
  WalkAll(stream, state.memories);
  Walk(stream, state.with_windows);
  WalkAll(stream, state.windows);
}

std::string Encode(const SavedState& state) {
  Writer writer;
  Walk(writer, state);
  return std::string(kVersion2) + writer.Take();
}

std::optional<SavedState> DecodeSavedState(std::string_view bytes) {
  if (!bytes.starts_with(kVersion2)) return std::nullopt;
  Reader reader(bytes.substr(kVersion2.size()));
  SavedState state;
  Walk(reader, state);
  if (!reader.ok() || !reader.at_end()) return std::nullopt;
  return state;
}

}  // namespace fleet_edge::rules
