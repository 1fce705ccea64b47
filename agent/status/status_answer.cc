#include "agent/status/status_answer.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "agent/health/agent_view.h"
#include "agent/health/health.h"
#include "agent/status/control_socket.h"
#include "agent/status/status_text.h"
#include "agent/status/view_json.h"
#include "core/result.h"

namespace fleet_edge::agent {
namespace {

// `status json`, `status plain 80`, `status color 80`
constexpr std::string_view kJson = "status json";
constexpr std::string_view kPlain = "status plain ";
constexpr std::string_view kColor = "status color ";

}  // namespace

std::string RequestOf(const StatusQuestion& question) {
  if (question.json) return std::string(kJson);
  return std::string(question.screen.color ? kColor : kPlain) +
         std::to_string(question.screen.columns);
}

std::optional<StatusQuestion> StatusQuestionOf(std::string_view request) {
  if (request == kJson) return StatusQuestion{.json = true};
  const bool color = request.starts_with(kColor);
  if (!color && !request.starts_with(kPlain)) return std::nullopt;
  request.remove_prefix(color ? kColor.size() : kPlain.size());
  std::size_t columns = 0;
  const char* const end = request.data() + request.size();
  const auto [rest, error] = std::from_chars(request.data(), end, columns);
  if (error != std::errc{} || rest != end) return std::nullopt;
  columns = std::clamp(columns, ScreenStyle::kMinColumns, ScreenStyle::kMaxColumns);
  return StatusQuestion{.screen = {.columns = columns, .color = color}};
}

std::string AnswerOf(const AgentView& view, const StatusQuestion& question) {
  const std::string text =
      question.json ? ViewJson(view).Text() + "\n" : StatusText(view, question.screen);
  return std::string(StatusName(view.health)) + "\n" + text;
}

Result<StatusAnswer> AskStatus(const std::string& directory, const StatusQuestion& question) {
  auto answer = AskAgent(directory, RequestOf(question));
  if (!answer) return answer.error();
  const std::size_t end = answer->find('\n');
  if (end + 1 >= answer->size()) {
    return Error{Error::Code::kRetry,
                 directory +
                     ": the agent that runs is older than this command and doesn't know "
                     "the question; restart it"};
  }
  return StatusAnswer{.status = answer->substr(0, end), .text = answer->substr(end + 1)};
}

}  // namespace fleet_edge::agent
