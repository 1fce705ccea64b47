#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fleet_edge::rules {

/// One step of an expanding template: a machine with a stack of values and numbered slots for its
/// variables. `begin` and `length` name a part of the program's text.
struct TemplateStep {
  enum class Op : std::uint8_t {
    kText,    ///< prints the part as it stands
    kPrint,   ///< pops a value and prints it
    kString,  ///< pushes the part; the next ones push what it says, or names
    kNumber,  ///< the part is a float64
    kWhole,   ///< the part is an int
    kBool,    ///< `slot` is 0 or 1
    kValue,   ///< the alert's value
    kLabel,   ///< the label that the part names
    kExternalLabel,
    kLabels,  ///< all of them
    kExternalLabels,
    kExternalUrl,
    kLoad,         ///< pushes a copy of slot
    kStore,        ///< pops into slot
    kCall,         ///< pops `count` values, the last on top; pushes what function `slot` makes
    kJump,         ///< goes on at step `begin`
    kJumpIfFalse,  ///< pops a value; goes on at step `begin` if it is not true
    kAndElse,      ///< goes on at step `begin` if the value on top is not true, else pops it
    kOrElse,       ///< goes on at step `begin` if the value on top is true, else pops it
  };

  Op op;
  std::uint8_t count = 0;
  std::uint16_t slot = 0;
  std::uint32_t begin = 0;
  std::uint32_t length = 0;  ///< of a call that can fail: `LINE:COLUMN COMMAND` as Go tells it
};

/// A template as steps. No step jumps back, so each expansion ends. Values.
struct TemplateProgram {
  std::string text;                 ///< the template's own, then what its escapes resolve to
  std::vector<TemplateStep> steps;  ///< none: the text is plain
  std::uint16_t slots = 0;
};

}  // namespace fleet_edge::rules
