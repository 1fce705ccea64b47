#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "drivers/can/dbc.h"

namespace fleet_edge::drivers {

/// Where a number lies in a message's data, as a shift and a mask. A value.
struct DbcBits {
  std::uint16_t window = 0;  ///< first of the eight bytes that hold it
  std::uint16_t bytes = 0;   ///< that the data must have
  std::uint8_t shift = 0;    ///< of the eight bytes as one number
  std::uint8_t length = 1;
  bool big_endian = false;
  DbcSignal::Number number = DbcSignal::Number::kUnsigned;
};

/// A signal that is to be read, compiled. A value.
struct DbcField {
  struct Condition {
    DbcBits multiplexor;
    std::vector<DbcSignal::Range> ranges;
  };

  std::string name;      ///< `Message.Signal`
  std::string unit;      ///< the file's
  std::uint32_t id = 0;  ///< of its message; of a parameter group without what may be any
  bool extended = false;
  bool parameter_group = false;
  bool state = false;  ///< of a parameter group: two bits that are no number and no multiplexor
  DbcBits bits;
  double factor = 1;
  double offset = 0;
  std::vector<Condition> conditions;  ///< all must hold for the signal to be there
  std::vector<std::int64_t> words;    ///< raw values that are a word, not a measurement; sorted
};

/// Finds `Message.Signal`, or `Signal` where one message alone has it, and compiles it.
/// Errors: kDrop, the message says what is wrong and what the file has in its place.
Result<DbcField> CompileDbcField(const Dbc& dbc, std::string_view name);

/// The bits of a 29-bit identifier that tell a parameter group: not the priority, not the source,
/// and not the destination where there is one (SAE J1939-21, 5.2 and 5.3).
std::uint32_t ParameterGroupMask(std::uint32_t id);

}  // namespace fleet_edge::drivers
