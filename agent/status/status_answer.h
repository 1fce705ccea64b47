#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/health/agent_view.h"
#include "agent/status/status_text.h"
#include "core/result.h"

namespace fleet_edge::agent {

/// What `fleet-edge status` asks a running agent. A value.
struct StatusQuestion {
  bool json = false;
  ScreenStyle screen{};  ///< of the text
};

/// What comes back. A value.
struct StatusAnswer {
  std::string status;  ///< as StatusName() has it: how bad it is
  std::string text;    ///< a screen, or one JSON object on a line
};

/// The line for AskAgent().
std::string RequestOf(const StatusQuestion& question);

/// Nothing when `request` is none of RequestOf().
std::optional<StatusQuestion> StatusQuestionOf(std::string_view request);

/// What the control socket sends.
std::string AnswerOf(const AgentView& view, const StatusQuestion& question);

/// Asks the agent that holds `directory`. Errors: kRetry when none answers, or an older one that
/// doesn't know the question.
Result<StatusAnswer> AskStatus(const std::string& directory, const StatusQuestion& question);

}  // namespace fleet_edge::agent
