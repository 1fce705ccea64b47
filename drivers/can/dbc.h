#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"

namespace fleet_edge::drivers {

/// A signal of a message, as its `SG_` and the lines about it say. A value.
struct DbcSignal {
  enum class Number { kUnsigned, kSigned, kFloat, kDouble };  ///< IEEE 754 of 32 and 64 bits
  struct Range {
    std::uint32_t first;
    std::uint32_t last;
  };

  std::string name;
  std::uint32_t start = 0;  ///< bit: byte × 8 + place, the lowest (Intel) or highest (Motorola) one
  std::uint32_t length = 0;  ///< 1 to 64 bits
  bool big_endian = false;   ///< Motorola
  Number number = Number::kUnsigned;
  double factor = 1;  ///< physical = raw × factor + offset
  double offset = 0;
  double min = 0;  ///< physical; both 0: the file tells no range
  double max = 0;
  std::string unit;  ///< UTF-8

  bool multiplexor = false;    ///< its raw value chooses which others are in a frame
  bool multiplexed = false;    ///< it is there only when …
  std::string selector;        ///< … the raw value of this signal of its message …
  std::vector<Range> selects;  ///< … is within one of these

  std::vector<std::pair<std::int64_t, std::string>> names;  ///< of raw values (`VAL_`)
};

/// A message: `BO_` and its signals. A value.
struct DbcMessage {
  std::uint32_t id = 0;          ///< 11 bits, 29 when extended
  bool extended = false;         ///< the identifier's form
  bool parameter_group = false;  ///< of SAE J1939: priority, source and destination may be any
  std::string name;
  std::uint32_t size = 0;  ///< bytes
  Position position;       ///< in the file
  std::vector<DbcSignal> signals;
};

/// What a DBC file says of a bus. A value.
struct Dbc {
  std::vector<DbcMessage> messages;
};

/// The most that ParseDbc() reads.
inline constexpr std::size_t kMaxDbcBytes = 16U << 20U;

/// Reads a DBC file (Vector, "DBC File Format Documentation", 1.0.5): messages, signals with
/// byte order, signedness, scaling, simple and extended multiplexing (`SG_MUL_VAL_`), floats
/// (`SIG_VALTYPE_`), names of values (`VAL_`) and the attribute VFrameFormat, by which a message is
/// a J1939 parameter group. All else is skipped. Units in Latin-1 become UTF-8.
///
/// What is wrong is added to `diagnostics` under the name `file`; a message or signal with an error
/// is left out, the rest is read. After twenty findings it ends.
Dbc ParseDbc(std::string_view text, const std::string& file, Diagnostics& diagnostics);

}  // namespace fleet_edge::drivers
