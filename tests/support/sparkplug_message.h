#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleet_edge::test {

/// Makes Sparkplug B payloads: org.eclipse.tahu.protobuf.Payload in Protocol Buffers' wire format.
class SparkplugMessage {
 public:
  /// A death of a node has no seq.
  explicit SparkplugMessage(std::optional<std::uint64_t> seq = {},
                            std::optional<std::uint64_t> timestamp = {})
      : seq_(seq), timestamp_(timestamp) {}

  SparkplugMessage& Whole(std::string_view name, std::optional<std::uint64_t> alias,
                          std::uint32_t datatype, std::uint64_t bits) {
    Begin(name, alias, datatype);
    PutVarint(metrics_.back(), 10, bits);  // int_value
    return *this;
  }
  SparkplugMessage& Real(std::string_view name, std::optional<std::uint64_t> alias, double value) {
    Begin(name, alias, 10);
    metrics_.back() += static_cast<char>(13 << 3 | 1);  // double_value
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int i = 0; i < 8; ++i) metrics_.back() += static_cast<char>(bits >> (8 * i));
    return *this;
  }
  SparkplugMessage& Null(std::uint64_t alias) {
    Begin({}, alias, 0);
    PutVarint(metrics_.back(), 7, 1);
    return *this;
  }

  /// Of the last metric.
  SparkplugMessage& Historical() {
    PutVarint(metrics_.back(), 5, 1);
    return *this;
  }
  SparkplugMessage& At(std::uint64_t milliseconds) {
    PutVarint(metrics_.back(), 3, milliseconds);
    return *this;
  }

  /// Its property of that name, behind another one.
  SparkplugMessage& WithQuality(std::uint64_t code) {
    std::string other;
    PutVarint(other, 3, 7);
    std::string value;
    PutVarint(value, 1, 3);  // its type, Int32
    PutVarint(value, 3, code);
    std::string set;
    PutBytes(set, 1, "engLow");
    PutBytes(set, 1, "Quality");
    PutBytes(set, 2, other);
    PutBytes(set, 2, value);
    PutBytes(metrics_.back(), 9, set);
    return *this;
  }

  std::string bytes() const {
    std::string all;
    for (const std::string& metric : metrics_) PutBytes(all, 2, metric);
    // Last, as the wire format allows: a reader must not need them first.
    if (timestamp_) PutVarint(all, 1, *timestamp_);
    if (seq_) PutVarint(all, 3, *seq_);
    return all;
  }

 private:
  void Begin(std::string_view name, std::optional<std::uint64_t> alias, std::uint32_t datatype) {
    std::string& metric = metrics_.emplace_back();
    if (!name.empty()) PutBytes(metric, 1, name);
    if (alias) PutVarint(metric, 2, *alias);
    if (datatype != 0) PutVarint(metric, 4, datatype);
  }
  static void PutNumber(std::string& to, std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) to += static_cast<char>(number | 0x80);
    to += static_cast<char>(number);
  }
  static void PutVarint(std::string& to, std::uint32_t field, std::uint64_t number) {
    PutNumber(to, field << 3);
    PutNumber(to, number);
  }
  static void PutBytes(std::string& to, std::uint32_t field, std::string_view bytes) {
    PutNumber(to, field << 3 | 2);
    PutNumber(to, bytes.size());
    to += bytes;
  }

  const std::optional<std::uint64_t> seq_;
  const std::optional<std::uint64_t> timestamp_;
  std::vector<std::string> metrics_;
};

}  // namespace fleet_edge::test
