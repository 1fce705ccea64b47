#include "agent/replay/merged_recordings.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/reading.h"
#include "core/time.h"
#include "drivers/replay/recording.h"

namespace fleet_edge::agent {
namespace {

/// Lines of seconds.
class FakeRecording : public drivers::Recording {
 public:
  explicit FakeRecording(std::vector<std::vector<int>> lines) : lines_(std::move(lines)) {}

  bool Next(std::vector<Reading>& out) override {
    if (at_ == lines_.size()) return false;
    for (const int second : lines_[at_]) {
      out.push_back({.time = UtcTime{std::chrono::seconds{second}}, .value = double(second)});
    }
    ++at_;
    return true;
  }

 private:
  const std::vector<std::vector<int>> lines_;
  std::size_t at_ = 0;
};

std::string Played(std::vector<std::vector<std::vector<int>>> recordings) {
  MergedRecordings merged;
  for (auto& lines : recordings) merged.Add(std::make_unique<FakeRecording>(std::move(lines)));
  std::string seconds;
  while (const Reading* const reading = merged.Next()) {
    seconds += std::to_string(static_cast<int>(reading->value)) + " ";
  }
  return seconds;
}

}  // namespace

TEST_CASE("MergedRecordings: readings come in the order of time") {
  CHECK(Played({{{1}, {4}, {7, 8}}, {{2, 3}, {5}}, {{6}, {9}}}) == "1 2 3 4 5 6 7 8 9 ");
}

TEST_CASE("MergedRecordings: within one recording the file's order holds") {
  CHECK(Played({{{3}, {1}, {2}}}) == "3 1 2 ");
}

TEST_CASE("MergedRecordings: lines without readings and empty recordings are passed over") {
  CHECK(Played({{{}, {1}, {}, {}, {2}, {}}, {}, {{}, {}}}) == "1 2 ");
  CHECK(Played({}) == "");
}

}  // namespace fleet_edge::agent
