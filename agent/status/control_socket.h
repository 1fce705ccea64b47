#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/stop_event.h"

namespace fleet_edge::agent {

/// Answers other processes of this machine, on the Unix socket `outbox.sock` in the outbox's
/// directory; who may enter the directory may ask.
///
/// A client sends one line and reads the answer to its end. One client at a time: it has a second
/// to ask and three to take the answer, which ends short of that where it doesn't; the others wait
/// in the kernel's queue. Run() is called once, on a thread of its own; at a stop it waits for no
/// client.
class ControlSocket {
 public:
  /// Called on the thread of Run(), with the line that was sent.
  using Answer = std::function<std::string(std::string_view request)>;

  /// Precondition: this process holds the directory's lock; a socket that is there is a dead
  /// agent's. Errors: kRetry, with the path and the reason.
  static Result<std::unique_ptr<ControlSocket>> Open(const std::string& directory, Answer answer);

  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  void Run(const std::stop_token& stop);

 private:
  ControlSocket(FileDescriptor listener, std::string directory, Answer answer);
  void Serve(int client, const StopEvent& stopped) const;

  const FileDescriptor listener_;
  const std::string directory_;
  const Answer answer_;
};

/// Asks the agent that holds `directory`. Errors: kRetry when none answers.
Result<std::string> AskAgent(const std::string& directory, std::string_view request);

}  // namespace fleet_edge::agent
