#include "uplink/outbox_window.h"

#include <future>
#include <mutex>
#include <optional>
#include <utility>

#include "core/result.h"
#include "core/time.h"
#include "uplink/outbox.h"

namespace fleet_edge::uplink {
namespace {

Result<Outbox::Page> LookThrough(Outbox& outbox, const OutboxWindow::Question& question) {
  const auto settled = question.settle ? outbox.CommitAll() : Result<void>();
  auto page = outbox.Look(question.lane, question.after);
  if (page && !settled) page->unsettled = settled.error().message;
  return page;
}

}  // namespace

Result<Outbox::Page> OutboxWindow::Ask(const Question& question, Duration patience) {
  std::promise<Result<Outbox::Page>> promise;
  auto answer = promise.get_future();
  {
    const std::lock_guard lock(mutex_);
    asked_.emplace(question, std::move(promise));
  }
  wake_();
  if (answer.wait_for(patience) == std::future_status::ready) return answer.get();
  const std::lock_guard lock(mutex_);
  asked_.reset();
  return Error{Error::Code::kRetry, "the outbox is busy: its disk hangs, or the agent is stopping"};
}

void OutboxWindow::Serve(Outbox& outbox) {
  std::optional<Asked> asked;
  {
    const std::lock_guard lock(mutex_);
    asked.swap(asked_);
  }
  if (asked) asked->answer.set_value(LookThrough(outbox, asked->question));
}

}  // namespace fleet_edge::uplink
