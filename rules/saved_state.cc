#include "rules/saved_state.h"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/sample_ring.h"

namespace fleet_edge::rules {
namespace {

constexpr std::string_view kVersion2 = "fleet-edge rules 2\n";

// Each struct is walked by one function, for writing and for reading: the two can't differ.

class Writer {
 public:
  static constexpr bool kReads = false;

  bool ok() const { return true; }

  void Number(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8)
      out_ += static_cast<char>((number >> shift) & 0xffU);
  }
  void Text(const std::string& text) {
    Number(text.size());
    out_ += text;
  }
  std::string Take() { return std::exchange(out_, {}); }

 private:
  std::string out_{kVersion2};
};

/// Reads what Writer wrote. After the first thing that is not there everything is 0 and ok() is
/// false.
class Reader {
 public:
  static constexpr bool kReads = true;

  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  void Refuse() { ok_ = false; }

  void Number(std::uint64_t& number) {
    const std::string_view bytes = Take(8);
    number = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      number |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
  }
  void Text(std::string& text) {
    std::uint64_t size = 0;
    Number(size);
    text = Take(size);
  }

 private:
  std::string_view Take(std::uint64_t size) {
    ok_ = ok_ && size <= rest_.size();
    if (!ok_) return {};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
  bool ok_ = true;
};

/// `T` to read into, `const T` to write from.
template <typename Stream, typename T>
using In = std::conditional_t<Stream::kReads, T, const T>;

template <typename Stream, std::integral T>
void Walk(Stream& stream, T& number) {
  if constexpr (Stream::kReads) {
    std::uint64_t wide = 0;
    stream.Number(wide);
    number = static_cast<std::remove_const_t<T>>(wide);
  } else {
    stream.Number(static_cast<std::uint64_t>(number));
  }
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, std::string>& text) {
  stream.Text(text);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, double>& number) {
  std::uint64_t bits = std::bit_cast<std::uint64_t>(number);
  Walk(stream, bits);
  if constexpr (Stream::kReads) number = std::bit_cast<double>(bits);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, UtcTime>& time) {
  auto count = time.time_since_epoch().count();
  Walk(stream, count);
  if constexpr (Stream::kReads) time = UtcTime{Duration{count}};
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, std::optional<UtcTime>>& time) {
  bool there = time.has_value();
  Walk(stream, there);
  if constexpr (Stream::kReads) {
    if (there) time.emplace();
  }
  if (there) Walk(stream, *time);
}

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
void Walk(Stream& stream, In<Stream, Labels>& labels) {
  std::uint64_t size = labels.size();
  Walk(stream, size);
  if constexpr (Stream::kReads) {
    for (; size > 0 && stream.ok(); --size) {
      std::string name;
      std::string value;
      stream.Text(name);
      stream.Text(value);
      labels.Set(name, value);
    }
  } else {
    for (const auto& [name, value] : labels) {
      stream.Text(name);
      stream.Text(value);
    }
  }
}

template <typename Stream, typename T>
void WalkAll(Stream& stream, T& list);

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

template <typename Stream, typename T>
void WalkAll(Stream& stream, T& list) {
  std::uint64_t size = list.size();
  Walk(stream, size);
  if constexpr (Stream::kReads) {
    for (; size > 0 && stream.ok(); --size) Walk(stream, list.emplace_back());
  } else {
    for (const auto& each : list) Walk(stream, each);
  }
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

}  // namespace

std::string Encode(const SavedState& state) {
  Writer writer;
  Walk(writer, state);
  return writer.Take();
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
