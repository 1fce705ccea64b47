#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/file_descriptor.h"
#include "core/time.h"

namespace fleet_edge::agent {

/// One client of the HttpServer, from its request to its goodbye. Nothing here waits: the server
/// polls.
///
/// Owned by HttpServer, on its thread.
class HttpConnection {
 public:
  /// The events that are due (`event: alert\ndata: {…}\n\n`), or nothing.
  using Events = std::function<std::string()>;

  // A client that hasn't sent its whole request by then, or hasn't taken the whole answer, or takes
  // nothing of a stream, is dropped, however it drips.
  static constexpr Duration kRequestWithin = std::chrono::seconds{5};
  static constexpr Duration kTakeWithin = std::chrono::seconds{10};
  /// After the answer; closing at once could take it away from a client that still sends.
  static constexpr Duration kLeaveWithin = std::chrono::seconds{1};
  static constexpr Duration kEventsEvery = std::chrono::milliseconds{250};
  /// A stream without news sends a comment, so that a client that is gone is noticed.
  static constexpr Duration kBeatEvery = std::chrono::seconds{15};

  /// `socket` doesn't block.
  HttpConnection(FileDescriptor socket, BootTime now)
      : socket_(std::move(socket)), deadline_(now + kRequestWithin) {}

  int fd() const { return socket_.get(); }
  short wanted() const;  ///< of poll(2)
  bool over(BootTime now) const { return state_ == State::kOver || now >= deadline_; }
  bool streams() const { return state_ == State::kStreaming; }

  /// Takes what the client has sent. Returns the request's head once it is whole, or what there is
  /// of it when it has grown beyond kMaxHttpHead; then an answer is due.
  std::optional<std::string> Read();

  /// Answers, then says goodbye.
  void Send(std::string answer, BootTime now);

  /// Answers with `head`, then with what `events` tells until the client goes.
  void Stream(std::string head, Events events, BootTime now);

  /// Asks for events where some may be due, and hands the client what it takes.
  void Write(BootTime now);

 private:
  enum class State : std::uint8_t { kReading, kAnswering, kStreaming, kLeaving, kOver };

  void Feed(BootTime now);

  FileDescriptor socket_;
  State state_ = State::kReading;
  std::string in_;
  std::string out_;
  std::size_t sent_ = 0;  // of out_
  Events events_;
  BootTime next_events_;
  BootTime next_beat_;
  BootTime deadline_;
};

}  // namespace fleet_edge::agent
