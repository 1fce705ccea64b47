#pragma once

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.h"
#include "core/unit.h"
#include "drivers/decoded.h"
#include "drivers/io/json_codec.h"
#include "drivers/mqtt/senml_codec.h"
#include "drivers/mqtt/senml_record.h"
#include "drivers/mqtt/sparkplug_node.h"

namespace fleet_edge::drivers {

/// The payload is one number, of field 0; `true`, `on`, `false` and `off` are 1 and 0.
struct MqttPlainValue {
  UnitConversion conversion;
};

/// How a topic's payloads are read. Sparkplug's need what was said before: SparkplugNode reads
/// them.
using MqttCodec = std::variant<MqttPlainValue, JsonCodec, SenmlCodec, std::vector<SparkplugField>>;

/// Reads payloads that stand for themselves. One thread; keeps memory from payload to payload.
class MqttDecoder {
 public:
  /// Fills `out`; `now` is when the payload came. Returns nothing when it was read, else a reason
  /// of drivers/rejections.h why none of it can be used.
  std::optional<std::string_view> Decode(const MqttCodec& codec, std::string_view payload,
                                         UtcTime now, Decoded& out);

 private:
  std::optional<std::string_view> DecodeJson(const JsonCodec& codec, std::string_view payload,
                                             Decoded& out);

  JsonParser json_;
  JsonCodec::Output fields_;
  SenmlJson senml_;
};

}  // namespace fleet_edge::drivers
