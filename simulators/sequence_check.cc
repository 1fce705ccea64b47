#include "simulators/sequence_check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fleet_edge::simulators {

SequenceCheck::Verdict SequenceCheck::Add(const std::string& vehicle, std::uint64_t epoch,
                                          std::uint64_t seq, std::int32_t partition,
                                          std::string_view bytes) {
  Vehicle& state =
      vehicles_.try_emplace(vehicle, Vehicle{.partition = partition, .highest = {}, .seen = {}})
          .first->second;
  const std::size_t hash = std::hash<std::string_view>{}(bytes);
  const auto [entry, first] = state.seen[epoch].try_emplace(seq, hash);
  if (!first) {
    const bool same = entry->second == hash;
    ++(same ? repeated_ : altered_);
    return same ? Verdict::kRepeated : Verdict::kAltered;
  }
  ++first_;
  const Place place{.epoch = epoch, .seq = seq};
  if (place < state.highest || partition != state.partition) ++out_of_order_;
  state.highest = std::max(state.highest, place);
  return Verdict::kFirst;
}

std::vector<SequenceCheck::Gap> SequenceCheck::Gaps() const {
  std::vector<Gap> gaps;
  for (const auto& [name, vehicle] : vehicles_) {
    for (const auto& [epoch, seen] : vehicle.seen) {
      std::vector<std::uint64_t> numbers;
      for (const auto& [seq, hash] : seen) numbers.push_back(seq);
      std::ranges::sort(numbers);
      std::uint64_t next = 1;
      for (const std::uint64_t seq : numbers) {
        if (seq > next) gaps.push_back({name, epoch, next, seq - 1});
        next = seq + 1;
      }
    }
  }
  return gaps;
}

}  // namespace fleet_edge::simulators
