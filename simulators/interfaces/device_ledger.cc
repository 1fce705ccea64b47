#include "simulators/interfaces/device_ledger.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"
#include "simulators/alert_rule.h"
#include "simulators/interfaces/silence_truth.h"
#include "simulators/ledger.h"
#include "simulators/series_name.h"
#include "simulators/truth.h"

namespace fleet_edge::simulators {
namespace {

// For DoubtSince().
constexpr Duration kRecent = std::chrono::seconds{10};

std::optional<AlertTruth> TruthOf(const std::string& vehicle, const SeriesName& series) {
  const auto* const rule = std::ranges::find(kTankerAlerts, series.name, &AlertRule::signal);
  if (rule == kTankerAlerts.end()) return std::nullopt;
  return AlertTruth(vehicle, *rule, series.labels);
}

}  // namespace

DeviceLedger::DeviceLedger(const std::string& file, std::string vehicle, std::uint64_t seed,
                           UtcTime now)
    : vehicle_(std::move(vehicle)), begin_(now), file_(file, LedgerWriter::Mode::kNew) {
  LedgerStart start{.at = now, .seed = seed, .alerts = {std::string(kSilenceAlert)}};
  for (const AlertRule& rule : kTankerAlerts) start.alerts.emplace_back(rule.alert);
  file_.Append(start);
  file_.Flush();
}

std::size_t DeviceLedger::AddForm(std::vector<SeriesName> series, Stamp stamp, Duration reader) {
  const std::size_t number = forms_.size();
  Form& form = forms_.emplace_back(Form{.stamp = stamp, .reader = reader, .voices = {}});
  for (const SeriesName& name : series) {
    Voice& voice = form.voices.emplace_back(
        Voice{.name = name, .truth = TruthOf(vehicle_, name), .silence = {}});
    if (WatchesSilence(name)) voice.silence.emplace(vehicle_, name, begin_);
  }
  file_.Append(MessageForm{
      .number = number, .vehicle = vehicle_, .series = std::move(series), .stamp = stamp});
  return number;
}

std::uint64_t DeviceLedger::Say(std::size_t number, UtcTime time, std::vector<double> values) {
  Form& form = forms_.at(number);
  for (std::size_t i = 0; i < values.size(); ++i) form.voices.at(i).value = values[i];
  form.seen = true;
  Hear(form, time);
  readings_ += values.size();
  std::erase_if(form.recent, [&](const auto& said) { return said.first < time - kRecent; });
  form.recent.emplace_back(time, messages_);
  file_.Append(SentMessage{.form = number, .time = time, .values = std::move(values)});
  return messages_++;
}

void DeviceLedger::Hear(Form& form, UtcTime time) {
  for (Voice& voice : form.voices) {
    if (voice.silence) voice.silence->Add(std::max(time, voice.last), form.reader);
    if (time <= voice.last) continue;
    voice.last = time;
    if (voice.truth) voice.truth->Add(time, voice.value);
  }
}

void DeviceLedger::FallSilent(std::size_t number, UtcTime time) {
  Form& form = forms_.at(number);
  if (!form.seen) return;
  Hear(form, time);
  form.seen = false;
  file_.Append(SentMessage{.form = number, .time = time, .values = {}});
  ++messages_;
}

void DeviceLedger::DoubtSince(std::size_t number, UtcTime since) {
  for (const auto& [time, message] : forms_.at(number).recent) {
    if (time >= since) Doubt(message);
  }
}

void DeviceLedger::Tend(UtcTime now) {
  for (Form& form : forms_) {
    if (form.stamp == Stamp::kLook && form.seen) Hear(form, now);
  }
  TakeExpected();
  file_.Flush();
}

void DeviceLedger::TakeExpected() {
  for (Form& form : forms_) {
    for (Voice& voice : form.voices) {
      if (voice.silence) {
        for (ExpectedChange& change : voice.silence->Take()) file_.Append(std::move(change));
      }
      if (voice.truth) {
        for (ExpectedChange& change : voice.truth->Take()) file_.Append(std::move(change));
      }
    }
  }
}

void DeviceLedger::Close(UtcTime now) {
  for (Form& form : forms_) {
    for (Voice& voice : form.voices) {
      if (voice.silence) voice.silence->Finish(now);
      if (voice.truth) voice.truth->Finish();
    }
  }
  TakeExpected();
  std::ranges::sort(doubted_);
  const auto twice = std::ranges::unique(doubted_);
  doubted_.erase(twice.begin(), twice.end());
  file_.Append(LedgerEnd{.at = now, .messages = messages_, .unacknowledged = doubted_});
  file_.Flush();
}

std::vector<SeriesName> DeviceLedger::Series() const {
  std::vector<SeriesName> all;
  for (const Form& form : forms_) {
    for (const Voice& voice : form.voices) {
      if (std::ranges::find(all, voice.name) == all.end()) all.push_back(voice.name);
    }
  }
  return all;
}

}  // namespace fleet_edge::simulators
