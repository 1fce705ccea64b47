#pragma once

#include <doctest/doctest.h>
#include <pty.h>
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/file_descriptor.h"

namespace fleet_edge::drivers {

/// `$body*checksum` and a line end.
inline std::string NmeaLine(std::string_view body) {
  unsigned sum = 0;
  for (const char c : body) sum ^= static_cast<unsigned char>(c);
  std::array<char, 4> hex{};
  std::snprintf(hex.data(), hex.size(), "*%02X", sum);
  return "$" + std::string(body) + hex.data() + "\r\n";
}

/// A GNSS receiver on a pseudo-terminal, whose port is a symbolic link as udev makes them.
class GnssReceiver {
 public:
  explicit GnssReceiver(std::string port) : port_(std::move(port)) { Plug(); }
  GnssReceiver(const GnssReceiver&) = delete;
  GnssReceiver& operator=(const GnssReceiver&) = delete;
  ~GnssReceiver() { std::filesystem::remove(port_); }

  const std::string& port() const { return port_; }

  void Plug() {
    int ours = -1;
    int theirs = -1;
    std::array<char, 64> name{};
    REQUIRE(::openpty(&ours, &theirs, name.data(), nullptr, nullptr) == 0);
    termios raw{};
    ::cfmakeraw(&raw);
    raw.c_cflag |= CLOCAL | CREAD;
    REQUIRE(::tcsetattr(theirs, TCSANOW, &raw) == 0);
    ours_ = FileDescriptor(ours);
    theirs_ = FileDescriptor(theirs);
    std::filesystem::remove(port_);
    std::filesystem::create_symlink(name.data(), port_);
  }

  void Unplug() {
    std::filesystem::remove(port_);
    ours_ = FileDescriptor();
    theirs_ = FileDescriptor();
  }

  void Send(std::string_view bytes) const {
    CHECK(::write(ours_.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  }

 private:
  const std::string port_;
  FileDescriptor ours_;
  FileDescriptor theirs_;  // held, so that what is sent before the driver opens it is kept
};

}  // namespace fleet_edge::drivers
