#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/labels.h"
#include "core/time.h"

namespace fleet_edge::simulators {

/// Writes JSON on one line, in the order of the calls. A value, for one thread. The caller sees to
/// it that keys stand in objects only and that what begins ends.
class JsonWriter {
 public:
  JsonWriter& BeginObject() { return Open('{'); }
  JsonWriter& EndObject() { return Close('}'); }
  JsonWriter& BeginArray() { return Open('['); }
  JsonWriter& EndArray() { return Close(']'); }
  JsonWriter& Key(std::string_view key);

  JsonWriter& Value(std::string_view text);
  JsonWriter& Value(const char* text) { return Value(std::string_view(text)); }
  JsonWriter& Value(bool value);
  /// The shortest form that reads as the same number; null for NaN and ±Inf.
  JsonWriter& Value(double value);
  /// Any integer but bool.
  template <std::integral T>
  JsonWriter& Value(T value) {
    Separate();
    text_ += std::to_string(value);
    return *this;
  }
  /// Microseconds since 1970.
  JsonWriter& Value(UtcTime time) { return Value(time.time_since_epoch().count()); }
  JsonWriter& Value(Duration duration) { return Value(duration.count()); }
  /// An object.
  JsonWriter& Value(const Labels& labels);

  template <typename T>
  JsonWriter& Member(std::string_view key, const T& value) {
    return Key(key).Value(value);
  }

  const std::string& text() const { return text_; }

 private:
  JsonWriter& Open(char bracket);
  JsonWriter& Close(char bracket);
  void Separate();

  std::string text_;
};

}  // namespace fleet_edge::simulators
