// A small agent for who wants to break it: batches go through the real outbox on the real SQLite,
// and the hub is a file. Each line on stdout is written before anything else happens, so that what
// was promised can be read from a process that was killed.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <random>
#include <stop_token>
#include <string>
#include <utility>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/time.h"
#include "tests/faults/file_hub.h"
#include "tests/faults/telling_store.h"
#include "uplink/batch.h"
#include "uplink/epoch.h"
#include "uplink/event_batcher.h"
#include "uplink/handover.h"
#include "uplink/ledger.h"
#include "uplink/outbox.h"
#include "uplink/sqlite_store.h"
#include "uplink/store.h"
#include "uplink/uplink.h"

namespace fleet_edge::uplink {
namespace {

using std::chrono::milliseconds;

// By then everything that can be delivered has been, on however slow a machine.
constexpr Duration kDrainPatience = std::chrono::seconds{60};

struct Options {
  std::string directory;
  std::string hub;
  std::string link = "up";
  int batches = 0;
  int pace_ms = 1;
  int durable_within_ms = 100;
  std::uint64_t quota_kib = 65'536;
  std::uint64_t memory_kib = 1'024;
  std::size_t size = 1'500;
  unsigned alert_every = 16;
  unsigned seed = 1;
  bool hand_clock = false;
};

/// One life: makes its batches, then drains unless the link is down, then ends in order. Time is
/// the machine's, or `hand`'s, which it cranks then instead of waiting.
class Life {
 public:
  Life(const Options& options, Store& store, const Clock& clock, HandClock* hand)
      : options_(options),
        clock_(clock),
        hand_(hand),
        epoch_(StartEpoch(store, clock_, options.seed)),
        handover_(MiB(1), ledger_),
        status_(Lane::kStatus, {.vehicle = "v", .epoch = epoch_, .boot = 1}, clock_),
        outbox_(store, status_, ledger_, clock_,
                {.durable_within = milliseconds{options.durable_within_ms},
                 .memory = KiB(options.memory_kib),
                 .quota = KiB(options.quota_kib)}),
        hub_(options.hub, options.link, options.seed, clock_),
        uplink_(handover_, outbox_, hub_, {.send_every = milliseconds{1}}, clock_,
                [] { return 0.0; }),
        random_(options.seed) {}

  /// The exit code.
  int Run() {
    BootTime next = clock_.Boot();
    for (int made = 0; made < options_.batches;) {
      if (clock_.Boot() >= next) {
        Push();
        ++made;
        next = clock_.Boot() + milliseconds{options_.pace_ms};
      }
      Turn(next);
    }
    const bool drained = options_.link == "down" || Drain();
    uplink_.Finish();
    TellBooks();
    return drained ? 0 : 1;
  }

 private:
  void Turn(BootTime until) {
    hub_.Turn();
    const BootTime wanted = std::min({until, uplink_.Step(), hub_.next_turn()});
    if (hand_ == nullptr) {
      handover_.WaitUntil(wanted, clock_, never_);
    } else if (wanted > clock_.Boot()) {
      hand_->Advance(wanted - clock_.Boot());
    }
  }

  bool Drain() {
    hub_.Open();
    const BootTime end = clock_.Boot() + kDrainPatience;
    while (clock_.Boot() < end) {
      Turn(clock_.Boot() + milliseconds{1});
      if (outbox_.records() == 0 && uplink_.status().ledger.queued == 0) return true;
    }
    std::fprintf(stderr, "outbox_driver: not drained: %s\n", outbox_.status().error.c_str());
    return false;
  }

  void Push() {
    const Lane lane = random_() % options_.alert_every == 0 ? Lane::kAlert : Lane::kTelemetry;
    std::uint64_t& seq = lane == Lane::kAlert ? alerts_ : telemetry_;
    Batch batch{.id = {lane, epoch_, ++seq},
                .count = 1 + static_cast<std::uint32_t>(random_() % 20),
                .time = clock_.Now(),
                .accepted = clock_.Boot(),
                .body = std::string(1 + random_() % options_.size, '\0')};
    for (char& byte : batch.body) byte = static_cast<char>(random_());
    Tell("offered", batch);
    if (lane == Lane::kAlert) {
      handover_.Push({std::move(batch)}, "state " + std::to_string(seq));
    } else {
      handover_.Push(std::move(batch));
    }
  }

  void TellBooks() {
    handover_.Audit(outbox_.records());
    const Ledger::Snapshot books = ledger_.snapshot();
    std::printf("%" PRId64 " books %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
                " %" PRId64 "\n",
                clock_.Boot().time_since_epoch().count(), books.accepted, books.recovered,
                books.acknowledged, books.queued, books.dropped_total(), books.residual);
  }

  const Options options_;
  const Clock& clock_;
  HandClock* const hand_;
  const std::stop_token never_;
  const std::uint64_t epoch_;
  Ledger ledger_;
  Handover handover_;
  EventBatcher status_;
  Outbox outbox_;
  FileHub hub_;
  Uplink uplink_;
  std::minstd_rand random_;
  std::uint64_t alerts_ = 0;
  std::uint64_t telemetry_ = 0;
};

void Declare(CLI::App& app, Options& options) {
  app.add_option("--directory", options.directory, "The outbox's.")->required();
  app.add_option("--hub", options.hub, "The file that is the hub; appended to.")->required();
  app.add_option("--link", options.link, "To the hub; `away`: up once all batches are made.")
      ->check(CLI::IsMember({"up", "down", "flapping", "away"}));
  app.add_option("--batches", options.batches, "To be made before the rest is drained.");
  app.add_option("--pace-ms", options.pace_ms, "Between two batches.");
  app.add_option("--size", options.size, "Bytes of the largest batch.");
  app.add_option("--durable-within-ms", options.durable_within_ms);
  app.add_option("--quota-kib", options.quota_kib);
  app.add_option("--memory-kib", options.memory_kib);
  app.add_option("--alert-every", options.alert_every, "So many batches one is an alert.");
  app.add_option("--seed", options.seed);
  app.add_flag("--hand-clock", options.hand_clock, "Time is cranked: nothing waits for it.");
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("Runs the outbox by itself, for tests that break it.");
  Declare(app, options);
  CLI11_PARSE(app, argc, argv);
  spdlog::set_default_logger(spdlog::stderr_logger_st("outbox_driver"));
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  auto store = SqliteStore::Open(options.directory, KiB(options.quota_kib));
  if (!store) {
    std::fprintf(stderr, "outbox_driver: %s\n", store.error().message.c_str());
    return 2;
  }
  TellingStore telling(**store);
  const SystemClock clock;
  HandClock hand;
  if (options.hand_clock) return Life(options, telling, hand, &hand).Run();
  return Life(options, telling, clock, nullptr).Run();
}

}  // namespace
}  // namespace fleet_edge::uplink

int main(int argc, char** argv) { return fleet_edge::uplink::Main(argc, argv); }
