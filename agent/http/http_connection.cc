#include "agent/http/http_connection.h"

#include <sys/poll.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "agent/http/http_message.h"
#include "core/time.h"

namespace fleet_edge::agent {

short HttpConnection::wanted() const {
  const bool pending = sent_ < out_.size();
  if (state_ == State::kAnswering) return POLLOUT;
  return static_cast<short>(pending ? POLLIN | POLLOUT : POLLIN);
}

std::optional<std::string> HttpConnection::Read() {
  std::array<char, 4096> bytes{};
  const ssize_t size = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
  if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) state_ = State::kOver;
  if (size <= 0 || state_ != State::kReading) return std::nullopt;
  in_.append(bytes.data(), static_cast<std::size_t>(size));
  const auto end = in_.find("\r\n\r\n");
  if (end == std::string::npos && in_.size() <= kMaxHttpHead) return std::nullopt;
  std::string head = in_.substr(0, end == std::string::npos ? end : end + 4);
  in_ = {};
  return head;
}

void HttpConnection::Send(std::string answer, BootTime now) {
  state_ = State::kAnswering;
  out_ = std::move(answer);
  deadline_ = now + kTakeWithin;
  Write(now);
}

void HttpConnection::Stream(std::string head, Events events, BootTime now) {
  state_ = State::kStreaming;
  out_ = std::move(head);
  events_ = std::move(events);
  next_events_ = now;
  next_beat_ = now + kBeatEvery;
  deadline_ = now + kTakeWithin;
  Write(now);
}

void HttpConnection::Feed(BootTime now) {
  if (sent_ < out_.size() || now < next_events_) return;
  next_events_ = now + kEventsEvery;
  deadline_ = now + kTakeWithin;  // nothing is owed: the client may wait for as long as it likes
  out_ = events_();
  sent_ = 0;
  if (out_.empty() && now >= next_beat_) out_ = ":\n\n";
  if (!out_.empty()) next_beat_ = now + kBeatEvery;
}

void HttpConnection::Write(BootTime now) {
  if (state_ == State::kStreaming) Feed(now);
  if (sent_ < out_.size()) {
    const ssize_t size =
        ::send(socket_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (size < 0 && errno != EAGAIN && errno != EINTR) state_ = State::kOver;
    if (size <= 0) return;
    sent_ += static_cast<std::size_t>(size);
    if (state_ == State::kStreaming) deadline_ = now + kTakeWithin;
  }
  if (state_ != State::kAnswering || sent_ < out_.size()) return;
  ::shutdown(socket_.get(), SHUT_WR);
  out_ = {};
  sent_ = 0;
  state_ = State::kLeaving;
  deadline_ = now + kLeaveWithin;
}

}  // namespace fleet_edge::agent
