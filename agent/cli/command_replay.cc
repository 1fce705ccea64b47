#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <ratio>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "agent/cli/commands.h"
#include "agent/config/config.h"
#include "agent/config/config_file.h"
#include "agent/config/findings.h"
#include "agent/config/rule_files.h"
#include "agent/pipeline/judge.h"
#include "agent/pipeline/quality_gate.h"
#include "agent/replay/merged_recordings.h"
#include "agent/replay/replay_report.h"
#include "agent/service/log.h"
#include "core/counters.h"
#include "core/diagnostic.h"
#include "core/reading.h"
#include "core/result.h"
#include "core/section.h"
#include "core/series.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/replay/recording.h"
#include "drivers/replay/recording_options.h"
#include "drivers/replay/replay_driver.h"
#include "rules/advice.h"
#include "rules/alert_event.h"
#include "rules/engine.h"
#include "rules/expr.h"
#include "rules/parser.h"
#include "rules/query.h"
#include "rules/rule_inputs.h"
#include "rules/rule_text.h"

namespace fleet_edge::agent {
namespace {

/// How the configuration has recordings read: as its first `replay` driver does.
drivers::RecordingOptions RecordingOptionsOf(const Config& config, const std::string& file) {
  for (const YamlNode& driver : config.drivers) {
    const YamlNode* const replay = driver.Find("replay");
    if (replay == nullptr) continue;
    drivers::ReplayOptions options;
    Diagnostics findings;  // made, and none, when the configuration was loaded
    Section::Read(*replay, {file, findings}, options);
    return options.recording;
  }
  return {};
}

/// Waits so that the recording goes by at `speed` times its own pace; not at all without a speed.
class Pacer {
 public:
  explicit Pacer(std::optional<double> speed) : speed_(speed) {}

  bool paced() const { return speed_.has_value(); }

  void WaitFor(UtcTime time) {
    if (!speed_) return;
    if (!first_) first_ = time;
    const std::chrono::duration<double, std::micro> played((time - *first_) / *speed_);
    std::this_thread::sleep_until(start_ + std::chrono::duration_cast<Duration>(played));
  }

 private:
  const std::optional<double> speed_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::optional<UtcTime> first_;
};

/// Further than that times leap because a clock was set.
constexpr Duration kLongestSteps = std::chrono::hours{24 * 366};

/// The series that readings came of.
class SeenSeries {
 public:
  void Add(const Series& series) {
    if (series.id >= met_.size()) met_.resize(series.id + 1);
    if (met_[series.id]) return;
    met_[series.id] = true;
    series_.push_back(&series);
  }

  /// The texts of those selectors that none of them fits.
  std::vector<std::string> Misses(const rules::Selectors& selectors) const {
    std::vector<std::string> misses;
    for (const auto& selector : selectors) {
      const bool fits = std::ranges::any_of(
          series_, [&](const Series* series) { return selector.second.Matches(*series); });
      if (!fits) misses.push_back(selector.first);
    }
    return misses;
  }

 private:
  std::vector<bool> met_;  // by id
  std::vector<const Series*> series_;
};

/// Plays the recordings through the judge and prints what changes. Its clock is the newest
/// reading's time.
class Player {
 public:
  Player(Judge& judge, const rules::RuleInputs& inputs, const ReplayArguments& arguments)
      : judge_(judge),
        inputs_(inputs),
        arguments_(arguments),
        pacer_(arguments.speed),
        lateness_(judge.engine().max_lateness()),
        summary_(judge.engine().alert_names(), arguments.series) {}

  void Play(MergedRecordings& recordings) {
    while (Reading* const reading = recordings.Next()) {
      if (!now_ || reading->time > *now_) {
        pacer_.WaitFor(reading->time);
        // Readings of one instant come one after the other: it is over when a later one shows.
        AdvanceTo(reading->time - Duration{1});
        now_ = reading->time;
      }
      judge_.Take(*reading, *now_);
      seen_.Add(*reading->series);
    }
    if (now_) AdvanceTo(*now_ + lateness_);
    for (const auto& [alert, selectors] : inputs_.by_alert()) {
      summary_.Miss(alert, seen_.Misses(selectors));
    }
    for (const std::string& expression : arguments_.series) {
      const rules::ExprPtr parsed = rules::ParseExpression(expression);
      summary_.Miss(expression, seen_.Misses(inputs_.Of(*parsed)));
    }
  }

  std::string Summary(const Counters& counters) const {
    std::string text = summary_.Text(counters, now_.value_or(UtcTime{}));
    if (const auto skipped = judge_.engine().counts().instants_skipped; skipped > 0) {
      text += "instants passed over where the recordings' time leaps: " + std::to_string(skipped) +
              "\n";
    }
    return text;
  }

 private:
  void AdvanceTo(UtcTime time) {
    AskUntil(time);
    AdvanceRules(time);
  }

  /// An instant at a time: in one leap over a long silence the engine would pass over instants of
  /// rules that look at the time of day.
  void AdvanceRules(UtcTime time) {
    const bool steps = advanced_ && time - *advanced_ <= kLongestSteps;
    while (steps) {
      const std::optional<UtcTime> due = judge_.engine().NextDue();
      if (!due || *due <= *advanced_ || *due >= time) break;
      AdvanceEngine(*due);
      advanced_ = due;
    }
    AdvanceEngine(time);
    advanced_ = std::max(advanced_.value_or(time), time);
  }

  void AdvanceEngine(UtcTime time) {
    changes_.alerts.clear();
    changes_.recorded.clear();
    changes_.failures.clear();
    judge_.engine().AdvanceTo(time, changes_);
    for (const rules::AlertEvent& event : changes_.alerts) {
      std::puts((arguments_.json ? ChangeJson(event) : ChangeText(event)).c_str());
      summary_.Add(event);
    }
    for (const rules::RuleFailure& failure : changes_.failures) {
      std::fprintf(stderr, "%s: rule %s gave no result at %s: %s\n", failure.file.c_str(),
                   failure.rule.c_str(), ToString(failure.at).c_str(), failure.what.c_str());
    }
    if (pacer_.paced() && !changes_.alerts.empty()) std::fflush(stdout);
  }

  /// Prints the expressions at the instants that rules have decided by `time`, in step with the
  /// rules: what they record at an instant is seen there.
  void AskUntil(UtcTime time) {
    if (arguments_.series.empty() || !now_) return;
    if (!next_) next_ = InstantFrom(*now_);
    while (*next_ + lateness_ <= time) {
      AdvanceRules(*next_ + lateness_);
      bool any = false;
      for (std::size_t i = 0; i < arguments_.series.size(); ++i) any |= Ask(i, *next_);
      *next_ += arguments_.step;
      // A gap where there is nothing to tell is not told second by second.
      if (!any) next_ = std::max(*next_, InstantFrom(time - lateness_ - arguments_.step));
    }
  }

  UtcTime InstantFrom(UtcTime time) const {
    const Duration beyond = time.time_since_epoch() % arguments_.step;
    return beyond == Duration{0} ? time : time - beyond + arguments_.step;
  }

  /// True when the expression yields anything.
  bool Ask(std::size_t place, UtcTime at) {
    const std::string& expression = arguments_.series[place];
    const rules::QueryResult result = judge_.engine().Ask(place, at);
    const std::string suffix = arguments_.series.size() > 1 ? "  " + expression : std::string();
    if (result.failure) {
      std::fprintf(stderr, "%s gave no result at %s: %s\n", expression.c_str(),
                   ToString(at).c_str(), result.failure->c_str());
    }
    for (const auto& [labels, value] : result.elements) {
      std::puts((arguments_.json ? ElementJson(at, expression, labels, value)
                                 : ElementText(at, labels, value) + suffix)
                    .c_str());
      summary_.Add(expression, value);
    }
    return !result.elements.empty();
  }

  Judge& judge_;
  const rules::RuleInputs& inputs_;
  const ReplayArguments& arguments_;
  Pacer pacer_;
  const Duration lateness_;
  std::optional<UtcTime> now_;
  std::optional<UtcTime> advanced_;  // the engine
  std::optional<UtcTime> next_;      // instant to ask for
  rules::Changes changes_;
  SeenSeries seen_;
  ReplaySummary summary_;
};

/// False when one can't be opened, which is said.
bool Open(const ReplayArguments& arguments, const Config& config, SeriesRegistry& series,
          Counters& counters, MergedRecordings& recordings) {
  const drivers::RecordingOptions options = RecordingOptionsOf(config, arguments.config);
  for (const std::string& path : arguments.recordings) {
    auto recording = drivers::OpenRecording(path, options, {path, series, counters});
    if (!recording) {
      std::fprintf(stderr, "%s\n", recording.error().message.c_str());
      return false;
    }
    recordings.Add(std::move(recording).value());
  }
  return true;
}

/// What the rules that it loads ask for; nothing when they are refused, which is said.
std::optional<rules::RuleInputs> LoadRules(const ReplayArguments& arguments, const Config& config,
                                           Judge& judge) {
  const std::vector<std::string>& patterns =
      arguments.rules.empty() ? config.rules : arguments.rules;
  // With neither, --series alone is what is asked for.
  auto files = patterns.empty() ? std::vector<rules::RuleText>() : ReadRuleFiles(patterns);
  if (!files) {
    std::fprintf(stderr, "%s\n", files.error().message.c_str());
    return std::nullopt;
  }
  std::vector<rules::RuleText> queries;
  queries.reserve(arguments.series.size());
  for (const std::string& expression : arguments.series)
    queries.push_back({"--series", expression});
  const Diagnostics findings = judge.engine().Load(files.value(), queries);
  std::fputs(ListFindings(findings).c_str(), stderr);
  if (HasErrors(findings)) return std::nullopt;
  // A rule on a name that is misspelt is silent, and looks as if all were well.
  std::fputs(ListFindings(rules::AdviseOnRules(files.value(), {})).c_str(), stderr);
  return rules::RuleInputs(files.value());
}

}  // namespace

int Replay(const ReplayArguments& arguments) {
  SetUpLog({}, DetectLogStyle(STDERR_FILENO, std::getenv("JOURNAL_STREAM")), stderr);
  LoadedConfig loaded;
  if (!arguments.config.empty()) {
    loaded = LoadConfig(arguments.config, Purpose::kReplay);
    std::fputs(ListFindings(loaded.findings).c_str(), stderr);
    if (HasErrors(loaded.findings)) return kExitFailure;
  }
  Counters counters;
  SeriesRegistry series;
  QualityGate gate({QualityGate::Window::Unbounded(), loaded.config.quality.signals}, {}, counters);
  Judge judge(gate, series, {.external = {.labels = VehicleLabels(loaded.config)}});
  MergedRecordings recordings;
  const std::optional<rules::RuleInputs> inputs = LoadRules(arguments, loaded.config, judge);
  if (!inputs || !Open(arguments, loaded.config, series, counters, recordings)) {
    return kExitFailure;
  }
  Player player(judge, *inputs, arguments);
  player.Play(recordings);
  gate.Publish();
  std::fputs(player.Summary(counters).c_str(), stderr);
  return kExitOk;
}

}  // namespace fleet_edge::agent
