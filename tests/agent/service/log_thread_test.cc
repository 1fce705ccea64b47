#include "agent/service/log_thread.h"

#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

#include <cstddef>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "agent/service/journal.h"
#include "agent/service/log.h"

namespace fleet_edge::agent {
namespace {

/// A journal that takes nothing until it is let go.
struct HangingJournal {
  HangingJournal() {
    SetUpLog({}, LogStyle::kJournal, stderr, [this](const JournalEntry& entry) {
      released.wait();
      messages.push_back(entry.back().substr(entry.back().find('=') + 1));
      return true;
    });
  }
  HangingJournal(const HangingJournal&) = delete;
  HangingJournal& operator=(const HangingJournal&) = delete;
  ~HangingJournal() { spdlog::set_default_logger(before); }

  const std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::vector<std::string> messages;  // of the log's thread, and read once that has ended
};

/// Lines that differ in letters: of those that differ in numbers alone the log keeps a few.
std::string Line(std::size_t number) {
  std::string text = "line ";
  for (; number > 0; number /= 26) text += static_cast<char>('a' + number % 26);
  return text;
}

}  // namespace

TEST_CASE("LogThread: whoever logs does not wait for a journal that hangs, and losses are told") {
  constexpr std::size_t kWritten = 1000;
  HangingJournal journal;
  {
    const LogThread thread;
    for (std::size_t i = 0; i < kWritten; ++i) spdlog::info("{}", Line(i));
    journal.release.set_value();
  }
  std::size_t told = 0;
  std::size_t kept = 0;
  for (const std::string& message : journal.messages) {
    std::size_t lost = 0;
    const bool tells = std::sscanf(message.c_str(), "log: %zu lines were lost", &lost) == 1;
    (tells ? told : kept) += tells ? lost : 1;
  }
  // The queue's, and the one that hung if it was taken before the queue was full.
  CHECK(kept >= LogThread::kLines);
  CHECK(kept <= LogThread::kLines + 1);
  CHECK(told + kept == kWritten);
  CHECK(journal.messages.back() == Line(kWritten - 1));
}

TEST_CASE("LogThread: at its end all is written, in order, and the log goes on without it") {
  HangingJournal journal;
  journal.release.set_value();
  {
    const LogThread thread;
    spdlog::info("first");
    spdlog::warn("second");
  }
  spdlog::info("third");
  CHECK(journal.messages == std::vector<std::string>{"first", "second", "third"});
}

TEST_CASE("LogThread: the level stays") {
  HangingJournal journal;
  journal.release.set_value();
  {
    const LogThread thread;
    spdlog::debug("quiet");
  }
  CHECK(journal.messages.empty());
}

}  // namespace fleet_edge::agent
