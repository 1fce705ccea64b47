#include "drivers/obd/elm327_link.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/time.h"
#include "drivers/obd/elm327.h"
#include "drivers/obd/obd_link.h"
#include "drivers/obd/obd_pid.h"
#include "drivers/obd/obd_wait.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::seconds;

// More than all control units can say to one request: eight messages of 31 bytes, as frames with
// their headers. What says more is no adapter, or has the wrong baud rate.
constexpr std::size_t kMaxAnswer = 4096;

constexpr Duration kCommandLimit = seconds{2};
constexpr Duration kResetLimit = seconds{5};
// An adapter waits at most 1 s for an answer (command ST FF); a search tries ten buses, the slow
// ones with a wake-up of 2 s and more.
constexpr Duration kRequestLimit = seconds{5};
constexpr Duration kSearchLimit = seconds{30};

// An adapter that gets less than this doesn't work; one that tells less has nothing to measure
// with.
constexpr double kLeastVolts = 6;

constexpr std::string_view kReset = "ATZ";

/// One of the adapter's settings.
struct Setting {
  std::string_view command;
  bool required;  // else it may be refused, as some clones do
};

// Echo, line feeds and spaces off, headers on, adaptive timing, the bus is looked for. What the
// answers look like without the optional ones can be read, too.
constexpr std::array kSettings{
    Setting{"ATE0", true}, Setting{"ATL0", false},  Setting{"ATS0", false},
    Setting{"ATH1", true}, Setting{"ATAT1", false}, Setting{"ATSP0", true},
};

std::string Joined(std::span<const std::string> lines) {
  std::string all;
  for (const std::string& line : lines) all.append(all.empty() ? "" : " ").append(line);
  return all;
}

}  // namespace

Elm327Link::Elm327Link(FileDescriptor port, std::string name, const ObdWait& wait)
    : port_(std::move(port)), name_(std::move(name)), wait_(wait) {}

Result<std::unique_ptr<ObdLink>> Elm327Link::Open(FileDescriptor port, std::string name,
                                                  const ObdWait& wait) {
  auto link = std::unique_ptr<Elm327Link>(new Elm327Link(std::move(port), std::move(name), wait));
  if (const auto ready = link->SetUp(); !ready) return ready.error();
  return std::unique_ptr<ObdLink>(std::move(link));
}

Result<void> Elm327Link::SetUp() {
  // Twice: the first may only end a search that another program has begun.
  auto greeting = Tell(kReset, kResetLimit);
  if (!greeting) return greeting.error();
  if (greeting->empty() || !IsElm327Restart(greeting->back())) greeting = Tell(kReset, kResetLimit);
  if (!greeting) return greeting.error();
  for (const auto& [command, required] : kSettings) {
    const auto lines = Tell(command, kCommandLimit);
    if (!lines) return lines.error();
    const bool taken = !lines->empty() && lines->back() == "OK";
    if (!taken && required) {
      return Failed("answers '" + Joined(*lines) + "' to " + std::string(command) +
                    ". Is it an ELM327?");
    }
  }
  spdlog::debug("{}: {}", name_, Joined(*greeting));
  return {};
}

Result<ObdAnswer> Elm327Link::Ask(std::span<const std::uint8_t> pids, std::size_t /*units*/) {
  std::string command = ObdPidName(kObdService);
  for (const std::uint8_t pid : pids) command += ObdPidName(pid);
  const auto lines = Tell(command, found_ ? kRequestLimit : kSearchLimit);
  if (!lines) return lines.error();
  Elm327Answer said = ReadElm327Answer(*lines);
  if (said.outcome == Elm327Answer::Outcome::kRestarted) {
    return Failed("has started anew (" + said.said + ")");
  }
  if (said.outcome == Elm327Answer::Outcome::kRefused && pids.size() == 1) {
    return Failed("does not know the request " + command + ". Is it an ELM327?");
  }
  // Some start anew without a greeting, and then leave the headers out.
  const std::string bare = ObdPidName(kObdService + 0x40) + ObdPidName(pids[0]);
  const auto is_bare = [&](const std::string& line) { return line.starts_with(bare); };
  if (said.frames.empty() && std::ranges::any_of(*lines, is_bare)) {
    return Failed("has forgotten its settings");
  }
  ObdAnswer answer{.messages = {}, .why = std::move(said.said), .refused = std::move(said.refused)};
  for (Elm327Frame& frame : said.frames) {
    is_can_ = frame.is_can;
    if (frame.is_can) {
      // The adapter itself answers with flow control.
      (void)assembly_.Take(frame.sender, frame.data, wait_.now(), answer);
    } else {
      answer.messages.push_back({frame.sender, std::move(frame.data)});
    }
  }
  found_ = !answer.messages.empty();
  return answer;
}

Result<ObdSigns> Elm327Link::Look() {
  if (!has_volts_) return ObdSigns{};
  const auto lines = Tell("ATRV", kCommandLimit);
  if (!lines) return lines.error();
  if (std::ranges::any_of(*lines, IsElm327Restart)) {
    return Failed("has started anew (" + Joined(*lines) + ")");
  }
  ObdSigns signs;
  if (lines->empty()) return signs;
  signs.volts = ReadElm327Volts(lines->back());
  if (!signs.volts && lines->back() != "?") signs.refused.push_back(reason::kMalformed);
  // A line that is garbled says nothing of the next.
  if (lines->back() == "?" || signs.volts.value_or(kLeastVolts) < kLeastVolts) has_volts_ = false;
  if (!has_volts_) signs.volts.reset();
  return signs;
}

Result<std::vector<std::string>> Elm327Link::Tell(std::string_view command, Duration limit) {
  if (const auto drained = Drain(); !drained) return drained.error();
  if (const auto sent = Send(std::string(command) + "\r"); !sent) return sent.error();
  const BootTime deadline = wait_.now() + limit;
  for (;;) {
    const std::size_t end = received_.find(kElm327Prompt);
    if (end != std::string::npos) {
      auto lines = Elm327Lines(std::string_view(received_).substr(0, end), command);
      received_.erase(0, end + 1);
      return lines;
    }
    switch (wait_.For(port_.get(), deadline)) {
      case ObdWait::Outcome::kStopped:
        return Failed("stopped");
      case ObdWait::Outcome::kLate:
        return Failed("no answer to " + std::string(command) + " for " + ToString(limit) +
                      ". Has the adapter power, and is its baud rate right (38400, 9600, 115200)?");
      case ObdWait::Outcome::kReady:
        if (const auto received = Receive(); !received) return received.error();
    }
  }
}

Result<void> Elm327Link::Drain() {
  std::size_t before = 0;
  do {
    before = received_.size();
    if (const auto received = Receive(); !received) return received.error();
  } while (received_.size() > before);
  const auto lines = Elm327Lines(std::exchange(received_, {}), {});
  if (std::ranges::any_of(lines, IsElm327Restart)) {
    return Failed("has started anew (" + Joined(lines) + ")");
  }
  return {};
}

Result<void> Elm327Link::Send(std::string_view text) {
  ssize_t sent = ::send(port_.get(), text.data(), text.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno == ENOTSOCK) sent = ::write(port_.get(), text.data(), text.size());
  if (sent == static_cast<ssize_t>(text.size())) return {};
  return Failed(sent < 0 ? std::strerror(errno) : "takes no more commands");
}

Result<void> Elm327Link::Receive() {
  std::array<char, 512> bytes{};
  const ssize_t size = ::read(port_.get(), bytes.data(), bytes.size());
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  if (size <= 0) return Failed(size == 0 ? "unplugged" : std::strerror(errno));
  received_.append(bytes.data(), static_cast<std::size_t>(size));
  if (received_.size() > kMaxAnswer) {
    return Failed("sends without end. Is its baud rate right (38400, 9600, 115200)?");
  }
  return {};
}

Error Elm327Link::Failed(std::string_view why) const {
  return {Error::Code::kRetry, name_ + ": " + std::string(why)};
}

}  // namespace fleet_edge::drivers
