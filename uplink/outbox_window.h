#pragma once

#include <functional>
#include <future>
#include <mutex>
#include <optional>

#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/outbox.h"
#include "uplink/store.h"

namespace fleet_edge::uplink {

/// Lets another thread look at what the outbox holds, a page at a time, on the worker's thread.
///
/// One question at a time: ask from one thread. What `wake` refers to outlives this.
class OutboxWindow {
 public:
  struct Question {
    Lane lane = Lane::kAlert;
    RowId after = 0;
    bool settle = false;  ///< first commit what waits, so that the pages show all of it
  };

  /// `wake` makes the worker call Serve() soon.
  explicit OutboxWindow(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// Waits for the worker, at most `patience`. Errors: kRetry (the worker does not come: its disk
  /// hangs, or it has ended), and those of Outbox::Look().
  Result<Outbox::Page> Ask(const Question& question, Duration patience);

  /// Called by the worker once a turn.
  void Serve(Outbox& outbox);

 private:
  struct Asked {
    Question question;
    std::promise<Result<Outbox::Page>> answer;
  };

  const std::function<void()> wake_;
  std::mutex mutex_;
  std::optional<Asked> asked_;  // guarded by mutex_; taken out by whoever ends the question
};

}  // namespace fleet_edge::uplink
