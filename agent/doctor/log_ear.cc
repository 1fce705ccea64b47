#include "agent/doctor/log_ear.h"

#include <spdlog/common.h>
#include <spdlog/details/log_msg.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace fleet_edge::agent::doctor {

class LogEar::Sink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::string Last(const std::string& speaker) {
    const std::lock_guard lock(mutex_);
    const auto found = last_.find(speaker);
    return found == last_.end() ? std::string() : found->second;
  }

 private:
  static constexpr std::size_t kMaxSpeakers = 100;

  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view text(message.payload.data(), message.payload.size());
    const std::size_t end = text.find(": ");
    if (end == std::string_view::npos || last_.size() == kMaxSpeakers) return;
    last_[std::string(text.substr(0, end))] = text.substr(end + 2);
  }
  void flush_() override {}

  std::map<std::string, std::string> last_;  // guarded by the base's mutex_
};

LogEar::LogEar() : sink_(std::make_shared<Sink>()) {
  auto logger = std::make_shared<spdlog::logger>("doctor", sink_);
  logger->set_level(spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

LogEar::~LogEar() { spdlog::set_level(spdlog::level::off); }

std::string LogEar::Last(const std::string& speaker) const { return sink_->Last(speaker); }

}  // namespace fleet_edge::agent::doctor
