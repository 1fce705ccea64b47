#include "simulators/interfaces/pseudo_terminal.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/poll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>

#include "core/file_descriptor.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::simulators {
namespace {

constexpr int kPatienceMs = 5'000;
constexpr std::chrono::milliseconds kPatience{kPatienceMs};

/// What is there to read; `hung up` when nothing ever will be.
std::string ReadSome(const FileDescriptor& port) {
  pollfd event{.fd = port.get(), .events = POLLIN, .revents = 0};
  REQUIRE(::poll(&event, 1, kPatienceMs) == 1);
  std::array<char, 256> bytes{};
  const auto size = ::read(port.get(), bytes.data(), bytes.size());
  return size > 0 ? std::string(bytes.data(), static_cast<std::size_t>(size)) : "hung up";
}

FileDescriptor Open(const std::string& link) {
  return FileDescriptor(::open(link.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
}

}  // namespace

TEST_CASE("Pseudo-terminal: what is written on one side is read on the other, byte by byte") {
  const TempFolder folder;
  PseudoTerminal port((folder.path() / "can").string());
  port.Plug();
  CHECK_FALSE(port.attended());
  CHECK_FALSE(port.Write("nobody hears this\r"));

  const FileDescriptor reader = Open(port.link());
  REQUIRE(reader);
  CHECK(port.attended());
  CHECK(port.Write("T1\r\n\x03\x04"));
  CHECK(ReadSome(reader) == "T1\r\n\x03\x04");
  CHECK(port.Drain(kPatience));
  REQUIRE(::write(reader.get(), "C\r", 2) == 2);
  std::string heard;
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (heard.empty() && std::chrono::steady_clock::now() < until) heard = port.Read();
  CHECK(heard == "C\r");
}

TEST_CASE("Pseudo-terminal: unplugged it is gone by name and hangs up, and it comes back") {
  const TempFolder folder;
  PseudoTerminal port((folder.path() / "gnss").string());
  port.Plug();
  const FileDescriptor reader = Open(port.link());
  port.Unplug();
  CHECK_FALSE(std::filesystem::is_symlink(port.link()));
  CHECK(ReadSome(reader) == "hung up");
  CHECK_FALSE(port.attended());

  port.Plug();
  const FileDescriptor again = Open(port.link());
  CHECK(port.Write("$"));
  CHECK(ReadSome(again) == "$");
}

TEST_CASE("Pseudo-terminal: what nobody reads waits, 64 KiB of it and what the kernel keeps") {
  const TempFolder folder;
  PseudoTerminal port((folder.path() / "can").string());
  port.Plug();
  const FileDescriptor reader = Open(port.link());
  const std::string line(1'000, 'x');
  int taken = 0;
  while (taken < 10'000 && port.Write(line)) ++taken;
  CHECK(taken >= 65);
  CHECK(taken < 10'000);
  CHECK_FALSE(port.Drain(std::chrono::milliseconds{30}));
}

}  // namespace fleet_edge::simulators
