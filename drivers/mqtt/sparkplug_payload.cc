#include "drivers/mqtt/sparkplug_payload.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "core/quality.h"
#include "drivers/mqtt/wire_format.h"

namespace fleet_edge::drivers {
namespace {

using Type = SparkplugTopic::Type;
using Kind = WireReader::Field::Kind;

constexpr std::array<std::pair<std::string_view, Type>, 6> kNames{{{"NBIRTH", Type::kNodeBirth},
                                                                   {"NDEATH", Type::kNodeDeath},
                                                                   {"NDATA", Type::kNodeData},
                                                                   {"DBIRTH", Type::kDeviceBirth},
                                                                   {"DDEATH", Type::kDeviceDeath},
                                                                   {"DDATA", Type::kDeviceData}}};

// Numbers of fields: Sparkplug 3.0.0, section 6.4.1, org.eclipse.tahu.protobuf.Payload and its
// Metric.
enum PayloadField : std::uint32_t { kPayloadTimestamp = 1, kMetrics = 2, kSeq = 3 };
enum MetricField : std::uint32_t {
  kName = 1,
  kAlias = 2,
  kTimestamp = 3,
  kDatatype = 4,
  kIsHistorical = 5,
  kIsNull = 7,
  kProperties = 9,
  kIntValue = 10,
  kLongValue = 11,
  kFloatValue = 12,
  kDoubleValue = 13,
  kBooleanValue = 14,
  kStringValue = 15,
  kLastValue = 19,
};

// Sections 6.4.8 and 6.4.9: keys and values stand in two lists, in the same order.
enum PropertyField : std::uint32_t { kKeys = 1, kValues = 2 };
constexpr std::uint32_t kPropertyIntValue = 3;
constexpr std::uint64_t kQualityBad = 0;
constexpr std::uint64_t kQualityStale = 500;

// Section 6.4.16.
enum DataType : std::uint32_t {
  kInt8 = 1,
  kInt16 = 2,
  kInt32 = 3,
  kInt64 = 4,
  kUInt8 = 5,
  kUInt16 = 6,
  kUInt32 = 7,
  kUInt64 = 8,
};

std::string_view TakeLevel(std::string_view& rest) {
  const std::string_view level = rest.substr(0, rest.find('/'));
  rest.remove_prefix(level.size() < rest.size() ? level.size() + 1 : rest.size());
  return level;
}

/// False when the field is not of its kind.
bool SetValue(const WireReader::Field& field, SparkplugMetric& metric) {
  switch (field.number) {
    case kIntValue:
    case kLongValue:
      metric.value = field.bits;
      return field.kind == Kind::kVarint;
    case kBooleanValue:
      metric.value = field.bits != 0;
      return field.kind == Kind::kVarint;
    case kFloatValue:
      metric.value = double{std::bit_cast<float>(static_cast<std::uint32_t>(field.bits))};
      return field.kind == Kind::kFixed32;
    case kDoubleValue:
      metric.value = std::bit_cast<double>(field.bits);
      return field.kind == Kind::kFixed64;
    default:
      if (field.number >= kStringValue && field.number <= kLastValue) {
        metric.value = std::monostate{};
      }
      return true;
  }
}

/// The n-th value of a PropertySet, when it is a whole number.
std::optional<std::uint64_t> FindProperty(std::string_view set, std::size_t n) {
  WireReader reader(set);
  while (const auto field = reader.Next()) {
    if (field->number != kValues || n-- > 0) continue;
    WireReader value(field->bytes);
    while (const auto part = value.Next()) {
      if (part->number == kPropertyIntValue) return part->bits;
    }
    return std::nullopt;
  }
  return std::nullopt;
}

Quality ReadQuality(std::string_view set) {
  WireReader reader(set);
  std::size_t keys = 0;
  while (const auto field = reader.Next()) {
    if (field->number != kKeys) continue;
    if (field->bytes == "Quality") {
      const auto code = FindProperty(set, keys);
      if (code == kQualityBad) return Quality::kSuspect;
      return code == kQualityStale ? Quality::kStale : Quality::kGood;
    }
    ++keys;
  }
  return Quality::kGood;
}

bool Set(const WireReader::Field& field, SparkplugMetric& metric) {
  if (field.number == kProperties) {
    metric.quality = ReadQuality(field.bytes);
    return field.kind == Kind::kBytes;
  }
  if (field.number == kName) {
    metric.name = field.bytes;
    return field.kind == Kind::kBytes;
  }
  if (field.number > kIsNull) return SetValue(field, metric);
  if (field.number == kAlias) metric.alias = field.bits;
  if (field.number == kTimestamp) metric.timestamp = field.bits;
  if (field.number == kDatatype) metric.datatype = static_cast<std::uint32_t>(field.bits);
  if (field.number == kIsHistorical) metric.is_historical = field.bits != 0;
  if (field.number == kIsNull) metric.is_null = field.bits != 0;
  return field.kind == Kind::kVarint;
}

bool ReadMetric(std::string_view bytes, SparkplugMetric& metric) {
  WireReader reader(bytes);
  while (const auto field = reader.Next()) {
    if (!Set(*field, metric)) return false;
  }
  return !reader.failed();
}

/// All but the metrics: they may stand before what counts for them.
bool ReadHead(std::string_view bytes, SparkplugPayload& payload) {
  WireReader reader(bytes);
  while (const auto field = reader.Next()) {
    const bool is_number = field->kind == Kind::kVarint;
    if (field->number == kPayloadTimestamp && is_number) payload.timestamp = field->bits;
    if (field->number == kSeq && is_number) payload.seq = field->bits;
  }
  return !reader.failed();
}

}  // namespace

std::optional<SparkplugTopic> ParseSparkplugTopic(std::string_view topic) {
  if (TakeLevel(topic) != "spBv1.0") return std::nullopt;
  SparkplugTopic parsed;
  parsed.group = TakeLevel(topic);
  const std::string_view type = TakeLevel(topic);
  parsed.node = TakeLevel(topic);
  parsed.device = TakeLevel(topic);
  if (parsed.group.empty() || parsed.node.empty() || !topic.empty()) return std::nullopt;
  for (const auto& [name, known] : kNames) {
    if (name == type) parsed.type = known;
  }
  const bool of_device = type.starts_with('D');
  if (parsed.type != Type::kOther && of_device == parsed.device.empty()) return std::nullopt;
  return parsed;
}

std::optional<double> SparkplugNumber(const SparkplugMetric& metric, std::uint32_t datatype) {
  if (const auto* const real = std::get_if<double>(&metric.value)) return *real;
  if (const auto* const flag = std::get_if<bool>(&metric.value)) return *flag ? 1 : 0;
  const auto* const bits = std::get_if<std::uint64_t>(&metric.value);
  if (bits == nullptr) return std::nullopt;
  switch (datatype) {
    case kInt8:
      return static_cast<std::int8_t>(*bits);
    case kInt16:
      return static_cast<std::int16_t>(*bits);
    case kInt32:
      return static_cast<std::int32_t>(*bits);
    case kInt64:
      return static_cast<double>(static_cast<std::int64_t>(*bits));
    case kUInt8:
      return static_cast<std::uint8_t>(*bits);
    case kUInt16:
      return static_cast<std::uint16_t>(*bits);
    case kUInt32:
      return static_cast<std::uint32_t>(*bits);
    case kUInt64:
      return static_cast<double>(*bits);
    default:
      return std::nullopt;
  }
}

bool ReadSparkplugPayload(
    std::string_view bytes,
    const std::function<void(const SparkplugPayload&, const SparkplugMetric&)>& take,
    SparkplugPayload& payload) {
  payload = {};
  if (!ReadHead(bytes, payload)) return false;
  WireReader reader(bytes);
  while (const auto field = reader.Next()) {
    if (field->number != kMetrics) continue;
    SparkplugMetric metric;
    if (field->kind != Kind::kBytes || !ReadMetric(field->bytes, metric)) return false;
    take(payload, metric);
  }
  return true;
}

}  // namespace fleet_edge::drivers
