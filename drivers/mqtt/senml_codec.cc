#include "drivers/mqtt/senml_codec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "core/unit.h"
#include "drivers/decoded.h"
#include "drivers/mqtt/senml_record.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

struct Unit {
  std::string_view senml;
  std::string_view ours;  // a unit that core/unit.h converts
  double factor = 1;
};

// RFC 8428, section 12.1; the second part is RFC 8798's.
constexpr std::array kUnits{
    Unit{"m", "m"},          Unit{"K", "K"},
    Unit{"Cel", "C"},        Unit{"rad", "rad"},
    Unit{"Hz", "Hz"},        Unit{"1/s", "Hz"},
    Unit{"1/min", "rpm"},    Unit{"Pa", "Pa"},
    Unit{"V", "V"},          Unit{"m/s", "m/s"},
    Unit{"m/s2", "m/s2"},    Unit{"lat", "deg"},
    Unit{"lon", "deg"},      Unit{"/", "ratio"},
    Unit{"%", "percent"},    Unit{"%RH", "percent"},
    Unit{"%EL", "percent"},

    Unit{"mV", "mV"},        Unit{"hPa", "Pa", 100},
    Unit{"mm", "m", 1e-3},   Unit{"cm", "m", 1e-2},
    Unit{"km", "km"},        Unit{"km/h", "km/h"},
    Unit{"/100", "percent"}, Unit{"/1000", "percent", 0.1},
};

// Section 4.5.3: below it, a time counts from now.
constexpr double kFirstAbsoluteTime = 1U << 28;

// Section 4.4, and RFC 9100: 10 is RFC 8428 itself, 16 more are secondary units.
constexpr double kVersion = 10;
constexpr double kVersionWithUnits = 26;

/// Section 4.5.1.
bool IsName(std::string_view name) {
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  return !name.empty() && is_plain(name.front()) && std::ranges::all_of(name, [&](char c) {
    return is_plain(c) || c == '-' || c == ':' || c == '.' || c == '/' || c == '_';
  });
}

bool Matches(std::string_view wanted, std::string_view name) {
  return wanted.starts_with('*') ? name.ends_with(wanted.substr(1)) : name == wanted;
}

}  // namespace

std::optional<UnitConversion> FindSenmlConversion(std::string_view senml, std::string_view to) {
  const auto* const unit = std::ranges::find(kUnits, senml, &Unit::senml);
  if (unit == kUnits.end()) return std::nullopt;
  auto conversion = FindConversion(unit->ours, to);
  if (conversion) conversion->scale *= unit->factor;
  return conversion;
}

/// Takes the records of one pack, in their order.
class SenmlCodec::Resolver {
 public:
  Resolver(const std::vector<Field>& fields, UtcTime now, Decoded& out)
      : fields_(fields), now_(now), out_(out) {}

  /// False when nothing of the pack can be used: see refused().
  bool Take(const SenmlRecord& record) {
    if (record.must_know ||
        (record.version && *record.version > kVersion && *record.version != kVersionWithUnits)) {
      refused_ = reason::kUnreadType;
      return false;
    }
    if (record.base_name) base_name_ = *record.base_name;
    if (record.base_unit) base_unit_ = *record.base_unit;
    if (record.base_time) base_time_ = *record.base_time;
    if (record.base_value) base_value_ = *record.base_value;
    if (!record.value && !record.other_value) return true;  // base fields alone, or a sum
    name_ = base_name_;
    name_ += record.name.value_or("");
    if (!IsName(name_)) return false;
    Pick(record);
    return true;
  }

  std::string_view refused() const { return refused_; }

 private:
  /// The first field with that name whose unit fits, else the first with that name.
  void Pick(const SenmlRecord& record) {
    const std::string_view unit = record.unit ? *record.unit : base_unit_;
    std::optional<std::size_t> named;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (!Matches(fields_[i].name, name_)) continue;
      if (!named) named = i;
      const auto conversion = ConversionOf(fields_[i], unit);
      if (conversion) return Put(i, record, *conversion);
    }
    if (named) out_.faults.push_back({*named, reason::kWrongUnit});
  }

  static std::optional<UnitConversion> ConversionOf(const Field& field, std::string_view unit) {
    if (unit.empty()) return field.unitless;
    if (field.to.empty()) return UnitConversion{};
    return FindSenmlConversion(unit, field.to);
  }

  void Put(std::size_t field, const SenmlRecord& record, const UnitConversion& conversion) {
    if (!record.value) return out_.faults.push_back({field, reason::kWrongType});
    const double value = conversion(*record.value + (record.is_boolean ? 0 : base_value_));
    if (!std::isfinite(value)) return out_.faults.push_back({field, reason::kWrongType});
    const double seconds = base_time_ + record.time.value_or(0);
    std::optional<UtcTime> time;
    if (seconds != 0) {
      time = UtcFromSeconds(seconds < kFirstAbsoluteTime ? ToSeconds(now_) + seconds : seconds);
      if (!time) return out_.faults.push_back({field, reason::kBadTime});
    }
    out_.values.push_back({field, value, time});
  }

  const std::vector<Field>& fields_;
  const UtcTime now_;
  Decoded& out_;
  std::string_view refused_ = reason::kMalformed;

  std::string base_name_;
  std::string base_unit_;
  double base_time_ = 0;
  double base_value_ = 0;
  std::string name_;  // of the record
};

std::optional<std::string_view> SenmlCodec::Decode(std::string_view payload, UtcTime now,
                                                   SenmlJson& json, Decoded& out) const {
  out.Clear();
  Resolver resolver(fields_, now, out);
  const auto take = [&](const SenmlRecord& record) { return resolver.Take(record); };
  // An array of CBOR begins with 0x80 to 0x9f, which no text does.
  const bool is_cbor = !payload.empty() && (static_cast<unsigned char>(payload[0]) >> 5) == 4;
  if (!(is_cbor ? ReadSenmlCbor(payload, take) : json.Read(payload, take))) {
    out.Clear();
    return resolver.refused();
  }
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const bool is_there = std::ranges::any_of(
        out.values, [&](const Decoded::Value& value) { return value.field == i; });
    if (fields_[i].required && !is_there) out.faults.push_back({i, reason::kMissing});
  }
  return std::nullopt;
}

}  // namespace fleet_edge::drivers
