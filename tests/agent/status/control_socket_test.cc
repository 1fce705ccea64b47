#include "agent/status/control_socket.h"

#include <doctest/doctest.h>

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {
namespace {

std::unique_ptr<ControlSocket> OpenIn(const std::string& directory) {
  auto socket = ControlSocket::Open(
      directory, [](std::string_view request) { return "you asked: " + std::string(request); });
  if (!socket) FAIL(socket.error().message);
  return std::move(*socket);
}

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

}  // namespace fleet_edge::agent
