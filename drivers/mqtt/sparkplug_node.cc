#include "drivers/mqtt/sparkplug_node.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <variant>

#include "core/time.h"
#include "drivers/mqtt/sparkplug_payload.h"
#include "drivers/rejections.h"
#include "drivers/time_unit.h"

namespace fleet_edge::drivers {
namespace {

using Type = SparkplugTopic::Type;

constexpr std::string_view kBirthSequence = "bdSeq";  // the metric that ties a death to its birth

std::optional<UtcTime> TimeOf(std::uint64_t milliseconds) {
  if (milliseconds > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return std::nullopt;
  return FromCount(static_cast<std::int64_t>(milliseconds), TimeUnit::kMilliseconds);
}

std::optional<std::uint64_t> BirthSequence(const SparkplugMetric& metric) {
  if (metric.name != kBirthSequence) return std::nullopt;
  const auto* const bits = std::get_if<std::uint64_t>(&metric.value);
  return bits == nullptr ? std::nullopt : std::optional(*bits);
}

}  // namespace

void SparkplugNode::Read(const SparkplugTopic& topic, std::string_view payload, Output& out) {
  out.decoded.Clear();
  out.dead.clear();
  out.refused.reset();
  out.gap = out.unborn = false;
  switch (topic.type) {
    case Type::kNodeBirth:
    case Type::kDeviceBirth:
      return ReadBirth(topic, payload, out);
    case Type::kNodeData:
    case Type::kDeviceData:
      return ReadData(topic, payload, out);
    case Type::kNodeDeath:
    case Type::kDeviceDeath:
      return ReadDeath(topic, payload, out);
    case Type::kOther:
      out.refused = reason::kUnreadType;
  }
}

void SparkplugNode::ReadBirth(const SparkplugTopic& topic, std::string_view payload, Output& out) {
  SparkplugPayload head;
  const bool of_node = topic.type == Type::kNodeBirth;
  if (of_node) {
    // All that was known ends with it, also with one that can't be read: its devices are born anew
    // after it.
    born_ = false;
    born_devices_.clear();
    std::ranges::fill(known_, Known{});
    birth_.reset();
    next_.reset();
  } else {
    Forget(topic.device);
  }
  const bool sound = ReadSparkplugPayload(
      payload,
      [&](const SparkplugPayload& of, const SparkplugMetric& metric) {
        if (const auto sequence = BirthSequence(metric); of_node && sequence) birth_ = sequence;
        if (!metric.name) return;
        const auto field = FindByName(*metric.name, topic.device);
        if (!field) return;
        known_[*field] = {.alias = metric.alias, .datatype = metric.datatype};
        Put(*field, of, metric, out);
      },
      head);
  if (!sound) return Refuse(out);
  Follow(head, out);
  if (of_node) {
    born_ = true;
  } else if (IsWanted(topic.device)) {
    born_devices_.emplace(topic.device);
  }
}

void SparkplugNode::ReadData(const SparkplugTopic& topic, std::string_view payload, Output& out) {
  SparkplugPayload head;
  const bool born = is_born(topic.device);
  const bool sound = ReadSparkplugPayload(
      payload,
      [&](const SparkplugPayload& of, const SparkplugMetric& metric) {
        std::optional<std::size_t> field;
        if (metric.name) {
          field = FindByName(*metric.name, topic.device);
        } else if (metric.alias && born) {
          field = FindByAlias(*metric.alias, topic.device);
        } else {
          out.unborn = IsWanted(topic.device);
        }
        if (field) Put(*field, of, metric, out);
      },
      head);
  if (!sound) return Refuse(out);
  Follow(head, out);
}

void SparkplugNode::ReadDeath(const SparkplugTopic& topic, std::string_view payload, Output& out) {
  SparkplugPayload head;
  std::optional<std::uint64_t> sequence;
  const bool sound = ReadSparkplugPayload(
      payload,
      [&](const SparkplugPayload&, const SparkplugMetric& metric) {
        if (const auto found = BirthSequence(metric)) sequence = found;
      },
      head);
  if (!sound) return Refuse(out);
  const bool of_node = topic.type == Type::kNodeDeath;
  if (of_node && birth_ && sequence && birth_ != sequence) return;  // of an earlier life
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (of_node || fields_[i].device == topic.device) out.dead.push_back(i);
  }
  if (of_node) {
    born_ = false;
    next_.reset();  // a death has no seq
  } else {
    Follow(head, out);
    Forget(topic.device);
  }
}

void SparkplugNode::Refuse(Output& out) {
  out.decoded.Clear();
  out.unborn = false;
  out.refused = reason::kMalformed;
}

void SparkplugNode::Put(std::size_t field, const SparkplugPayload& payload,
                        const SparkplugMetric& metric, Output& out) const {
  if (metric.is_null) return;
  const auto number =
      SparkplugNumber(metric, metric.datatype != 0 ? metric.datatype : known_[field].datatype);
  const double value = number ? fields_[field].conversion(*number) : NAN;
  if (!std::isfinite(value)) return out.decoded.faults.push_back({field, reason::kWrongType});
  std::optional<UtcTime> time;
  if (const auto told = metric.timestamp ? metric.timestamp : payload.timestamp) {
    time = TimeOf(*told);
    if (!time) return out.decoded.faults.push_back({field, reason::kBadTime});
  }
  out.decoded.values.push_back({.field = field,
                                .value = value,
                                .time = time,
                                .quality = metric.quality,
                                .is_current = !metric.is_historical});
}

void SparkplugNode::Follow(const SparkplugPayload& payload, Output& out) {
  if (!payload.seq) return;
  const auto seq = static_cast<std::uint8_t>(*payload.seq);
  out.gap = next_ && *next_ != seq;
  next_ = static_cast<std::uint8_t>(seq + 1);  // 255 is followed by 0
}

void SparkplugNode::Forget(std::string_view device) {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].device == device) known_[i] = {};
  }
  if (const auto found = born_devices_.find(device); found != born_devices_.end()) {
    born_devices_.erase(found);
  }
}

std::optional<std::size_t> SparkplugNode::FindByName(std::string_view name,
                                                     std::string_view device) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].name == name && fields_[i].device == device) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> SparkplugNode::FindByAlias(std::uint64_t alias,
                                                      std::string_view device) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (known_[i].alias == alias && fields_[i].device == device) return i;
  }
  return std::nullopt;
}

bool SparkplugNode::IsWanted(std::string_view device) const {
  return std::ranges::find(fields_, device, &SparkplugField::device) != fields_.end();
}

bool SparkplugNode::is_born(std::string_view device) const {
  return born_ && (device.empty() || born_devices_.contains(device));
}

}  // namespace fleet_edge::drivers
