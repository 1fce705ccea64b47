// Any bytes as the messages of a Sparkplug node: values that are finite, or a reason. A byte tells
// the type of each message, the next one how long it is.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "drivers/decoded.h"
#include "drivers/mqtt/sparkplug_node.h"
#include "drivers/mqtt/sparkplug_payload.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fleet_edge::drivers;
  static const std::vector<SparkplugField> kFields{
      {.name = "a", .device = {}, .conversion = {}},
      {.name = "b", .device = "d", .conversion = {.scale = 0.1, .offset = -40}}};
  SparkplugNode node(kFields);
  SparkplugNode::Output out;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  (void)ParseSparkplugTopic(rest);
  while (rest.size() >= 2) {
    SparkplugTopic topic{.group = "g", .node = "n", .device = {}, .type = {}};
    topic.type = static_cast<SparkplugTopic::Type>(static_cast<unsigned char>(rest[0]) % 7);
    if (topic.type >= SparkplugTopic::Type::kDeviceBirth) topic.device = "d";
    const std::size_t length =
        std::min<std::size_t>(static_cast<unsigned char>(rest[1]), rest.size() - 2);
    node.Read(topic, rest.substr(2, length), out);
    rest.remove_prefix(2 + length);
    if (out.refused && !out.decoded.values.empty()) std::abort();
    for (const Decoded::Value& value : out.decoded.values) {
      if (!std::isfinite(value.value) || value.field >= kFields.size()) std::abort();
    }
  }
  return 0;
}
