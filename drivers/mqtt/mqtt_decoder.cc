#include "drivers/mqtt/mqtt_decoder.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <variant>

#include "core/time.h"
#include "drivers/decoded.h"
#include "drivers/io/json_codec.h"
#include "drivers/mqtt/senml_codec.h"
#include "drivers/number.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

bool IsWord(std::string_view text, std::string_view word) {
  return std::ranges::equal(text, word, {}, [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
}

/// What switches and contacts publish.
std::optional<double> ReadPlain(std::string_view text) {
  if (IsWord(text, "true") || IsWord(text, "on")) return 1;
  if (IsWord(text, "false") || IsWord(text, "off")) return 0;
  return ParseNumber(text);
}

}  // namespace

std::optional<std::string_view> MqttDecoder::Decode(const MqttCodec& codec,
                                                    std::string_view payload, UtcTime now,
                                                    Decoded& out) {
  out.Clear();
  if (const auto* const json = std::get_if<JsonCodec>(&codec)) {
    return DecodeJson(*json, payload, out);
  }
  if (const auto* const senml = std::get_if<SenmlCodec>(&codec)) {
    return senml->Decode(payload, now, senml_, out);
  }
  const auto* const plain = std::get_if<MqttPlainValue>(&codec);
  if (plain == nullptr) return reason::kUnreadType;
  if (const auto number = ReadPlain(Trim(payload))) {
    out.values.push_back({.field = 0, .value = plain->conversion(*number)});
  } else {
    out.faults.push_back({.field = 0, .reason = reason::kWrongType});
  }
  return std::nullopt;
}

std::optional<std::string_view> MqttDecoder::DecodeJson(const JsonCodec& codec,
                                                        std::string_view payload, Decoded& out) {
  if (const auto refused = codec.Decode(payload, json_, fields_)) return refused;
  for (const JsonCodec::Value& value : fields_.values) {
    out.values.push_back({.field = value.field, .value = value.value, .time = fields_.time});
  }
  for (const JsonCodec::Fault& fault : fields_.faults) {
    out.faults.push_back({.field = fault.field, .reason = fault.reason});
  }
  return std::nullopt;
}

}  // namespace fleet_edge::drivers
