#include "agent/service/log_thread.h"

#include <pthread.h>
#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/common.h>
#include <spdlog/details/log_msg.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/sink.h>
#include <spdlog/spdlog.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace fleet_edge::agent {
namespace {

using spdlog::details::thread_pool;

/// Hands lines to another logger's sinks and says, ahead of a line, how many were lost before it.
/// The log's thread.
class LossTeller : public spdlog::sinks::sink {
 public:
  LossTeller(std::shared_ptr<spdlog::logger> direct, thread_pool& queue)
      : direct_(std::move(direct)), queue_(queue) {}

  void log(const spdlog::details::log_msg& message) override {
    if (const std::size_t lost = queue_.overrun_counter(); lost != told_) {
      const std::string text = "log: " + std::to_string(lost - told_) +
                               " lines were lost: what reads them took none for too long";
      Write({message.logger_name, spdlog::level::warn, text});
      told_ = lost;
    }
    Write(message);
  }

  void flush() override {
    for (const auto& each : direct_->sinks()) each->flush();
  }

  // The lines' look is the business of the other logger's sinks.
  void set_pattern(const std::string& /*pattern*/) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter> /*formatter*/) override {}

 private:
  void Write(const spdlog::details::log_msg& message) {
    for (const auto& each : direct_->sinks()) each->log(message);
  }

  const std::shared_ptr<spdlog::logger> direct_;
  thread_pool& queue_;  // outlives its thread, which alone calls this
  std::size_t told_ = 0;
};

}  // namespace

LogThread::LogThread()
    : direct_(spdlog::default_logger()), thread_(std::make_shared<thread_pool>(kLines, 1, [] {
        pthread_setname_np(pthread_self(), "log");
      })) {
  auto logger = std::make_shared<spdlog::async_logger>(
      direct_->name(), std::make_shared<LossTeller>(direct_, *thread_), thread_,
      spdlog::async_overflow_policy::overrun_oldest);
  logger->set_level(direct_->level());
  spdlog::set_default_logger(std::move(logger));
}

LogThread::~LogThread() { spdlog::set_default_logger(direct_); }

}  // namespace fleet_edge::agent
