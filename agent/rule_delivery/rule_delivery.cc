#include "agent/rule_delivery/rule_delivery.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "agent/config/rule_files.h"
#include "agent/rule_delivery/bundle_trial.h"
#include "agent/rule_delivery/rule_bundle.h"
#include "agent/rule_delivery/staged_bundle.h"
#include "core/counters.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "drivers/mqtt/mqtt_client.h"

namespace fleet_edge::agent {
namespace {

constexpr std::chrono::seconds kLookEvery{1};  // at the dropped file
constexpr int kNice = 10;                      // trying rules gives way to all else

std::string TopicOf(std::string topic, const std::string& vehicle) {
  constexpr std::string_view kVehicle = "{vehicle}";
  const std::size_t at = topic.find(kVehicle);
  return at == std::string::npos ? topic : topic.replace(at, kVehicle.size(), vehicle);
}

std::vector<std::string> DropOf(const std::string& file) {
  return file.empty() ? std::vector<std::string>() : std::vector{file};
}

}  // namespace

RuleDelivery::RuleDelivery(Setup setup, Counters& counters)
    : setup_(std::move(setup)),
      oversized_(counters.Get(kRuleBundlesTotal, {{"outcome", "oversized"}})),
      drop_(DropOf(setup_.config.file)),
      last_(setup_.in_force.empty() ? setup_.left_out : setup_.in_force),
      client_(MakeClient()) {
  StagedBundle::RemoveLeftovers(setup_.kept);
  std::error_code no;
  const auto dropped = std::filesystem::last_write_time(setup_.config.file, no);
  dropped_ = !no;
  if (!dropped_ || setup_.in_force.empty()) return;
  // What was dropped before the bundle in force was kept has had its turn.
  const auto kept = std::filesystem::last_write_time(setup_.kept, no);
  if (!no && dropped <= kept) drop_.Skip();
}

std::unique_ptr<drivers::MqttClient> RuleDelivery::MakeClient() {
  if (!setup_.config.mqtt) return nullptr;
  drivers::MqttClient::Setup setup;
  setup.options = setup_.config.mqtt->options;
  setup.client_id = setup.options.client_id.empty() ? "fleet-edge-" + setup_.vehicle + "-rules"
                                                    : setup.options.client_id;
  setup.log_name = "delivery of rules";
  setup.subscriptions = {TopicOf(setup_.config.mqtt->topic, setup_.vehicle)};
  return std::make_unique<drivers::MqttClient>(
      std::move(setup),
      drivers::MqttClient::Handlers{.on_message =
                                        [this](const drivers::MqttClient::Message& message) {
                                          Receive(message.payload, Source::kTopic);
                                        },
                                    .on_connected = nullptr});
}

/// An empty text is a retained bundle that was taken away: what is in force stays.
void RuleDelivery::Receive(std::string_view text, Source source) {
  if (text.empty()) return Withdraw(source);
  if (text.size() > kMaxBundleBytes) return RefuseOversized(text.size(), source);
  {
    const std::lock_guard lock(mutex_);
    source_ = source;
    unread_.clear();
    waiting_.reset();
    withdrawn_ = false;
    if (text == last_) return;
    waiting_ = std::string(text);
    ++arrivals_;
  }
  came_.notify_one();
}

/// Of what came from elsewhere since, nothing is taken away.
void RuleDelivery::Withdraw(Source source) {
  const std::lock_guard lock(mutex_);
  if (source_ && *source_ != source) return;
  unread_.clear();
  waiting_.reset();
  last_.clear();
  withdrawn_ = true;
  ++arrivals_;
}

void RuleDelivery::RefuseOversized(std::uintmax_t size, Source source) {
  oversized_.Add();
  RefuseUnread(
      {.file = source == Source::kFile ? setup_.config.file : "bundle",
       .position = {},
       .what = "it has " + std::to_string(size) + " bytes, 1 MiB is the most: it was not read",
       .mend = "Leave out what the vehicle does not need"},
      source);
}

/// Told once, however often it is repeated.
void RuleDelivery::RefuseUnread(Diagnostic finding, Source source) {
  const std::lock_guard lock(mutex_);
  source_ = source;
  if (std::exchange(unread_, finding.what) == finding.what) return;
  waiting_.reset();
  last_.clear();
  withdrawn_ = false;
  ++arrivals_;
  DeliveredRules refused;
  refused.trial.findings.push_back(std::move(finding));
  Tell(std::move(refused));
}

/// One that goes takes the place of those before it. Under mutex_.
void RuleDelivery::Tell(DeliveredRules delivered) {
  if (!HasErrors(delivered.trial.findings)) told_.clear();
  if (told_.size() == kMostTold) told_.pop_front();
  told_.push_back(std::move(delivered));
}

void RuleDelivery::ReadDrop() {
  if (setup_.config.file.empty() || !drop_.Changed()) return;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(setup_.config.file, error);
  if (error == std::errc::no_such_file_or_directory) {
    if (std::exchange(dropped_, false)) Withdraw(Source::kFile);
    return;
  }
  dropped_ = true;
  if (!error && size > kMaxBundleBytes) return RefuseOversized(size, Source::kFile);
  const Result<std::string> text = ReadFile(setup_.config.file);
  if (text) return Receive(*text, Source::kFile);
  RefuseUnread({.file = setup_.config.file,
                .position = {},
                .what = text.error().message,
                .mend = "Let the agent's user read it"},
               Source::kFile);
}

void RuleDelivery::Run(const std::stop_token& stop) {
  setpriority(PRIO_PROCESS, 0, kNice);  // of this thread alone, on Linux
  if (client_) client_->Start();
  while (!stop.stop_requested()) {
    std::optional<std::string> text;
    std::uint64_t arrival = 0;
    {
      std::unique_lock lock(mutex_);
      came_.wait_for(lock, stop, kLookEvery, [this] { return waiting_.has_value() || again_; });
      text = std::exchange(waiting_, std::nullopt);
      if (std::exchange(again_, false) && !text && !last_.empty()) text = last_;
      if (text) last_ = *text;
      arrival = arrivals_;
    }
    if (text) Try(*text, arrival, stop);
    ReadDrop();
  }
  if (client_) client_->Stop();
}

void RuleDelivery::Try(const std::string& text, std::uint64_t arrival,
                       const std::stop_token& stop) {
  DeliveredRules delivered;
  delivered.bundle = ReadBundle({"bundle", text}, delivered.trial.findings);
  delivered.text = text;
  if (!HasErrors(delivered.trial.findings)) {
    const auto others = setup_.others();
    if (others) {
      delivered.trial = TryBundle(delivered.bundle, *others, setup_.options, stop);
    } else {
      delivered.trial.findings.push_back({.file = "rules",
                                          .position = {},
                                          .what = others.error().message,
                                          .mend = "Mend the vehicle's own rules first"});
    }
  }
  if (stop.stop_requested()) return;  // it comes again after the start
  if (!HasErrors(delivered.trial.findings)) {
    auto staged = StagedBundle::Write(setup_.kept, delivered.text);
    if (staged) {
      delivered.staged = std::move(staged).value();
    } else {
      delivered.trial.findings.push_back({.file = "bundle",
                                          .position = {},
                                          .what = staged.error().message,
                                          .mend = "It would be forgotten at the next stop"});
    }
  }
  const std::lock_guard lock(mutex_);
  if (arrival == arrivals_) Tell(std::move(delivered));
}

std::optional<DeliveredRules> RuleDelivery::Take() {
  const std::lock_guard lock(mutex_);
  if (told_.empty()) return std::nullopt;
  DeliveredRules oldest = std::move(told_.front());
  told_.pop_front();
  return oldest;
}

bool RuleDelivery::TakeWithdrawal() {
  const std::lock_guard lock(mutex_);
  return std::exchange(withdrawn_, false);
}

void RuleDelivery::TryAgain() {
  {
    const std::lock_guard lock(mutex_);
    again_ = true;
  }
  came_.notify_one();
}

std::string ReadKeptBundle(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > kMaxBundleBytes) return {};
  Result<std::string> text = ReadFile(path);
  return text ? std::move(text).value() : std::string();
}

}  // namespace fleet_edge::agent
