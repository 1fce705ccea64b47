#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace fleet_edge::drivers {

/// One record of a SenML pack (RFC 8428), its base fields not yet applied to it. A value.
struct SenmlRecord {
  std::optional<std::string> base_name;
  std::optional<std::string> base_unit;
  std::optional<double> base_time;
  std::optional<double> base_value;
  std::optional<double> version;
  std::optional<std::string> name;
  std::optional<std::string> unit;
  std::optional<double> time;
  std::optional<double> value;  ///< a boolean one as 1 or 0
  bool is_boolean = false;
  bool other_value = false;  ///< a string, or data
  bool must_know = false;    ///< has a label that nobody here knows and says it must be known
};

/// A field's label, numbered as in CBOR: RFC 8428, table 4.
enum class SenmlLabel : std::int8_t {
  kBaseSum = -6,
  kBaseValue = -5,
  kBaseUnit = -4,
  kBaseTime = -3,
  kBaseName = -2,
  kBaseVersion = -1,
  kName = 0,
  kUnit = 1,
  kValue = 2,
  kStringValue = 3,
  kBooleanValue = 4,
  kSum = 5,
  kTime = 6,
  kUpdateTime = 7,
  kDataValue = 8,
  kUnknown = 9,
  kMustKnow = 10,  ///< unknown, with `_` at its end: section 4.4
};

SenmlLabel SenmlLabelOf(std::string_view text);
SenmlLabel SenmlLabelOf(double number);

/// A field's value; nothing: of another type.
using SenmlScalar = std::variant<std::monostate, double, bool, std::string_view>;

/// False when it is not of the label's type.
bool SetSenmlField(SenmlRecord& record, SenmlLabel label, const SenmlScalar& value);

/// Takes one record; false: it is enough.
using TakeSenmlRecord = std::function<bool(const SenmlRecord&)>;

/// Hands on the records of a CBOR pack, one by one. False when the payload is no array of maps with
/// fields of the right types, or `take` has said so: what was taken then counts for nothing.
bool ReadSenmlCbor(std::string_view payload, const TakeSenmlRecord& take);

/// The same for JSON, and the memory in which it is parsed: about twenty times the longest payload.
/// One thread.
class SenmlJson {
 public:
  SenmlJson();
  ~SenmlJson();
  SenmlJson(const SenmlJson&) = delete;
  SenmlJson& operator=(const SenmlJson&) = delete;

  bool Read(std::string_view payload, const TakeSenmlRecord& take);

 private:
  struct Impl;  // keeps simdjson's header out of everybody else's
  std::unique_ptr<Impl> impl_;
};

}  // namespace fleet_edge::drivers
