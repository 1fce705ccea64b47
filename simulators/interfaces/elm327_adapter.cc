#include "simulators/interfaces/elm327_adapter.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulators/interfaces/bus_frame.h"
#include "simulators/interfaces/obd_answer.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

constexpr std::size_t kLongestCommand = 32;
constexpr const char* kVersion = "ELM327 v1.4b";
constexpr const char* kNotUnderstood = "?";
constexpr const char* kDone = "OK";

/// `41 0D 32`.
std::string Hex(std::span<const std::uint8_t> bytes, bool spaces) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    std::array<char, 4> digits{};
    std::snprintf(digits.data(), digits.size(), spaces ? "%02X " : "%02X", unsigned{byte});
    text += digits.data();
  }
  return text;
}

/// Bytes of two digits each; a last single digit is the number of answers that are waited for.
std::vector<std::uint8_t> Bytes(std::string_view digits) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoul(std::string(digits.substr(at, 2)), nullptr, 16)));
  }
  return bytes;
}

bool IsHex(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isxdigit(c); });
}

}  // namespace

Elm327Adapter::Answer Elm327Adapter::Take(std::string_view bytes, const VehicleState& state) {
  Answer answer;
  for (const char byte : bytes) {
    if (byte == '\r') {
      Do(std::exchange(command_, {}), state, answer);
    } else if (command_.size() <= kLongestCommand &&
               std::isgraph(static_cast<unsigned char>(byte))) {
      command_ += static_cast<char>(std::toupper(static_cast<unsigned char>(byte)));
    }
  }
  return answer;
}

void Elm327Adapter::Do(std::string_view command, const VehicleState& state, Answer& answer) {
  if (echoes_) answer.text += Line(std::string(command));
  std::string said = kNotUnderstood;
  if (command.size() > kLongestCommand) {
    said = kNotUnderstood;
  } else if (command.starts_with("AT")) {
    said = Set(command.substr(2), state);
  } else if (IsHex(command)) {
    said = Ask(command, state, answer);
  }
  answer.text += Line(said) + Line("") + '>';
}

std::string Elm327Adapter::Set(std::string_view setting, const VehicleState& state) {
  if (setting == "Z" || setting == "WS" || setting == "D") {
    echoes_ = spaces_ = true;
    feeds_ = headers_ = searched_ = false;
    return setting == "D" ? kDone : Line("") + Line("") + kVersion;
  }
  if (setting == "I") return kVersion;
  if (setting == "@1") return "OBDII to RS232 Interpreter";
  if (setting == "RV") {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%.1fV", state.battery_volts);
    return text.data();
  }
  if (setting == "IGN") return state.ignition_on ? "ON" : "OFF";
  if (setting == "DP") return searched_ ? "AUTO, ISO 15765-4 (CAN 11/500)" : "AUTO";
  if (setting == "DPN") return searched_ ? "A6" : "A0";
  if (setting.starts_with("SP") || setting.starts_with("TP")) searched_ = false;
  return Switch(setting) ? kDone : kNotUnderstood;
}

bool Elm327Adapter::Switch(std::string_view setting) {
  const std::array<std::pair<char, bool*>, 4> switches{
      {{'E', &echoes_}, {'L', &feeds_}, {'S', &spaces_}, {'H', &headers_}}};
  for (const auto& [letter, value] : switches) {
    if (setting.size() != 2 || setting[0] != letter || (setting[1] != '0' && setting[1] != '1')) {
      continue;
    }
    *value = setting[1] == '1';
    return true;
  }
  // Taken, and without an effect here.
  constexpr std::array<std::string_view, 9> kTaken{"SP", "TP", "AT",  "ST", "AL",
                                                   "M0", "SH", "CAF", "PC"};
  return std::ranges::any_of(kTaken,
                             [&](std::string_view one) { return setting.starts_with(one); });
}

std::string Elm327Adapter::Ask(std::string_view digits, const VehicleState& state, Answer& answer) {
  if (!state.ignition_on) {
    return searched_ ? "NO DATA" : Line("SEARCHING...") + "UNABLE TO CONNECT";
  }
  ObdSaid said = AnswerObd(Bytes(digits), state);
  const std::string search = std::exchange(searched_, true) ? "" : Line("SEARCHING...");
  if (said.message.empty()) return search + "NO DATA";
  answer.values.insert(answer.values.end(), said.values.begin(), said.values.end());
  return search + TextOf(said.message);
}

/// Data sheet, "Multiline responses": with headers the frames as they are; without them, a long
/// message's length, then numbered lines.
std::string Elm327Adapter::TextOf(const std::vector<std::uint8_t>& message) const {
  constexpr std::size_t kSingle = 7;
  constexpr std::size_t kFirst = 6;
  const char* const space = spaces_ ? " " : "";
  std::string text;
  if (headers_) {
    for (const BusFrame& frame : EncodeIsoTp(message)) {
      const std::size_t single =
          frame.bytes[0] <= kSingle ? frame.bytes[0] + 1U : frame.bytes.size();
      if (!text.empty()) text = Line(text);
      text += std::string("7E8") + space + Hex(std::span(frame.bytes).first(single), spaces_);
    }
    return text;
  }
  if (message.size() <= kSingle) return Hex(message, spaces_);
  std::array<char, 24> head{};
  std::snprintf(head.data(), head.size(), "%03zX", message.size());
  text = head.data();
  std::size_t from = 0;
  for (unsigned line = 0; from < message.size(); ++line) {
    const std::size_t count = std::min(line == 0 ? kFirst : kSingle, message.size() - from);
    std::snprintf(head.data(), head.size(), "%X:", line & 0xFU);
    text = Line(text) + head.data() + space + Hex(std::span(message).subspan(from, count), spaces_);
    from += count;
  }
  return text;
}

}  // namespace fleet_edge::simulators
