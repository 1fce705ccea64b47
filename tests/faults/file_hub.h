#pragma once

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "core/time.h"
#include "fleet/v1/status.pb.h"
#include "tests/support/fake_publisher.h"
#include "uplink/batch.h"
#include "uplink/publisher.h"
#include "uplink/status.h"

namespace fleet_edge::uplink {

/// A hub that is a file: a line for each batch that arrived, `lane epoch seq count crc`, and one
/// for each gap that was announced, `gap topic epoch from to reason records`. A batch is
/// acknowledged once its line is written. One thread. A flapping link is up and down for some ten
/// milliseconds each; when it goes down, what is in flight comes back or stays on the way.
class FileHub : public Publisher {
 public:
  FileHub(const std::string& path, const std::string& link, unsigned seed, const Clock& clock)
      : clock_(clock),
        file_(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640)),
        up_(link == "up" || link == "flapping"),
        flaps_(link == "flapping"),
        next_turn_(flaps_ ? clock.Boot() : BootTime::max()),
        random_(seed) {
    if (file_ < 0) throw std::runtime_error(path + ": " + std::strerror(errno));
    link_.set_up(up_);
    link_.set_room(kRoom);
  }
  FileHub(const FileHub&) = delete;
  FileHub& operator=(const FileHub&) = delete;
  ~FileHub() override { ::close(file_); }

  /// Whether the link is up now.
  void Turn() {
    if (clock_.Boot() < next_turn_) return;
    up_ = !up_;
    next_turn_ = clock_.Boot() + std::chrono::milliseconds{10 + random_() % 60};
    if (!up_ && random_() % 4 == 0) link_.ReturnAll();
    link_.set_up(up_);
  }
  BootTime next_turn() const { return next_turn_; }

  /// Up from now on.
  void Open() {
    up_ = true;
    link_.set_up(true);
    next_turn_ = BootTime::max();
  }

  Result<void> Publish(const Batch& batch) override { return link_.Publish(batch); }
  std::vector<Report> Poll() override { return Written(link_.Poll()); }
  std::vector<Report> Close(Duration patience) override { return Written(link_.Close(patience)); }
  void SetWake(std::function<void()> /*wake*/) override {}  // the driver's loop polls anyway
  PublisherStatus status() const override { return link_.status(); }

 private:
  static constexpr std::size_t kRoom = 200;

  /// The reports, once all that arrived is in the file.
  std::vector<Report> Written(std::vector<Report> reports) {
    for (const Batch& batch : arrived_) Write(batch);
    arrived_.clear();
    return reports;
  }

  void Write(const Batch& batch) const {
    const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(batch.body.data()),
                             static_cast<uInt>(batch.body.size()));
    std::string line = std::string(ToString(batch.id.lane)) + " " + std::to_string(batch.id.epoch) +
                       " " + std::to_string(batch.id.seq) + " " + std::to_string(batch.count) +
                       " " + std::to_string(crc) + "\n";
    fleet::v1::StatusEvent event;
    if (batch.id.lane == Lane::kStatus && event.ParseFromString(batch.body) && event.has_gap()) {
      const fleet::v1::Gap& gap = event.gap();
      line += "gap " + gap.topic() + " " + std::to_string(gap.epoch()) + " " +
              std::to_string(gap.from_seq()) + " " + std::to_string(gap.to_seq()) + " " +
              gap.reason() + " " + std::to_string(gap.records()) + "\n";
    }
    // One line is one write: a killed process leaves no half of it.
    if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
      throw std::runtime_error("the hub's file can't be written");
    }
  }

  const Clock& clock_;
  const int file_;
  bool up_;
  const bool flaps_;
  BootTime next_turn_;
  std::minstd_rand random_;
  FakeHub arrived_;  // and not written yet
  FakePublisher link_{arrived_};
};

}  // namespace fleet_edge::uplink
