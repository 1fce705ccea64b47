#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "agent/cli/commands.h"
#include "agent/config/rule_files.h"
#include "agent/init/box_scan.h"
#include "agent/init/first_config.h"
#include "core/file_descriptor.h"

namespace fleet_edge::agent {
namespace {

using init::Source;

constexpr const char* kExampleHub = "hub.example:9092";

std::string HostName() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "vehicle-1";
}

/// Asks on the terminal; an empty answer, or the end of the input, is `usual`.
std::string Ask(const std::string& question, const std::string& usual) {
  std::fprintf(stderr, "%s [%s]: ", question.c_str(), usual.c_str());
  std::string line;
  if (!std::getline(std::cin, line)) std::fputc('\n', stderr);
  return line.empty() ? usual : line;
}

/// Found sources, those that are wanted.
std::vector<Source> Choose(const std::vector<Source>& found, bool asks) {
  std::vector<Source> chosen;
  for (const Source& source : found) {
    const std::string text = source.kind + " " + source.place + ": " + source.why;
    if (asks) {
      const std::string answer = Ask("Read " + text + "?", "yes");
      if (answer.starts_with('n') || answer.starts_with('N')) continue;
    } else {
      std::fprintf(stderr, "found %s\n", text.c_str());
    }
    chosen.push_back(source);
  }
  return chosen;
}

/// False when it can't be written; says why.
bool Write(const InitArguments& arguments, const std::string& text) {
  const int mode = arguments.force ? O_TRUNC : O_EXCL;
  // Passwords may be put into it.
  const FileDescriptor file(
      ::open(arguments.out.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | mode, 0640));
  const ssize_t size = file ? ::write(file.get(), text.data(), text.size()) : -1;
  if (size == static_cast<ssize_t>(text.size())) return true;
  if (size >= 0) errno = ENOSPC;  // a write that is cut short tells no reason
  if (errno == EEXIST) {
    std::fprintf(stderr, "%s is there already. Name another with -o, or add --force\n",
                 arguments.out.c_str());
  } else {
    std::fprintf(stderr, "%s can't be written: %s. Run it with sudo, or name another with -o\n",
                 arguments.out.c_str(), std::strerror(errno));
  }
  return false;
}

}  // namespace

int Init(const InitArguments& arguments) {
  const bool asks = !arguments.yes && ::isatty(STDIN_FILENO) == 1;
  if (!arguments.force && ::access(arguments.out.c_str(), F_OK) == 0) {
    errno = EEXIST;
    std::fprintf(stderr, "%s is there already. Name another with -o, or add --force\n",
                 arguments.out.c_str());
    return kExitFailure;
  }
  if (!asks && arguments.hub.empty()) {
    std::fputs("Nobody to ask for the hub's address: add --hub HOST:PORT\n", stderr);
    return kExitUsage;
  }
  init::Answers answers{.vehicle = arguments.vehicle, .hub = arguments.hub};
  for (const std::string& text : arguments.drivers) {
    const auto source = init::ParseSource(text);
    if (!source) {
      std::fprintf(stderr,
                   "--driver %s: write nmea:DEVICE, can:INTERFACE, mqtt:HOST:PORT, gpsd or "
                   "w1:ID\n",
                   text.c_str());
      return kExitUsage;
    }
    answers.sources.push_back(*source);
  }
  if (answers.vehicle.empty()) {
    answers.vehicle = asks ? Ask("The vehicle's name", HostName()) : HostName();
  }
  if (answers.hub.empty()) answers.hub = Ask("The hub, host:port", kExampleHub);
  if (answers.sources.empty()) {
    std::fputs("Looking for devices, a few seconds for each serial port …\n", stderr);
    const init::BoxScan scan = init::ScanBox(arguments.root);
    answers.sources = Choose(scan.sources, asks);
    answers.silent_ports = scan.silent_ports;
  }
  const std::filesystem::path folder = std::filesystem::path(arguments.out).parent_path();
  answers.has_rules = !ExpandGlob((folder / "rules/*.yaml").string()).empty();
  if (!Write(arguments, init::FirstConfig(answers))) return kExitFailure;
  std::printf("%s\n", arguments.out.c_str());
  std::fflush(stdout);
  const int checked = Check({.config = arguments.out, .rules = {}});
  std::fprintf(stderr, "Next: look it over, then `fleet-edge doctor -c %s`\n",
               arguments.out.c_str());
  return checked;
}

}  // namespace fleet_edge::agent
