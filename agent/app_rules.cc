#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/app.h"
#include "agent/config/rule_files.h"
#include "agent/pipeline/clock_watch.h"
#include "agent/rule_delivery/rule_bundle.h"
#include "agent/rule_delivery/rule_delivery.h"
#include "agent/text/digest.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "core/utf8.h"
#include "fleet/v1/status.pb.h"
#include "rules/compiled_rules.h"
#include "rules/rule_text.h"

// What the agent does with rules that change while it runs, all on the main thread.

namespace fleet_edge::agent {
namespace {

using RuleTexts = std::vector<rules::RuleText>;

bool IsError(const Diagnostic& finding) { return finding.severity == Diagnostic::Severity::kError; }

/// `own` and those of the bundle whose text this is; `own` alone when the bundle can't be read.
RuleTexts Joined(RuleTexts own, const std::string& bundle) {
  if (bundle.empty()) return own;
  Diagnostics findings;
  RuleBundle more = ReadBundle({"bundle", bundle}, findings);
  if (!HasErrors(findings)) std::ranges::move(more.rules, std::back_inserter(own));
  return own;
}

/// Of files that can't be read, or are gone.
Diagnostics UnreadableRules(const Error& error) {
  return {{.file = "rules",
           .position = {},
           .what = error.message,
           .mend = "Put the file back, or take it out of `rules`"}};
}

void LogFindings(const Diagnostics& findings) {
  for (const Diagnostic& finding : findings) {
    spdlog::log(IsError(finding) ? spdlog::level::err : spdlog::level::warn, "{}",
                ToString(finding));
  }
}

}  // namespace

std::string App::KeptBundlePath() const {
  return (std::filesystem::path(config_.outbox.directory) / "delivered-rules.yaml").string();
}

/// The bundle that was in force before the stop comes into force again; one that no longer goes
/// with the vehicle's own rules is left out, as the agent's start is worth more.
void App::OpenDelivery(const RuleTexts& own) {
  std::string bundle = ReadKeptBundle(KeptBundlePath());
  std::string left_out;
  if (!bundle.empty()) {
    const RuleTexts all = Joined(own, bundle);
    const Diagnostics findings = judge_.engine().Load(all);
    if (HasErrors(findings)) {
      LogFindings(findings);
      spdlog::error("the delivered rules are left out, the vehicle's own are in force");
      Refuse(Sha256(bundle),
             {.delivered = true, .bundle = "of before the stop", .text = bundle, .tests = 0},
             findings);
      bundle_left_out_ = true;
      left_out = std::exchange(bundle, {});
    } else {
      tried_rules_ = RulesHash(all);
      const std::lock_guard lock(rules_mutex_);
      rules_.hash = tried_rules_;
      if (HasHttp()) logbook_.NoteRules(all);
    }
  }
  delivery_ = std::make_unique<RuleDelivery>(
      RuleDelivery::Setup{.config = config_.rule_delivery,
                          .vehicle = config_.vehicle.id,
                          .kept = KeptBundlePath(),
                          .in_force = std::move(bundle),
                          .left_out = std::move(left_out),
                          .options = judge_.engine().options(),
                          .others = [patterns = config_.rules] { return ReadRuleFiles(patterns); }},
      counters_);
}

void App::TakeDelivered() {
  if (delivery_ == nullptr) return;
  std::optional<DeliveredRules> delivered = delivery_->Take();
  if (!delivered) {
    if (delivery_->TakeWithdrawal()) ForgetRefusedBundle();
    return;
  }
  RulesOrigin origin{.delivered = true,
                     .bundle = delivered->bundle.id,
                     .text = std::move(delivered->text),
                     .tests = delivered->trial.tests,
                     .staged = std::move(delivered->staged)};
  LogFindings(delivered->trial.findings);
  if (HasErrors(delivered->trial.findings)) {
    Refuse(origin.text.empty() ? std::string() : Sha256(origin.text), origin,
           delivered->trial.findings);
    return;
  }
  const auto own = ReadRuleFiles(config_.rules);
  if (!own) {
    Refuse(Sha256(origin.text), origin, UnreadableRules(own.error()));
    return;
  }
  const RuleTexts all = Joined(own.value(), origin.text);
  TakeRules(all, std::move(origin));
}

void App::Reload(ReloadWhen when) {
  auto files = ReadRuleFiles(config_.rules);
  if (!files) {
    const Diagnostics findings = UnreadableRules(files.error());
    LogFindings(findings);
    tried_rules_.clear();  // what comes back counts as changed
    Refuse({}, {}, findings);
    return;
  }
  if (delivery_ && !bundle_left_out_)
    files = Joined(std::move(files).value(), ReadKeptBundle(KeptBundlePath()));
  const std::string hash = RulesHash(files.value());
  if (when == ReloadWhen::kTextChanged && hash == tried_rules_) return;
  service_.Reloading();
  TakeRules(files.value(), {});
  service_.Ready();
}

void App::TakeRules(const RuleTexts& files, RulesOrigin origin) {
  tried_rules_ = RulesHash(files);
  rules::CompiledRules rules(files, {}, judge_.engine().options());
  Diagnostics findings = rules.findings();
  LogFindings(findings);
  if (!HasErrors(findings) && origin.delivered) {
    const Result<void> kept = origin.staged.Keep();
    if (!kept) {
      findings.push_back({.file = "bundle",
                          .position = {},
                          .what = kept.error().message,
                          .mend = "It would be forgotten at the next stop"});
    }
  }
  if (HasErrors(findings)) {
    Refuse(tried_rules_, origin, findings);
    return;
  }
  fleet::v1::StatusEvent event;
  event.set_clock_synced(ClockSynced());
  fleet::v1::RulesApplied& applied = *event.mutable_rules_applied();
  applied.set_rules_hash(tried_rules_);
  applied.set_rules(static_cast<std::uint32_t>(rules.rule_count()));
  applied.set_bundle(origin.bundle);
  applied.set_tests(static_cast<std::uint32_t>(origin.tests));
  if (origin.delivered) {
    bundle_left_out_ = false;
    counters_.Get(kRuleBundlesTotal, {{"outcome", "applied"}}).Add();
    spdlog::info("the bundle {} is in force, {} tests passed", origin.bundle, origin.tests);
  }
  NoteApplied(origin);
  if (HasHttp()) logbook_.NoteRules(files);
  pipeline_.Reload(std::move(rules));
  handover_.Report(std::move(event));
}

void App::Refuse(const std::string& hash, const RulesOrigin& origin, const Diagnostics& findings) {
  NoteRefusal(origin, findings);
  fleet::v1::StatusEvent event;
  event.set_clock_synced(ClockSynced());
  fleet::v1::RulesRefused& refused = *event.mutable_rules_refused();
  refused.set_hash(hash);
  refused.set_bundle(origin.bundle);
  refused.set_findings(static_cast<std::uint32_t>(std::ranges::count_if(findings, IsError)));
  refused.set_finding(ValidUtf8(ToString(*std::ranges::find_if(findings, IsError))));
  if (!origin.delivered) {
    spdlog::error(
        "rules not reloaded: the old ones go on; mend the findings above, the files are read again "
        "when they change");
  } else {
    spdlog::error("the bundle {} is refused, the old rules go on; mend the findings above",
                  origin.bundle.empty() ? "without a name" : origin.bundle);
    // One that was not read is counted where it came.
    if (!origin.text.empty()) counters_.Get(kRuleBundlesTotal, {{"outcome", "refused"}}).Add();
  }
  handover_.Report(std::move(event));
}

void App::NoteRefusal(const RulesOrigin& origin, const Diagnostics& findings) {
  const auto errors = static_cast<std::size_t>(std::ranges::count_if(findings, IsError));
  std::string first = ToString(*std::ranges::find_if(findings, IsError));
  const std::lock_guard lock(rules_mutex_);
  if (origin.delivered) {
    rules_.bundle = origin.bundle;
    rules_.bundle_findings = errors;
    rules_.refused_bundle = std::move(first);
  } else {
    rules_.findings = errors;
    rules_.refused = std::move(first);
  }
}

/// A bundle that is in force was tried with the files as they are: no refusal is left. Files that
/// are may be what a refused bundle was missing: it is tried again.
void App::NoteApplied(const RulesOrigin& origin) {
  const std::lock_guard lock(rules_mutex_);
  RulesView now{.hash = tried_rules_};
  if (!origin.delivered && !rules_.refused_bundle.empty()) {
    now.refused_bundle = rules_.refused_bundle;
    now.bundle = rules_.bundle;
    now.bundle_findings = rules_.bundle_findings;
    if (delivery_) delivery_->TryAgain();
  }
  rules_ = std::move(now);
}

/// Whoever sent it has taken it away.
void App::ForgetRefusedBundle() {
  const std::lock_guard lock(rules_mutex_);
  rules_.refused_bundle.clear();
  rules_.bundle_findings = 0;
}

}  // namespace fleet_edge::agent
