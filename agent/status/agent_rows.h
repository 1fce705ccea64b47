#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.h"
#include "uplink/outbox.h"
#include "uplink/outbox_window.h"
#include "uplink/row_source.h"
#include "uplink/store.h"

namespace fleet_edge::agent {

/// Reads what a running agent's outbox holds, by way of its control socket: alerts, then status,
/// then telemetry. The first page makes the agent commit what waits in memory.
///
/// What it sends or drops meanwhile may or may not be shown.
class AgentRows final : public uplink::RowSource {
 public:
  /// Asks the agent that holds `directory` for the first page. Errors: kRetry, none answers.
  static Result<std::unique_ptr<AgentRows>> Open(const std::string& directory);

  Result<bool> Next(uplink::Store::Row& row) override;
  std::uint64_t holes() const override { return 0; }

  /// Why what the agent has in memory is not shown: its disk takes no commit. Empty: it is.
  const std::string& unsettled() const { return unsettled_; }

 private:
  explicit AgentRows(std::string directory) : directory_(std::move(directory)) {}
  Result<void> Fetch(const uplink::OutboxWindow::Question& question);

  const std::string directory_;
  std::optional<uplink::OutboxWindow::Question> next_;  // nothing: all is read
  std::deque<uplink::Store::Row> rows_;
  std::string unsettled_;
};

/// The question that a line on the control socket asks; nothing when it is another line.
std::optional<uplink::OutboxWindow::Question> RowsQuestion(std::string_view line);

/// The answer to it: a fleet.v1.OutboxPage.
std::string RowsAnswer(const Result<uplink::Outbox::Page>& page);

}  // namespace fleet_edge::agent
