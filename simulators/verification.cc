#include "simulators/verification.h"

#include <chrono>
#include <optional>
#include <stdexcept>

#include "core/result.h"
#include "core/time.h"
#include "simulators/hub_record.h"
#include "simulators/kafka_consumer.h"
#include "simulators/ledger.h"
#include "simulators/ledger_file.h"
#include "simulators/promise.h"
#include "simulators/report.h"
#include "simulators/stop_signal.h"
#include "simulators/verifier.h"

namespace fleet_edge::simulators {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPoll{100};
// While records flow, how often the ledger is read and a signal looked for.
constexpr milliseconds kLook{100};
// Of the timeout, in all: a hub on which others never stop is given up too.
constexpr int kMostTimeouts = 10;

/// One verification as it goes on. One thread.
class Follower {
 public:
  explicit Follower(const VerificationOptions& options)
      : options_(options),
        ledger_(options.ledger),
        hub_(options.hub),
        verifier_({.promise = Promise(options.durable_within, options.slack),
                   .lateness = options.lateness}) {
    for (const UtcTime at : options.killed_at) {
      verifier_.Add(LedgerNote{.kind = LedgerNote::Kind::kKill, .at = at, .vehicle = {}});
    }
  }

  Report Follow(StopSignal& stop) {
    while (!stop.raised()) {
      ReadLedger();
      if (verifier_.begun()) {
        ReadHub();
      } else {
        stop.WaitUntil(steady_clock::now() + kLook);
      }
      if (Done()) break;
    }
    ReadLedger();
    return Compare();
  }

 private:
  void ReadLedger() {
    while (true) {
      const Result<std::optional<LedgerEntry>> entry = ledger_.Next();
      if (!entry) throw std::runtime_error(entry.error().message);
      const std::optional<LedgerEntry>& next = *entry;
      if (!next) return;
      verifier_.Add(*next);
      Progress();
      if (verifier_.complete() && !ended_) ended_ = progress_;
    }
  }

  void ReadHub() {
    const steady_clock::time_point until = steady_clock::now() + kLook;
    while (steady_clock::now() < until) {
      const std::optional<HubRecord> record = hub_.Poll(kPoll);
      if (!record) continue;
      verifier_.Add(*record);
      Progress();
    }
  }

  void Progress() {
    progress_ = steady_clock::now();
    all_there_.reset();
  }

  bool Done() {
    const steady_clock::time_point now = steady_clock::now();
    const steady_clock::duration idle = now - progress_;
    if (idle >= options_.timeout) return true;
    if (ended_ && now - *ended_ >= kMostTimeouts * options_.timeout) return true;
    if (!verifier_.complete() || !hub_.at_end() || idle < options_.settle) return false;
    // Costly for a large ledger: once, until something new comes.
    if (!all_there_) {
      const Report report = Compare();
      all_there_ = report.readings.lost == 0 && report.alerts.missing == 0;
    }
    return *all_there_;
  }

  Report Compare() const {
    Report report = verifier_.Compare();
    report.records.skipped = hub_.skipped();
    return report;
  }

  const VerificationOptions& options_;
  LedgerReader ledger_;
  KafkaConsumer hub_;
  Verifier verifier_;
  steady_clock::time_point progress_ = steady_clock::now();
  std::optional<steady_clock::time_point> ended_;  // when the ledger's end was read
  std::optional<bool> all_there_;                  // as of the last progress
};

}  // namespace

Report VerifyRun(const VerificationOptions& options, StopSignal& stop) {
  return Follower(options).Follow(stop);
}

}  // namespace fleet_edge::simulators
