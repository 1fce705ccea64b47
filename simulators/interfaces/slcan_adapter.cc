#include "simulators/interfaces/slcan_adapter.h"

#include <array>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

#include "simulators/interfaces/bus_frame.h"

namespace fleet_edge::simulators {
namespace {

constexpr std::size_t kLongestCommand = 32;
constexpr char kDone = '\r';
constexpr char kRefused = '\a';

}  // namespace

std::string SlcanAdapter::Take(std::string_view bytes) {
  std::string answers;
  for (const char byte : bytes) {
    if (byte != kDone) {
      if (command_.size() <= kLongestCommand) command_ += byte;
      continue;
    }
    std::string answer;
    const bool done = command_.size() <= kLongestCommand && Do(command_, answer);
    if (done) answers += answer;
    answers += done ? kDone : kRefused;
    command_.clear();
  }
  return answers;
}

bool SlcanAdapter::Do(std::string_view command, std::string& answer) {
  if (command.empty()) return true;
  const std::string_view argument = command.substr(1);
  switch (command.front()) {
    case 'S':  // a rate, S0 to S8, while closed
      if (open() || argument.size() != 1 || argument[0] < '0' || argument[0] > '8') return false;
      return has_rate_ = true;
    case 'O':
    case 'L':
      if (open() || !has_rate_) return false;
      mode_ = command.front() == 'O' ? Mode::kOpen : Mode::kListening;
      return true;
    case 'C':
      if (!open()) return false;
      mode_ = Mode::kClosed;
      return true;
    case 'V':
      answer = "V1013";
      return true;
    case 'N':
      answer = "NA123";
      return true;
    case 'F':  // the state of the bus: no error
      answer = "F00";
      return open();
    case 'Z':  // time stamps: only off
      return !open() && argument == "0";
    default:
      return Transmit(command, answer);
  }
}

bool SlcanAdapter::Transmit(std::string_view command, std::string& answer) const {
  if (mode_ != Mode::kOpen) return false;
  const bool extended = command.front() == 'T' || command.front() == 'R';
  if (!extended && command.front() != 't' && command.front() != 'r') return false;
  answer = extended ? "Z" : "z";
  return true;
}

std::string SlcanAdapter::LineOf(const BusFrame& frame) {
  std::array<char, 12> head{};
  std::snprintf(head.data(), head.size(), frame.extended ? "T%08X%u" : "t%03X%u", frame.id,
                unsigned{frame.length});
  std::string line = head.data();
  for (std::size_t i = 0; i < frame.length; ++i) {
    std::array<char, 3> byte{};
    std::snprintf(byte.data(), byte.size(), "%02X", unsigned{frame.bytes.at(i)});
    line += byte.data();
  }
  return line + kDone;
}

}  // namespace fleet_edge::simulators
