#include "rules/engine.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/reading.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/alert_event.h"
#include "rules/alert_rule.h"
#include "rules/compiled_rules.h"
#include "rules/evaluation.h"
#include "rules/group.h"
#include "rules/program.h"
#include "rules/program_state.h"
#include "rules/query.h"
#include "rules/rule_context.h"
#include "rules/rule_text.h"
#include "rules/saved_state.h"
#include "rules/series_store.h"

namespace fleet_edge::rules {
namespace {

/// Instants without a reading that a group which never settles is still evaluated at, one by one.
constexpr Duration::rep kMostSilentInstants = 100'000;

/// What a longer one missed nobody knows: instants in it are not evaluated.
constexpr Duration kLongestRestart = std::chrono::seconds{5};

constexpr std::size_t kMostSavedSamples = 65'536;  // 1 MiB

}  // namespace

class Engine::Impl {
 public:
  Impl(SeriesRegistry& registry, Options options)
      : registry_(registry), options_(std::move(options)), store_(options_.max_samples) {}

  void Adopt(std::unique_ptr<Program> program) {
    if (program_ != nullptr) {
      for (const auto& group : program_->groups()) Rouse(*group);
      program->TakeOver(*program_);
      program_->ForEachAlertRule([&](const Group&, const Group::Rule&, const AlertRule& rule) {
        rule.AppendEnds(options_.external, ends_);
      });
    }
    program->Wire(store_);
    program_ = std::move(program);
    schedule_.clear();
    if (now_ != kNever) BeginAll();
  }

  const Options& options() const { return options_; }

  bool Add(const Reading& reading) {
    StoredSeries* const stored = store_.Find(*reading.series);
    if (stored == nullptr) return true;
    RouseReaders(*stored);
    newest_reading_ = std::max(newest_reading_, reading.time);
    return store_.Add(*stored, {reading.time, reading.value});
  }

  bool End(const Series& series, UtcTime time) {
    StoredSeries* const stored = store_.Find(series);
    if (stored == nullptr) return true;
    RouseReaders(*stored);
    if (time <= stored->audience->decided) return false;
    store_.MarkStale(series, time);
    return true;
  }

  QueryResult Ask(std::size_t query, UtcTime at) {
    ++epoch_;
    evaluated_at_ = kNever;
    Evaluation evaluation{at, epoch_, program_->pool(), std::nullopt};
    Program::Query& asked = program_->queries()[query];
    QueryResult result{.type = asked.type};
    for (const Element& element : asked.node->Evaluate(evaluation)) {
      result.elements.emplace_back(element.labels->labels, element.value);
    }
    result.failure = std::move(evaluation.failure);
    store_.Decide(asked.id, at);
    return result;
  }

  void AdvanceTo(UtcTime now, Changes& changes) {
    if (program_ == nullptr || now < now_) return;
    if (now_ == kNever) Start(now);
    const UtcTime before = std::exchange(now_, now);
    evaluated_at_ = kNever;  // samples may have come since
    for (AlertEvent& end : ends_) {
      end.at = before;
      changes.alerts.push_back(std::move(end));
    }
    ends_.clear();
    while (!schedule_.empty() && schedule_.begin()->due <= now) {
      const Turn turn = *schedule_.begin();
      schedule_.erase(schedule_.begin());
      Group& group = *program_->groups()[turn.group];
      Evaluate(group, SkipSilence(group, turn.instant), changes);
    }
  }

  std::optional<UtcTime> NextDue() const {
    if (program_ == nullptr || program_->groups().empty()) return std::nullopt;
    if (now_ == kNever || !ends_.empty()) return UtcTime{};
    if (schedule_.empty()) return std::nullopt;
    return schedule_.begin()->due;
  }

  void StartAnew() {
    now_ = kNever;
    began_ = kNever;
    newest_reading_ = kNever;
    resumes_ = {};
    store_.Clear();
    schedule_.clear();
    if (program_ == nullptr) return;
    for (const auto& group : program_->groups()) group->StartAnew();
    program_->Wire(store_);
  }

  std::string SaveState(Save what) const {
    SavedState state;
    state.now = now_ == kNever ? resumes_.now : now_;
    state.began = began_;
    state.newest_reading = newest_reading_;
    if (program_ != nullptr) SaveProgram(*program_, options_.external, state);
    state.with_windows = what == Save::kWindows && store_.sample_count() <= kMostSavedSamples;
    if (state.with_windows) state.windows = store_.Save();
    return Encode(state);
  }

  bool RestoreState(const std::string& bytes) {
    const std::optional<SavedState> state = DecodeSavedState(bytes);
    if (!state) return false;
    if (program_ == nullptr) return true;
    ends_ = RestoreProgram(*program_, *state, options_.external, registry_);
    program_->Wire(store_);
    for (const SavedWindow& window : state->windows) {
      if (const Series* const series = registry_.Find(window.series.name, window.series.labels))
        store_.Restore(*series, window);
    }
    resumes_ = {state->now, state->with_windows};
    began_ = state->began;
    newest_reading_ = state->newest_reading;
    return true;
  }

  const Program* program() const { return program_.get(); }

  Counts counts() const {
    Counts counts = counts_;
    counts.samples_dropped = store_.dropped();
    return counts;
  }

 private:
  /// One instant of one group. In the order in which they fall due, so that the size of the steps
  /// of AdvanceTo() makes no difference.
  struct Turn {
    UtcTime due;
    UtcTime instant;
    GroupId group;

    friend auto operator<=>(const Turn&, const Turn&) = default;
  };

  static Turn TurnOf(const Group& group, UtcTime instant) {
    return {group.DueOf(instant), instant, group.id()};
  }

  /// Where an earlier run stood.
  struct Resumption {
    UtcTime now = kNever;
    bool with_windows = false;
  };

  /// Goes on where an earlier run stood, or sets where instants begin.
  void Start(UtcTime now) {
    const bool goes_on = resumes_.now != kNever && now >= resumes_.now &&
                         now - resumes_.now <= kLongestRestart && resumes_.with_windows;
    if (goes_on) {
      now_ = resumes_.now;
      program_->ForEachAlertRule([](const Group&, const Group::Rule&, AlertRule& rule) {
        for (auto& [labels, instance] : rule.instances()) {
          instance.restored = false;
          instance.alert.GoOn();
        }
      });
      for (const auto& group : program_->groups()) {
        if (!group->sleeping) continue;
        store_.SetSleeping(group->id(), true);
        // A sample that came between the restart and now has roused nobody.
        if (store_.NewestFor(group->id()) > group->decided - group->reach()) Rouse(*group);
      }
    } else {
      now_ = now;
      began_ = now;
      for (const auto& group : program_->groups()) group->StartAnew();
      program_->Wire(store_);
    }
    BeginAll();
  }

  void BeginAll() {
    for (const auto& group : program_->groups()) {
      if (!group->sleeping) Begin(*group);
    }
  }

  void RouseReaders(const StoredSeries& stored) {
    if (!stored.audience->sleeping) return;
    for (const GroupId reader : stored.audience->groups) RouseReader(reader, Now());
  }

  /// Behind all turns that are due.
  Turn Now() const { return {now_, UtcTime::max(), 0}; }

  void Schedule(const Group& group, UtcTime instant) { schedule_.insert(TurnOf(group, instant)); }

  /// Where a group of a new program goes on: behind what it decided in an earlier one, or with the
  /// first instant from now on.
  void Begin(Group& group) {
    if (group.begins == kNever) group.begins = group.InstantFrom(now_);
    const bool goes_on = group.decided != kNever;
    Schedule(group, goes_on ? group.decided + group.spec().interval : group.begins);
  }

  /// Ends its sleep: its turns up to `until` passed meanwhile and are decided.
  void Rouse(Group& group, const Turn& until) {
    if (!group.sleeping) return;
    group.sleeping = false;
    store_.SetSleeping(group.id(), false);
    UtcTime passed = group.InstantUntil(until.due - group.spec().lateness);
    if (TurnOf(group, passed) > until) passed -= group.spec().interval;
    if (passed > group.decided) {
      group.decided = passed;
      store_.Decide(group.id(), passed);
    }
    Schedule(group, group.decided + group.spec().interval);
  }

  /// The same for one that is woken from outside, after all turns that are due.
  void Rouse(Group& group) { Rouse(group, Now()); }

  /// A query reads too, but never sleeps.
  void RouseReader(GroupId reader, const Turn& until) {
    if (reader < program_->groups().size()) Rouse(*program_->groups()[reader], until);
  }

  /// The instant to evaluate instead of `instant`: a later one when nothing has been heard for so
  /// long that all between can only repeat itself. It bounds what a leap of the clock costs, and
  /// breaks nothing that depends on readings.
  UtcTime SkipSilence(const Group& group, UtcTime instant) {
    const Duration silence =
        group.reach() + group.longest_timer() + kMostSilentInstants * group.spec().interval;
    if (instant <= std::max(newest_reading_, began_) + silence) return instant;
    const UtcTime last = group.InstantUntil(now_ - group.spec().lateness);
    counts_.instants_skipped +=
        static_cast<std::uint64_t>((last - instant) / group.spec().interval);
    return last;
  }

  void Evaluate(Group& group, UtcTime at, Changes& changes) {
    if (at != evaluated_at_) ++epoch_;
    evaluated_at_ = at;
    Evaluation evaluation{at, epoch_, program_->pool(), std::nullopt};
    RuleContext context{evaluation, store_, registry_, options_.external, counts_, changes};
    const bool settled = group.Evaluate(context);
    epoch_ = evaluation.epoch;
    store_.Decide(group.id(), at);
    for (const GroupId reader : store_.TakeRoused()) RouseReader(reader, TurnOf(group, at));
    if (settled && store_.NewestFor(group.id()) <= at - group.reach()) {
      group.sleeping = true;
      store_.SetSleeping(group.id(), true);
    } else {
      Schedule(group, at + group.spec().interval);
    }
  }

  SeriesRegistry& registry_;
  const Options options_;
  SeriesStore store_;
  std::unique_ptr<Program> program_;  // null before the first Load()
  std::set<Turn> schedule_;           // one turn of each group that does not sleep
  UtcTime now_ = kNever;              // before the first AdvanceTo()
  UtcTime began_ = kNever;
  Resumption resumes_;
  std::vector<AlertEvent> ends_;  // of alerts whose rule is gone; told at the next advance
  UtcTime newest_reading_ = kNever;
  UtcTime evaluated_at_ = kNever;
  std::uint64_t epoch_ = 0;
  Counts counts_;
};

Engine::Engine(SeriesRegistry& registry, Options options)
    : impl_(std::make_unique<Impl>(registry, std::move(options))) {}
Engine::~Engine() = default;

Diagnostics Engine::Load(const std::vector<RuleText>& files, const std::vector<RuleText>& queries) {
  CompiledRules rules(files, queries, impl_->options());
  Diagnostics findings = rules.findings();
  if (!HasErrors(findings)) Adopt(std::move(rules));
  return findings;
}
void Engine::Adopt(CompiledRules rules) { impl_->Adopt(rules.Take()); }
const Engine::Options& Engine::options() const { return impl_->options(); }
bool Engine::Add(const Reading& reading) { return impl_->Add(reading); }
bool Engine::End(const Series& series, UtcTime time) { return impl_->End(series, time); }
QueryResult Engine::Ask(std::size_t query, UtcTime at) { return impl_->Ask(query, at); }
void Engine::AdvanceTo(UtcTime now, Changes& changes) { impl_->AdvanceTo(now, changes); }
std::optional<UtcTime> Engine::NextDue() const { return impl_->NextDue(); }
std::vector<AlertEvent> Engine::Firing() const {
  return impl_->program() == nullptr ? std::vector<AlertEvent>{}
                                     : impl_->program()->Firing(impl_->options().external);
}
void Engine::StartAnew() { impl_->StartAnew(); }
std::string Engine::SaveState(Save what) const { return impl_->SaveState(what); }
bool Engine::RestoreState(const std::string& bytes) { return impl_->RestoreState(bytes); }
std::size_t Engine::rule_count() const {
  return impl_->program() == nullptr ? std::size_t{} : impl_->program()->rule_count();
}
std::vector<std::string> Engine::alert_names() const {
  return impl_->program() == nullptr ? std::vector<std::string>{} : impl_->program()->alert_names();
}
Engine::Counts Engine::counts() const { return impl_->counts(); }
Duration Engine::max_lateness() const {
  return impl_->program() == nullptr ? Duration{} : impl_->program()->max_lateness();
}

}  // namespace fleet_edge::rules
