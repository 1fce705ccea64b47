#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnostic.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/compiled_rules.h"
#include "rules/engine_options.h"
#include "rules/query.h"
#include "rules/rule_text.h"

namespace fleet_edge::rules {

/// An evaluation without a result: labels did not match as the rule's expression says. Told at the
/// first of a row.
struct RuleFailure {
  std::string file;
  std::string group;
  std::string rule;
  UtcTime at;
  std::string what;
};

/// What an advance of time brought about, in the order of instants, groups and rules.
struct Changes {
  std::vector<AlertEvent> alerts;
  std::vector<Reading> recorded;  ///< results of recording rules; the instant is their time
  std::vector<RuleFailure> failures;
};

/// Judges readings by rule files, on event time: the same readings give the same changes (I9).
///
/// Owned by the pipeline's thread (App, Replay, rule tests) and used there alone. Does no I/O,
/// knows no clock, starts no thread.
class Engine {
 public:
  using Options = EngineOptions;

  /// What the engine could not do because of a bound or of a rule's own fault. Only grows.
  struct Counts {
    std::uint64_t samples_dropped = 0;     ///< beyond max_samples
    std::uint64_t alerts_over_limit = 0;   ///< elements that made no alert: their rule has 10,000
    std::uint64_t series_over_limit = 0;   ///< results not recorded: the registry is full
    std::uint64_t instants_skipped = 0;    ///< see AdvanceTo()
    std::uint64_t evaluations_failed = 0;  ///< see RuleFailure
  };

  /// `registry` outlives the engine; recorded series are made in it.
  Engine(SeriesRegistry& registry, Options options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Takes all files or none: with an error among the returned findings the rules in force go on
  /// unchanged. Rules whose group and text did not change keep their state and their windows.
  /// `queries` are expressions for Ask(), each with the name that findings call it by.
  /// Active alerts of rules that are gone end at the next AdvanceTo(): nothing would ever end them.
  Diagnostics Load(const std::vector<RuleText>& files, const std::vector<RuleText>& queries = {});

  /// The second half of Load(), for rules that were compiled elsewhere with these options().
  /// Precondition: they have no errors and were not adopted before.
  void Adopt(CompiledRules rules);

  /// On any thread.
  const Options& options() const;

  /// Takes a good reading into the windows that want it; others are not kept. False when it is
  /// late: an instant that it belongs to was decided already; it is counted by the caller and
  /// changes nothing. Precondition: reading.quality == Quality::kGood. Order of time within a
  /// series is not required.
  bool Add(const Reading& reading);

  /// The series ended at `time`: instant selectors see it no more until its next sample; ranges
  /// keep what was. False when that is late, as for Add().
  bool End(const Series& series, UtcTime time);

  /// What the expression `query` of the last Load(), by its place there, is at `at`. Instants of
  /// one query are asked for in ascending order, after all samples up to them; what comes for a
  /// time that was asked for is late. Recorded series are seen as far as AdvanceTo() went.
  /// Precondition: query is less than the number of queries loaded.
  QueryResult Ask(std::size_t query, UtcTime at);

  /// Evaluates every instant T of every group with T + lateness <= now, in order, and appends what
  /// changed. The first call sets where instants begin: those before it are not evaluated. A `now`
  /// before an earlier one does nothing.
  ///
  /// A group whose series are silent and whose alerts have settled sleeps: a gap costs nothing and
  /// changes nothing. A group that still has something to say (it records a constant) skips to the
  /// last instant due once no reading has come for 100,000 of its instants beyond its longest range
  /// and timers. That bounds what a leap of the clock costs; what is skipped is counted.
  void AdvanceTo(UtcTime now, Changes& changes);

  /// The alerts that fire, with value and annotations as of the last instant they were seen at.
  std::vector<AlertEvent> Firing() const;

  /// When AdvanceTo() has something to do next; the epoch before its first call; nothing without
  /// rules and while all groups sleep. Ask again after Add().
  std::optional<UtcTime> NextDue() const;

  /// Begins anew with empty windows at the next AdvanceTo(), keeping rules and the states of
  /// alerts: after a step of the clock samples before it and after it can't stand in one window.
  void StartAnew();

  /// What SaveState() puts down.
  enum class Save : std::uint8_t {
    kAlerts,   ///< what must survive cut power: states of alerts, baselines, where groups stand
    kWindows,  ///< the samples of all windows too, up to 65,536; with more none of them
  };

  /// As bytes that RestoreState() of this version takes.
  std::string SaveState(Save what = Save::kAlerts) const;

  /// Takes saved states over for rules that are still there with the same text; active alerts of
  /// others end at the next AdvanceTo(). Called once, after the first Load() and before
  /// AdvanceTo(). Saved with windows and advanced within five seconds of the engine's time, it goes
  /// on as if there had been no restart; else instants begin at the first AdvanceTo(). False when
  /// the bytes can't be read: nothing is taken over.
  bool RestoreState(const std::string& bytes);

  std::size_t rule_count() const;

  /// The names of the alerts that the rules may raise, in the rules' order.
  std::vector<std::string> alert_names() const;
  Counts counts() const;

  /// The longest lateness of any group: T + this later every group has decided the instant T.
  Duration max_lateness() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fleet_edge::rules
