#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <variant>

#include "core/quality.h"

namespace fleet_edge::drivers {

/// Where a Sparkplug message comes from: `spBv1.0/group/TYPE/node[/device]`, Sparkplug 3.0.0,
/// section 4. Views into the topic.
struct SparkplugTopic {
  enum class Type : std::uint8_t {
    kNodeBirth,
    kNodeDeath,
    kNodeData,
    kDeviceBirth,
    kDeviceDeath,
    kDeviceData,
    kOther,  ///< commands to nodes and devices, what is not known
  };
  std::string_view group;
  std::string_view node;
  std::string_view device;  ///< empty: the node itself
  Type type = Type::kOther;
};

/// Nothing when the topic is not of that form, or its type doesn't go with a device or without one.
std::optional<SparkplugTopic> ParseSparkplugTopic(std::string_view topic);

/// One metric: section 6.4.6 and the message Metric of section 6.4.1.
struct SparkplugMetric {
  std::optional<std::string_view> name;
  std::optional<std::uint64_t> alias;
  std::optional<std::uint64_t> timestamp;  ///< milliseconds since 1970
  std::uint32_t datatype = 0;              ///< 0: not told
  bool is_historical = false;
  bool is_null = false;
  Quality quality = Quality::kGood;  ///< by the property `Quality`: section 6.4.9.1
  /// int_value and long_value are unsigned, whatever they mean. Nothing: no number.
  std::variant<std::monostate, std::uint64_t, double, bool> value;
};

/// What `metric` says, read as `datatype`: section 6.4.16, signed integers are stored in unsigned
/// fields. Nothing when it is no number, or an integer whose type is not known.
std::optional<double> SparkplugNumber(const SparkplugMetric& metric, std::uint32_t datatype);

/// A payload without its metrics.
struct SparkplugPayload {
  std::optional<std::uint64_t> timestamp;  ///< milliseconds since 1970
  std::optional<std::uint64_t> seq;        ///< 0 to 255
};

/// Reads a payload, and hands on its metrics in their order once all else is known. False when it
/// is no such message; nothing is handed on then, or up to the metric that is none.
bool ReadSparkplugPayload(
    std::string_view bytes,
    const std::function<void(const SparkplugPayload&, const SparkplugMetric&)>& take,
    SparkplugPayload& payload);

}  // namespace fleet_edge::drivers
