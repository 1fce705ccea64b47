// The promise as a whole, under outages and power cuts at moments that a seed chooses; and the
// proof that the check of it sees the bugs which it is there for.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/time.h"
#include "tests/support/crashing_store.h"
#include "tests/support/fake_publisher.h"
#include "tests/uplink/world.h"
#include "uplink/batch.h"
#include "uplink/outbox.h"
#include "uplink/publisher.h"
#include "uplink/uplink.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A life of an agent whose power, link and disk come and go as a seed chooses.
class Life {
 public:
  Life(unsigned seed, CrashingStore::Bug store_bug, FakePublisher::Bug publisher_bug)
      : random_(seed), store_(store_bug), publisher_bug_(publisher_bug) {
    limits_.memory = KiB(32);
    Begin();
  }

  /// What was broken of the promises.
  std::vector<std::string> Live() {
    for (int turn = 0; turn < 300; ++turn) {
      // Now and then more at once than the head holds.
      for (int n = Pick(40) == 0 ? 120 : Pick(3) / 2; n > 0; --n) {
        accepted_.push_back(start_->Push(Pick(20) == 0 ? Lane::kAlert : Lane::kTelemetry));
      }
      MakeTrouble();
      Step();
      if (Pick(40) == 0) PowerCut();
      clock_.Advance(milliseconds{Pick(300)});
      Step();
    }
    EndTrouble();
    const auto more = BrokenPromises(due_, hub_);
    broken_.insert(broken_.end(), more.begin(), more.end());
    return broken_;
  }

 private:
  int Pick(int n) { return std::uniform_int_distribution{0, n - 1}(random_); }

  void Begin() {
    start_ =
        std::make_unique<Start>(store_, hub_, clock_, limits_, Uplink::Options{}, publisher_bug_);
  }

  void Step() {
    start_->uplink.Step();
    if (!start_->BooksAreRight()) broken_.emplace_back("I2: the books are wrong");
    if (start_->outbox.status().memory > limits_.memory) broken_.emplace_back("I6: memory");
  }

  void MakeTrouble() {
    if (Pick(10) == 0) start_->publisher.set_up(Pick(2) == 0);
    if (Pick(30) == 0) start_->publisher.ReturnAll();
    if (Pick(10) == 0) start_->publisher.ReportNext(1, Publisher::Outcome::kAcknowledged);
    if (Pick(60) == 0) {
      store_.FailCommits(1, {Error::Code::kRetry, "I/O"});
      disk_failed_ = true;
    }
  }

  void PowerCut() {
    // Due is what is older than durable_within, and each alert that was offered; unless the disk
    // failed, which the promise does not cover.
    for (const Batch& batch : accepted_) {
      const bool old = clock_.Boot() - batch.accepted >= limits_.durable_within;
      if (!disk_failed_ && (old || batch.id.lane == Lane::kAlert)) due_.push_back(batch);
    }
    accepted_.clear();
    start_.reset();
    store_.PowerCut();
    disk_failed_ = false;
    Begin();
  }

  /// Everything that is left must arrive by itself (I4).
  void EndTrouble() {
    start_->publisher.set_up(true);
    store_.FailCommits(0, {});
    due_.insert(due_.end(), accepted_.begin(), accepted_.end());
    for (int turn = 0; turn < 100; ++turn) {
      clock_.Advance(seconds{1});
      Step();
    }
    if (start_->outbox.records() != 0) broken_.emplace_back("I4: does not drain");
  }

  std::mt19937 random_;
  CrashingStore store_;
  const FakePublisher::Bug publisher_bug_;
  FakeHub hub_;
  HandClock clock_;
  Outbox::Limits limits_;
  std::unique_ptr<Start> start_;
  bool disk_failed_ = false;
  std::vector<Batch> due_;       // must arrive, whatever happens
  std::vector<Batch> accepted_;  // by this start, oldest first
  std::vector<std::string> broken_;
};

TEST_CASE("Promise: held through outages, failing commits and power cuts at any moment") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    const auto broken = Life(seed, CrashingStore::Bug::kNone, FakePublisher::Bug::kNone).Live();
    CHECK_MESSAGE(broken.empty(), (broken.empty() ? "" : broken.front()));
  }
}

/// Whether one of some lives shows a loss.
bool IsCaught(CrashingStore::Bug store_bug, FakePublisher::Bug publisher_bug) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const auto broken = Life(seed, store_bug, publisher_bug).Live();
    const auto is_loss = [](const std::string& what) { return what.starts_with("I1: lost"); };
    if (std::ranges::any_of(broken, is_loss)) return true;
  }
  return false;
}

TEST_CASE("Promise: a store that acknowledges before it commits is caught") {
  CHECK(IsCaught(CrashingStore::Bug::kAcknowledgesBeforeCommit, FakePublisher::Bug::kNone));
}

TEST_CASE("Promise: deleting on send is caught") {
  CHECK(IsCaught(CrashingStore::Bug::kNone, FakePublisher::Bug::kAcknowledgesOnSend));
}

}  // namespace
}  // namespace fleet_edge::uplink
