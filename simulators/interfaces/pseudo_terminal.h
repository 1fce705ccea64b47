#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/file_descriptor.h"

namespace fleet_edge::simulators {

/// A serial port without hardware: a pseudo-terminal under a name of its own. One thread.
class PseudoTerminal {
 public:
  /// `link`: the name, a symbolic link that is there while it is plugged in.
  explicit PseudoTerminal(std::string link) : link_(std::move(link)) {}
  ~PseudoTerminal() { Unplug(); }
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;

  const std::string& link() const { return link_; }

  /// Throws std::runtime_error when the kernel has no more of them, or the name can't be made.
  void Plug();

  /// Takes the name away and hangs up: who has it open reads the end.
  void Unplug();

  /// True while somebody has it open.
  bool attended() const;

  /// What has come in since the last call.
  std::string Read();

  /// Sends. What the kernel doesn't take yet waits, 64 KiB of it; then nothing of `bytes` is sent
  /// and the answer is false, as when nobody has it open.
  bool Write(std::string_view bytes);

  /// Waits until all that was sent has been read. False when it was not within `patience`.
  bool Drain(std::chrono::milliseconds patience);

 private:
  bool Push();
  bool Unread() const;

  const std::string link_;
  FileDescriptor master_;
  std::string name_;     // of the other end, such as /dev/pts/3
  std::string waiting_;  // for the kernel to take it
};

}  // namespace fleet_edge::simulators
