#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "core/unit.h"
#include "drivers/decoded.h"
#include "drivers/mqtt/senml_record.h"

namespace fleet_edge::drivers {

/// How a unit of SenML's registry becomes `to`, a unit of the catalogue: RFC 8428, section 12.1,
/// and RFC 8798 for the secondary ones. Nothing when it doesn't measure the same.
std::optional<UnitConversion> FindSenmlConversion(std::string_view senml, std::string_view to);

/// Picks numbers out of a SenML pack (RFC 8428) by their names, in JSON or in CBOR, whichever the
/// payload is. Base fields are applied; a time below 2^28 counts from the arrival (section 4.5.3).
/// Sums are not read.
///
/// Immutable; any thread, with a memory of that thread.
class SenmlCodec {
 public:
  struct Field {
    std::string name;         ///< the whole name; behind a `*` the end of it
    std::string to;           ///< the catalogue's unit; empty: values are taken as they are
    UnitConversion unitless;  ///< of records that tell no unit
    bool required = false;    ///< its absence is a fault
  };
  explicit SenmlCodec(std::vector<Field> fields) : fields_(std::move(fields)) {}

  /// Fills `out` with converted values; `now` is when the payload came. Returns nothing when it was
  /// read, else why none of it can be used: kMalformed, or kUnreadType for a version or a field
  /// that must be understood and isn't.
  std::optional<std::string_view> Decode(std::string_view payload, UtcTime now, SenmlJson& json,
                                         Decoded& out) const;

 private:
  class Resolver;

  std::vector<Field> fields_;
};

}  // namespace fleet_edge::drivers
