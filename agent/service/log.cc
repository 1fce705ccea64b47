#include "agent/service/log.h"

#include <spdlog/common.h>
#include <spdlog/details/log_msg.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "agent/service/journal.h"
#include "agent/service/repeat_filter.h"
#include "core/section.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

struct Level {
  std::string_view name;
  char priority;  ///< as syslog and the journal count
  std::string_view colour;
};

// By spdlog's numbers: trace to critical.
constexpr std::array<Level, 6> kLevels{{{"trace", '7', "\033[2m"},
                                        {"debug", '7', "\033[2m"},
                                        {"info", '6', "\033[32m"},
                                        {"warning", '4', "\033[33m"},
                                        {"error", '3', "\033[31m"},
                                        {"critical", '2', "\033[1;31m"}}};
constexpr std::string_view kNoColour = "\033[0m";
constexpr std::size_t kTimeOfDay = 11;  // where it begins in ISO 8601

/// Writes lines in one style, without the repeats. Any thread; spdlog's mutex serializes.
class Sink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  Sink(LogStyle style, std::FILE* stream, JournalSender journal)
      : style_(style), stream_(stream), journal_(std::move(journal)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view text(message.payload.data(), message.payload.size());
    const auto held_back = filter_.Pass(text, message.time);
    if (!held_back) return;
    const Level& level = kLevels.at(message.level);
    std::string line(text);
    if (*held_back > 0) line += " (" + std::to_string(*held_back) + " more like this)";
    if (journal_ && journal_(MakeJournalEntry(level.priority, line))) return;
    line.insert(0, Prefix(level, message.time)).push_back('\n');
    std::fwrite(line.data(), 1, line.size(), stream_);
    std::fflush(stream_);
  }

  void flush_() override { std::fflush(stream_); }

  std::string Prefix(const Level& level, spdlog::log_clock::time_point now) const {
    if (style_ == LogStyle::kJournal) return {'<', level.priority, '>'};
    const std::string time = ToString(UtcTime{std::chrono::floor<std::chrono::milliseconds>(now)});
    if (style_ == LogStyle::kPlain) return time + " " + std::string(level.name) + " ";
    std::string prefix = time.substr(std::min(time.size(), kTimeOfDay)) + " ";
    return prefix.append(level.colour).append(level.name).append(kNoColour).append(" ");
  }

  const LogStyle style_;
  std::FILE* const stream_;
  const JournalSender journal_;
  RepeatFilter filter_{RepeatFilter::Limits{}};
};

}  // namespace

void Describe(Section& section, LogOptions& options) {
  static constexpr std::array<std::string_view, 4> kNames{"debug", "info", "warning", "error"};
  section.Key("level", options.level, "What is logged: debug, info, warning or error and above.")
      .OneOf(kNames);
  if (std::ranges::find(kNames, options.level) == kNames.end()) {
    section.Fail("level", "'" + options.level + "' is no level",
                 "Write debug, info, warning or error");
  }
}

LogStyle DetectLogStyle(int fd, const char* journal_stream) {
  if (isatty(fd) == 1) return LogStyle::kTerminal;
  struct stat status{};
  if (journal_stream == nullptr || fstat(fd, &status) != 0) return LogStyle::kPlain;
  const std::string ours = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
  return ours == journal_stream ? LogStyle::kJournal : LogStyle::kPlain;
}

void SetUpLog(const LogOptions& options, LogStyle style, std::FILE* stream, JournalSender journal) {
  auto sink = std::make_shared<Sink>(style, stream, std::move(journal));
  auto logger = std::make_shared<spdlog::logger>("fleet-edge", std::move(sink));
  logger->set_level(spdlog::level::from_str(options.level));
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace fleet_edge::agent
