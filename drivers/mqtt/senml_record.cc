#include "drivers/mqtt/senml_record.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "drivers/mqtt/cbor.h"

namespace fleet_edge::drivers {
namespace {

using Label = SenmlLabel;

// RFC 8428, tables 1, 2 and 4.
constexpr std::array<std::pair<std::string_view, Label>, 15> kLabels{{{"bs", Label::kBaseSum},
                                                                      {"bv", Label::kBaseValue},
                                                                      {"bu", Label::kBaseUnit},
                                                                      {"bt", Label::kBaseTime},
                                                                      {"bn", Label::kBaseName},
                                                                      {"bver", Label::kBaseVersion},
                                                                      {"n", Label::kName},
                                                                      {"u", Label::kUnit},
                                                                      {"v", Label::kValue},
                                                                      {"vs", Label::kStringValue},
                                                                      {"vb", Label::kBooleanValue},
                                                                      {"s", Label::kSum},
                                                                      {"t", Label::kTime},
                                                                      {"ut", Label::kUpdateTime},
                                                                      {"vd", Label::kDataValue}}};

bool Set(std::optional<double>& field, const SenmlScalar& value) {
  const double* const number = std::get_if<double>(&value);
  if (number != nullptr) field = *number;
  return number != nullptr;
}

bool Set(std::optional<std::string>& field, const SenmlScalar& value) {
  const auto* const text = std::get_if<std::string_view>(&value);
  if (text != nullptr) field.emplace(*text);
  return text != nullptr;
}

using Item = CborReader::Item;

/// What follows tag 4: RFC 8949, section 3.4.4. Nothing when it is no pair of numbers.
std::optional<double> TakeDecimalFraction(CborReader& reader) {
  const auto pair = reader.Next();
  if (!pair || pair->kind != Item::Kind::kArray || pair->number != 2) return std::nullopt;
  const auto take_number = [&] {
    const auto item = reader.Next();
    return item ? item->AsNumber() : std::nullopt;
  };
  const auto exponent = take_number();
  const auto mantissa = take_number();
  if (!exponent || !mantissa) return std::nullopt;
  return *mantissa * std::pow(10, *exponent);
}

/// A value of CBOR; nothing where it is not well-formed. Data is a string, as in JSON.
std::optional<SenmlScalar> TakeScalar(CborReader& reader) {
  using Kind = Item::Kind;
  constexpr std::uint64_t kDecimalFraction = 4;  // RFC 8428, section 6
  constexpr std::uint64_t kFalse = 20;
  constexpr std::uint64_t kTrue = 21;
  const auto item = reader.Next();
  if (!item) return std::nullopt;
  if (const auto number = item->AsNumber()) return *number;
  if (item->kind == Kind::kText || item->kind == Kind::kBytes) return item->text;
  if (item->kind == Kind::kSimple && (item->number == kFalse || item->number == kTrue)) {
    return item->number == kTrue;
  }
  if (item->kind == Kind::kTag && item->number == kDecimalFraction) {
    const auto fraction = TakeDecimalFraction(reader);
    if (!fraction) return std::nullopt;
    return *fraction;
  }
  if (!reader.Skip(*item)) return std::nullopt;
  return std::monostate{};
}

bool ReadRecord(CborReader& reader, const Item& map, SenmlRecord& record) {
  if (map.kind != Item::Kind::kMap) return false;
  return reader.ForEach(map, [&](const Item& key) {
    const auto number = key.AsNumber();
    if (!number && key.kind != Item::Kind::kText) return false;
    const Label label = number ? SenmlLabelOf(*number) : SenmlLabelOf(key.text);
    const auto value = TakeScalar(reader);
    return value && SetSenmlField(record, label, *value);
  });
}

}  // namespace

SenmlLabel SenmlLabelOf(std::string_view text) {
  const auto* const found =
      std::ranges::find(kLabels, text, [](const auto& entry) { return entry.first; });
  if (found != kLabels.end()) return found->second;
  return text.ends_with('_') ? Label::kMustKnow : Label::kUnknown;
}

SenmlLabel SenmlLabelOf(double number) {
  const auto* const found = std::ranges::find(
      kLabels, number, [](const auto& entry) { return static_cast<double>(entry.second); });
  return found != kLabels.end() ? found->second : Label::kUnknown;
}

bool SetSenmlField(SenmlRecord& record, SenmlLabel label, const SenmlScalar& value) {
  switch (label) {
    case Label::kBaseName:
      return Set(record.base_name, value);
    case Label::kBaseUnit:
      return Set(record.base_unit, value);
    case Label::kBaseTime:
      return Set(record.base_time, value);
    case Label::kBaseValue:
      return Set(record.base_value, value);
    case Label::kBaseVersion:
      return Set(record.version, value);
    case Label::kName:
      return Set(record.name, value);
    case Label::kUnit:
      return Set(record.unit, value);
    case Label::kTime:
      return Set(record.time, value);
    case Label::kValue:
      return Set(record.value, value);
    case Label::kBooleanValue:
      if (!std::holds_alternative<bool>(value)) return false;
      record.value = std::get<bool>(value) ? 1 : 0;
      record.is_boolean = true;
      return true;
    case Label::kStringValue:
    case Label::kDataValue:
      record.other_value = true;
      return true;
    case Label::kMustKnow:
      record.must_know = true;
      return true;
    case Label::kBaseSum:
    case Label::kSum:
    case Label::kUpdateTime:
    case Label::kUnknown:
      return true;
  }
  return true;
}

bool ReadSenmlCbor(std::string_view payload, const TakeSenmlRecord& take) {
  CborReader reader(payload);
  const auto pack = reader.Next();
  if (!pack || pack->kind != CborReader::Item::Kind::kArray) return false;
  const bool sound = reader.ForEach(*pack, [&](const CborReader::Item& item) {
    SenmlRecord record;
    return ReadRecord(reader, item, record) && take(record);
  });
  return sound && reader.at_end();
}

}  // namespace fleet_edge::drivers
