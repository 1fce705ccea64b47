#include "rules/saved_alerts.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "rules/alert_event.h"

namespace fleet_edge::rules {
namespace {

constexpr std::string_view kVersion1 = "fleet-edge alerts 1\n";

class Writer {
 public:
  void Number(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8)
      out_ += static_cast<char>((number >> shift) & 0xffU);
  }
  void Time(UtcTime time) { Number(static_cast<std::uint64_t>(time.time_since_epoch().count())); }
  void Time(const std::optional<UtcTime>& time) {
    Number(time ? 1 : 0);
    if (time) Time(*time);
  }
  void Text(std::string_view text) {
    Number(text.size());
    out_ += text;
  }
  void Set(const Labels& labels) {
    Number(labels.size());
    for (const auto& [name, value] : labels) {
      Text(name);
      Text(value);
    }
  }
  std::string Take() { return std::exchange(out_, {}); }

 private:
  std::string out_{kVersion1};
};

/// Reads what Writer wrote. After the first thing that is not there everything is 0 and ok() is
/// false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

  std::uint64_t Number() {
    const std::string_view bytes = Take(8);
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      number |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    return number;
  }
  UtcTime Time() { return UtcTime{Duration{static_cast<Duration::rep>(Number())}}; }
  std::optional<UtcTime> MaybeTime() {
    if (Number() == 0) return std::nullopt;
    return Time();
  }
  std::string Text() { return std::string(Take(Number())); }
  Labels Set() {
    Labels labels;
    for (std::uint64_t left = Number(); left > 0 && ok_; --left) {
      const std::string name = Text();
      labels.Set(name, Text());
    }
    return labels;
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

void Write(Writer& writer, const SavedAlert& alert) {
  writer.Text(alert.file);
  writer.Text(alert.group);
  writer.Number(alert.fingerprint);
  writer.Number(alert.ordinal);
  writer.Set(alert.labels);
  writer.Set(alert.series_labels);
  writer.Number(std::bit_cast<std::uint64_t>(alert.value));
  writer.Number(static_cast<std::uint64_t>(alert.memory.state));
  writer.Time(alert.memory.active_since);
  writer.Time(alert.memory.ending_since);
  writer.Time(alert.memory.last_notified);
  writer.Number(alert.memory.told ? 1 : 0);
}

/// Nothing when it is no alert.
std::optional<SavedAlert> ReadAlert(Reader& reader) {
  SavedAlert alert;
  alert.file = reader.Text();
  alert.group = reader.Text();
  alert.fingerprint = reader.Number();
  alert.ordinal = static_cast<std::uint32_t>(reader.Number());
  alert.labels = reader.Set();
  alert.series_labels = reader.Set();
  alert.value = std::bit_cast<double>(reader.Number());
  const std::uint64_t state = reader.Number();
  alert.memory.state = static_cast<AlertState>(state);
  alert.memory.active_since = reader.Time();
  alert.memory.ending_since = reader.MaybeTime();
  alert.memory.last_notified = reader.MaybeTime();
  alert.memory.told = reader.Number() != 0;
  if (!reader.ok() || state > static_cast<std::uint64_t>(AlertState::kFiring)) return std::nullopt;
  return alert;
}

}  // namespace

std::string Encode(const std::vector<SavedAlert>& alerts) {
  Writer writer;
  for (const SavedAlert& alert : alerts) Write(writer, alert);
  return writer.Take();
}

std::optional<std::vector<SavedAlert>> DecodeSavedAlerts(std::string_view bytes) {
  if (!bytes.starts_with(kVersion1)) return std::nullopt;
  Reader reader(bytes.substr(kVersion1.size()));
  std::vector<SavedAlert> alerts;
  while (!reader.at_end()) {
    std::optional<SavedAlert> alert = ReadAlert(reader);
    if (!alert) return std::nullopt;
    alerts.push_back(std::move(*alert));
  }
  return alerts;
}

}  // namespace fleet_edge::rules
