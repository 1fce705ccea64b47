#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fleet_edge::drivers {

/// What an ELM327 adapter says, and the many that behave like one. Pure: text in, values out.
/// Source: ELM Electronics, ELM327 data sheet (ELM327DSL), with spaces and line feeds off and
/// headers on.

/// Ends what the adapter says: it waits for a command.
inline constexpr char kElm327Prompt = '>';

/// A message of a control unit on a line of its own.
struct Elm327Frame {
  std::uint32_t sender = 0;  ///< CAN: the identifier; other buses: the sender's address
  bool is_can = false;       ///< `data` is a CAN frame's, as ISO 15765-2 has it; else a message
  std::vector<std::uint8_t> data{};  ///< CAN: at most 8 bytes; other buses: at most 255
};

/// The answer to a request.
struct Elm327Answer {
  enum class Outcome : std::uint8_t {
    kAnswered,
    kSilent,     ///< the vehicle doesn't answer; `said` tells how the adapter puts it
    kRefused,    ///< `?`: the adapter doesn't know the command
    kRestarted,  ///< the adapter has started anew, and forgotten how it was set up
  };

  Outcome outcome = Outcome::kAnswered;
  std::string said;
  std::vector<Elm327Frame> frames;
  std::vector<std::string_view> refused;  ///< reasons of drivers/rejections.h, one a line
};

/// The lines of `text`, which is all that came before the prompt: without spaces, the bytes that
/// can't be, empty lines, and the echo of `command`.
std::vector<std::string> Elm327Lines(std::string_view text, std::string_view command);

Elm327Answer ReadElm327Answer(std::span<const std::string> lines);

/// True for the greeting of a start (`ELM327 v1.5`), a low supply (`LV RESET`) and a failure of the
/// adapter's own (`ERR94`), spaces left out.
bool IsElm327Restart(std::string_view line);

/// The supply's voltage, as the command RV tells it: `12.6V`. Nothing when it is none.
std::optional<double> ReadElm327Volts(std::string_view line);

}  // namespace fleet_edge::drivers
