#include "uplink/gap_log.h"

#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fleet/v1/status.pb.h"
#include "uplink/batch.h"

namespace fleet_edge::uplink {

fleet::v1::Gap GapOf(const Batch& batch, std::string_view reason) {
  fleet::v1::Gap gap;
  gap.set_topic(std::string(TopicOf(batch.id.lane)));
  gap.set_epoch(batch.id.epoch);
  gap.set_from_seq(batch.id.seq);
  gap.set_to_seq(batch.id.seq);
  gap.set_records(batch.count);
  gap.set_reason(std::string(reason));
  return gap;
}

GapLog::GapLog(std::string_view serialized) {
  std::istringstream lines{std::string(serialized)};
  std::string topic;
  std::string reason;
  std::uint64_t epoch = 0;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::uint64_t records = 0;
  while (lines >> topic >> epoch >> from >> to >> records >> reason) {
    fleet::v1::Gap gap;
    gap.set_topic(topic);
    gap.set_epoch(epoch);
    gap.set_from_seq(from);
    gap.set_to_seq(to);
    gap.set_records(records);
    gap.set_reason(reason);
    gaps_.push_back(std::move(gap));
  }
}

void GapLog::Add(fleet::v1::Gap gap) {
  for (fleet::v1::Gap& known : gaps_) {
    if (known.topic() == gap.topic() && known.epoch() == gap.epoch() &&
        known.reason() == gap.reason() && known.to_seq() + 1 == gap.from_seq()) {
      known.set_to_seq(gap.to_seq());
      known.set_records(known.records() + gap.records());
      return;
    }
  }
  gaps_.push_back(std::move(gap));
}

std::vector<fleet::v1::Gap> GapLog::Take() { return std::exchange(gaps_, {}); }

fleet::v1::Gap GapLog::TakeOldest() {
  fleet::v1::Gap oldest = std::move(gaps_.front());
  gaps_.erase(gaps_.begin());
  return oldest;
}

std::string GapLog::Serialize() const {
  std::ostringstream lines;
  for (const fleet::v1::Gap& gap : gaps_) {
    lines << gap.topic() << ' ' << gap.epoch() << ' ' << gap.from_seq() << ' ' << gap.to_seq()
          << ' ' << gap.records() << ' ' << gap.reason() << '\n';
  }
  return std::move(lines).str();
}

}  // namespace fleet_edge::uplink
