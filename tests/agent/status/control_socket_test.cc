#include "agent/status/control_socket.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <future>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "core/file_descriptor.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {
namespace {

std::unique_ptr<ControlSocket> OpenIn(const std::string& directory) {
  auto socket = ControlSocket::Open(
      directory, [](std::string_view request) { return "you asked: " + std::string(request); });
  if (!socket) FAIL(socket.error().message);
  return std::move(*socket);
}

/// A client that asks and takes 80 kB a second of the answer, until it is destroyed or sees the
/// end.
class Dripper {
 public:
  explicit Dripper(const std::string& directory)
      : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof(address.sun_path), "%s/outbox.sock", directory.c_str());
    REQUIRE(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address),
                      sizeof(address)) == 0);
    REQUIRE(::send(socket_.get(), "q\n", 2, MSG_NOSIGNAL) == 2);
    thread_ = std::jthread([this](const std::stop_token& stop) { Drip(stop); });
  }

  /// Returns once some of the answer has come.
  void AwaitBegin() { begun_.get_future().wait(); }

 private:
  void Drip(const std::stop_token& stop) {
    std::mutex mutex;  // of the wait alone: nothing is shared
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    std::array<char, 4096> bytes{};
    bool begun = false;
    while (!stop.stop_requested() && ::recv(socket_.get(), bytes.data(), bytes.size(), 0) > 0) {
      if (!std::exchange(begun, true)) begun_.set_value();
      never.wait_for(lock, stop, std::chrono::milliseconds{50}, [] { return false; });
    }
  }

  const FileDescriptor socket_;
  std::promise<void> begun_;
  std::jthread thread_;
};

constexpr std::size_t kLongAnswer = 10'000'000;  // bytes: two minutes for a Dripper

}  // namespace

TEST_CASE(
    "ControlSocket: whoever asks is answered, one after another, in a folder with a long name") {
  const TempFolder folder;
  folder.Write(std::string(150, 'd') + "/a", "");  // longer than a socket's address
  const std::string directory = folder.Path(std::string(150, 'd'));
  const auto socket = OpenIn(directory);
  const std::jthread server([&](const std::stop_token& stop) { socket->Run(stop); });
  for (const char* const question : {"one", "two"}) {
    const auto answer = AskAgent(directory, question);
    REQUIRE(answer);
    CHECK(*answer == std::string("you asked: ") + question);
  }
}

TEST_CASE("ControlSocket: a long answer arrives whole; a question without end is given up") {
  const TempFolder folder;
  auto socket = ControlSocket::Open(folder.path(), [](std::string_view request) {
    return std::string(1'000'000, 'a') + std::string(request);
  });
  REQUIRE(socket);
  const std::jthread server([&](const std::stop_token& stop) { (*socket)->Run(stop); });
  CHECK_FALSE(AskAgent(folder.path(), std::string(1'000'000, 'q')));
  const auto answer = AskAgent(folder.path(), "q");
  REQUIRE(answer);
  CHECK(answer->size() == 1'000'001);
}

TEST_CASE(
    "ControlSocket: where nobody listens an answer is an error; a dead agent's socket is in "
    "nobody's way") {
  const TempFolder folder;
  const std::string directory = folder.path();
  CHECK_FALSE(AskAgent(directory, "anyone"));
  OpenIn(directory).reset();
  CHECK_FALSE(AskAgent(directory, "anyone"));
  folder.Write("outbox.sock", "left behind");
  CHECK_FALSE(AskAgent(directory, "anyone"));
  const auto socket = OpenIn(directory);
  const std::jthread server([&](const std::stop_token& stop) { socket->Run(stop); });
  CHECK(AskAgent(directory, "anyone"));
}

TEST_CASE("ControlSocket: who takes its answer drop by drop holds up neither the next nor a stop") {
  const TempFolder folder;
  auto socket = ControlSocket::Open(folder.path(), [](std::string_view request) {
    return request == "q" ? std::string(kLongAnswer, 'a') : std::string(request);
  });
  REQUIRE(socket);
  std::jthread server([&](const std::stop_token& stop) { (*socket)->Run(stop); });
  const auto begin = std::chrono::steady_clock::now();
  Dripper first(folder.path());
  first.AwaitBegin();
  while (!AskAgent(folder.path(), "next")) {
    REQUIRE(std::chrono::steady_clock::now() - begin < std::chrono::seconds{30});
  }
  Dripper second(folder.path());
  second.AwaitBegin();
  server = {};
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{30});
}

TEST_CASE("ControlSocket: an agent that hangs up without a word is told as such") {
  const TempFolder folder;
  auto socket = ControlSocket::Open(folder.path(), [](std::string_view) { return std::string(); });
  REQUIRE(socket);
  const std::jthread server([&](const std::stop_token& stop) { (*socket)->Run(stop); });
  const auto answer = AskAgent(folder.path(), "q");
  REQUIRE_FALSE(answer);
  CHECK(answer.error().message.ends_with("the agent doesn't answer: it hung up"));
}

}  // namespace fleet_edge::agent
