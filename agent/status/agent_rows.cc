#include "agent/status/agent_rows.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "agent/status/control_socket.h"
#include "core/result.h"
#include "core/time.h"
#include "fleet/v1/control.pb.h"
#include "uplink/batch.h"
#include "uplink/outbox.h"
#include "uplink/outbox_window.h"
#include "uplink/store.h"

namespace fleet_edge::agent {
namespace {

using uplink::OutboxWindow;
using uplink::Store;

// outbox rows LANE AFTER SETTLE
constexpr const char* kAsk = "outbox rows ";

std::string LineOf(const OutboxWindow::Question& question) {
  return kAsk + std::to_string(static_cast<unsigned>(question.lane)) + " " +
         std::to_string(question.after) + " " + std::to_string(int{question.settle});
}

Store::Row RowFrom(fleet::v1::OutboxPage::Row& message, uplink::Lane lane) {
  Store::Row row{.id = message.id(), .batch = {}, .intact = !message.damaged()};
  row.batch.id = {.lane = lane, .epoch = message.epoch(), .seq = message.seq()};
  row.batch.count = message.count();
  row.batch.time = UtcTime{Duration{message.utc_us()}};
  row.batch.body = std::move(*message.mutable_body());
  return row;
}

/// The place behind `page`; nothing behind the last lane.
std::optional<OutboxWindow::Question> Behind(const OutboxWindow::Question& asked,
                                             const fleet::v1::OutboxPage& page) {
  if (!page.last()) return OutboxWindow::Question{.lane = asked.lane, .after = page.next()};
  const std::size_t lane = static_cast<std::size_t>(asked.lane) + 1;
  if (lane == uplink::kLanes.size()) return std::nullopt;
  return OutboxWindow::Question{.lane = uplink::kLanes.at(lane)};
}

}  // namespace

Result<std::unique_ptr<AgentRows>> AgentRows::Open(const std::string& directory) {
  std::unique_ptr<AgentRows> rows(new AgentRows(directory));
  if (auto fetched = rows->Fetch({.settle = true}); !fetched) return fetched.error();
  return rows;
}

Result<void> AgentRows::Fetch(const OutboxWindow::Question& question) {
  const auto answer = AskAgent(directory_, LineOf(question));
  if (!answer) return answer.error();
  fleet::v1::OutboxPage page;
  if (!page.ParseFromString(*answer)) {
    return Error{Error::Code::kDrop,
                 directory_ + ": the agent's answer can't be read: is it of another version?"};
  }
  if (!page.error().empty()) return Error{Error::Code::kDrop, page.error()};
  if (!page.last() && page.next() <= question.after) {
    return Error{Error::Code::kDrop, directory_ + ": the agent's answer was cut short: ask again"};
  }
  if (!page.unsettled().empty()) unsettled_ = page.unsettled();
  for (auto& row : *page.mutable_rows()) rows_.push_back(RowFrom(row, question.lane));
  next_ = Behind(question, page);
  return {};
}

Result<bool> AgentRows::Next(Store::Row& row) {
  while (rows_.empty()) {
    if (!next_) return false;
    if (auto fetched = Fetch(*next_); !fetched) return fetched.error();
  }
  row = std::move(rows_.front());
  rows_.pop_front();
  return true;
}

std::optional<OutboxWindow::Question> RowsQuestion(std::string_view line) {
  if (!line.starts_with(kAsk)) return std::nullopt;
  std::istringstream words{std::string(line.substr(std::string_view(kAsk).size()))};
  std::size_t lane = 0;
  uplink::RowId after = 0;
  bool settle = false;
  if (!(words >> lane >> after >> settle) || lane >= uplink::kLanes.size()) return std::nullopt;
  return OutboxWindow::Question{.lane = uplink::kLanes.at(lane), .after = after, .settle = settle};
}

std::string RowsAnswer(const Result<uplink::Outbox::Page>& page) {
  fleet::v1::OutboxPage message;
  if (!page) {
    message.set_error(page.error().message);
    return message.SerializeAsString();
  }
  for (const Store::Row& row : page->rows) {
    auto& to = *message.add_rows();
    to.set_id(row.id);
    to.set_epoch(row.batch.id.epoch);
    to.set_seq(row.batch.id.seq);
    to.set_count(row.batch.count);
    to.set_utc_us(row.batch.time.time_since_epoch().count());
    to.set_body(row.batch.body);
    to.set_damaged(!row.intact);
  }
  message.set_unsettled(page->unsettled);
  message.set_next(page->next);
  message.set_last(page->next == 0);
  return message.SerializeAsString();
}

}  // namespace fleet_edge::agent
