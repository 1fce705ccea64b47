#include "agent/status/status_answer.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "agent/health/agent_view.h"
#include "agent/health/health.h"
#include "agent/status/control_socket.h"
#include "agent/status/status_text.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {

TEST_CASE("StatusAnswer: a question comes through as it was asked, within the screen's bounds") {
  CHECK(StatusQuestionOf(RequestOf({.json = true}))->json);
  const auto asked =
      StatusQuestionOf(RequestOf({.json = false, .screen = {.columns = 100, .color = true}}));
  REQUIRE(asked);
  CHECK(asked->screen.columns == 100);
  CHECK(asked->screen.color);
  CHECK(StatusQuestionOf("status plain 100000")->screen.columns == ScreenStyle::kMaxColumns);
  CHECK(StatusQuestionOf("status plain 0")->screen.columns == ScreenStyle::kMinColumns);
}

TEST_CASE("StatusAnswer: what is no question has no answer") {
  for (const char* const request : {"", "status", "status plain ", "status plain 80x",
                                    "status plain -1", "status json 80", "outbox status"}) {
    CAPTURE(request);
    CHECK_FALSE(StatusQuestionOf(request));
  }
}

TEST_CASE("StatusAnswer: an agent's answer says how bad it is, an older agent's is an error") {
  const TempFolder folder;
  bool knows = true;
  auto control = ControlSocket::Open(folder.Path(""), [&](std::string_view request) {
    const auto question = StatusQuestionOf(request);
    AgentView view{.vehicle = "tanker-17"};
    view.health = {{.id = "outbox_full", .severity = Severity::kCritical}};
    return knows && question ? AnswerOf(view, *question) : std::string("unknown request\n");
  });
  REQUIRE(control);
  const std::jthread server([&](const std::stop_token& stop) { (*control)->Run(stop); });
  const auto answer = AskStatus(folder.Path(""), {.json = true});
  REQUIRE(answer);
  CHECK(answer->status == "critical");
  CHECK(answer->text.starts_with(R"({"time":)"));
  knows = false;
  const auto none = AskStatus(folder.Path(""), {.json = true});
  REQUIRE_FALSE(none);
  CHECK(none.error().message.find("older") != std::string::npos);
}

}  // namespace fleet_edge::agent
