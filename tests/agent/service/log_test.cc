#include "agent/service/log.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/service/journal.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {
namespace {

/// The default logger writes into a temporary file for as long as this lives.
class CapturedLog {
 public:
  CapturedLog(const char* level, LogStyle style, JournalSender journal = {})
      : before_(spdlog::default_logger()) {
    LogOptions options;
    options.level = level;
    SetUpLog(options, style, file_.get(), std::move(journal));
  }
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;
  ~CapturedLog() { spdlog::set_default_logger(before_); }

  std::string Text() {
    REQUIRE(std::fseek(file_.get(), 0, SEEK_SET) == 0);
    std::array<char, 4096> text{};
    return {text.data(), std::fread(text.data(), 1, text.size(), file_.get())};
  }

 private:
  std::shared_ptr<spdlog::logger> before_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{std::tmpfile(), std::fclose};
};

}  // namespace

TEST_CASE("Log: under systemd a line begins with its priority") {
  CapturedLog log("debug", LogStyle::kJournal);
  spdlog::debug("a");
  spdlog::info("b");
  spdlog::warn("c");
  spdlog::error("d");
  spdlog::critical("e");
  CHECK(log.Text() == "<7>a\n<6>b\n<4>c\n<3>d\n<2>e\n");
}

TEST_CASE("Log: the journal gets lines as entries, and while it can't be reached the stream does") {
  std::vector<JournalEntry> entries;
  bool reached = true;
  CapturedLog log("info", LogStyle::kJournal, [&](const JournalEntry& entry) {
    if (reached) entries.push_back(entry);
    return reached;
  });
  spdlog::warn("driver can: silent for {}", "10s");
  reached = false;
  spdlog::error("the journal is gone");
  REQUIRE(entries.size() == 1);
  CHECK(entries.front() == MakeJournalEntry('4', "driver can: silent for 10s"));
  CHECK(log.Text() == "<3>the journal is gone\n");
}

TEST_CASE("Log: in a file a line begins with the time and the level") {
  CapturedLog log("info", LogStyle::kPlain);
  spdlog::warn("the hub is gone");
  const std::string text = log.Text();
  CHECK(text.find("T") == 10);
  CHECK(text.find("Z warning the hub is gone\n") != std::string::npos);
}

TEST_CASE("Log: on a terminal the level is coloured and the date left out") {
  CapturedLog log("info", LogStyle::kTerminal);
  spdlog::error("text");
  const std::string text = log.Text();
  CHECK(text.find("\033[31merror\033[0m text\n") != std::string::npos);
  CHECK(text[2] == ':');
}

TEST_CASE("Log: what is below the level is not written") {
  CapturedLog log("warning", LogStyle::kJournal);
  spdlog::info("quiet");
  spdlog::warn("loud");
  CHECK(log.Text() == "<4>loud\n");
}

TEST_CASE("Log: a fault that repeats is cut short") {
  CapturedLog log("info", LogStyle::kJournal);
  for (int i = 0; i < 100; ++i) spdlog::warn("attempt {} failed", i);
  CHECK(log.Text() ==
        "<4>attempt 0 failed\n<4>attempt 1 failed\n<4>attempt 2 failed\n"
        "<4>attempt 3 failed\n<4>attempt 4 failed\n");
}

TEST_CASE("Log: the journal's style is for the stream that the journal reads, no other") {
  const TempFolder folder;
  const int fd = open(folder.Write("log", "").c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(fd >= 0);
  struct stat status{};
  REQUIRE(fstat(fd, &status) == 0);
  const std::string ours = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
  CHECK(DetectLogStyle(fd, ours.c_str()) == LogStyle::kJournal);
  CHECK(DetectLogStyle(fd, "1:1") == LogStyle::kPlain);
  CHECK(DetectLogStyle(fd, nullptr) == LogStyle::kPlain);
  close(fd);
}

}  // namespace fleet_edge::agent
