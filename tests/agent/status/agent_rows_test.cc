#include "agent/status/agent_rows.h"

#include <doctest/doctest.h>

#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "agent/status/control_socket.h"
#include "core/result.h"
#include "core/time.h"
#include "tests/support/temp_folder.h"
#include "uplink/batch.h"
#include "uplink/outbox.h"
#include "uplink/outbox_window.h"
#include "uplink/store.h"

namespace fleet_edge::agent {
namespace {

using uplink::Lane;
using uplink::Outbox;
using uplink::Store;

Store::Row Row(uplink::RowId id, Lane lane) {
  Store::Row row{.id = id, .batch = {}, .intact = id != 3};
  row.batch.id = {.lane = lane, .epoch = 1ULL << 63U, .seq = 10};
  row.batch.count = 5;
  row.batch.time = UtcTime{Duration{-1}};
  row.batch.body = std::string("\0body", 5);
  return row;
}

/// Two telemetry rows a page; ten of them, no alert, one status event.
Result<Outbox::Page> PageOf(const uplink::OutboxWindow::Question& asked) {
  Outbox::Page page;
  if (asked.lane == Lane::kStatus && asked.after == 0) page = {{Row(100, Lane::kStatus)}, 100};
  if (asked.lane == Lane::kTelemetry && asked.after < 10) {
    page = {{Row(asked.after + 1, Lane::kTelemetry), Row(asked.after + 2, Lane::kTelemetry)},
            asked.after + 2};
  }
  return page;
}

}  // namespace

TEST_CASE("AgentRows: all lanes come page by page, as they were stored") {
  const TempFolder folder;
  std::vector<bool> settled;
  const auto socket = ControlSocket::Open(folder.path(), [&](std::string_view line) {
    const auto question = RowsQuestion(line);
    REQUIRE(question);
    settled.push_back(question->settle);
    return RowsAnswer(PageOf(*question));
  });
  REQUIRE(socket);
  std::vector<Store::Row> rows;
  {
    const std::jthread server([&](const std::stop_token& stop) { (*socket)->Run(stop); });
    const auto source = AgentRows::Open(folder.path());
    REQUIRE(source);
    Store::Row row;
    while (*(*source)->Next(row)) rows.push_back(row);
  }
  REQUIRE(rows.size() == 11);
  CHECK(rows.front().id == 100);
  CHECK(rows.front().batch.id == Row(100, Lane::kStatus).batch.id);
  CHECK(rows.back().id == 10);
  CHECK(rows.back().batch.time == UtcTime{Duration{-1}});
  CHECK(rows.back().batch.count == 5);
  CHECK(rows.back().batch.body == std::string("\0body", 5));
  CHECK_FALSE(rows.at(3).intact);
  CHECK(settled == std::vector<bool>{true, false, false, false, false, false, false, false, false});
}

TEST_CASE("AgentRows: a page that was cut short is an error, not the same rows for ever") {
  const TempFolder folder;
  const auto socket = ControlSocket::Open(folder.path(), [&](std::string_view) {
    const std::string page = RowsAnswer(Outbox::Page{{Row(1, Lane::kAlert)}, 1});
    return page.substr(0, page.size() - 2);  // without `next`, as an agent that dies leaves it
  });
  REQUIRE(socket);
  const std::jthread server([&](const std::stop_token& stop) { (*socket)->Run(stop); });
  const auto source = AgentRows::Open(folder.path());
  REQUIRE_FALSE(source);
  CHECK(source.error().message.find("cut short") != std::string::npos);
}

TEST_CASE("AgentRows: an agent that can't answer says why") {
  const TempFolder folder;
  CHECK(AgentRows::Open(folder.path()).error().code == Error::Code::kRetry);
  const auto socket = ControlSocket::Open(folder.path(), [](std::string_view) {
    return RowsAnswer(Error{Error::Code::kRetry, "the disk is full"});
  });
  REQUIRE(socket);
  const std::jthread server([&](const std::stop_token& stop) { (*socket)->Run(stop); });
  const auto source = AgentRows::Open(folder.path());
  REQUIRE_FALSE(source);
  CHECK(source.error().code == Error::Code::kDrop);
  CHECK(source.error().message == "the disk is full");
}

TEST_CASE("RowsQuestion: any other line is not one") {
  for (const char* const line :
       {"", "outbox status", "outbox rows", "outbox rows 0", "outbox rows 3 0 0",
        "outbox rows -1 0 0", "outbox rows 0 99999999999999999999 0", "outbox rows 0 0 x"}) {
    CAPTURE(line);
    CHECK_FALSE(RowsQuestion(line));
  }
}

}  // namespace fleet_edge::agent
