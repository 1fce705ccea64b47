#include "rules/sample_ring.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/time.h"

namespace fleet_edge::rules {

void SampleRing::Insert(Sample sample) {
  assert(!full());
  std::size_t place = size_;
  while (place > 0 && At(place - 1).time > sample.time) --place;
  if (place > 0 && At(place - 1).time == sample.time) return;
  for (std::size_t i = size_; i > place; --i) At(i) = At(i - 1);
  At(place) = sample;
  ++size_;
}

void SampleRing::DropUntil(UtcTime horizon) {
  while (size_ > 0 && At(0).time <= horizon) DropOldest();
}

void SampleRing::DropOldest() {
  assert(size_ > 0);
  first_ = (first_ + 1) & (buffer_.size() - 1);
  --size_;
  ++dropped_;
}

void SampleRing::Resize(std::size_t capacity) {
  assert(capacity >= size_ && (capacity & (capacity - 1)) == 0);
  std::vector<Sample> buffer(capacity);
  for (std::size_t i = 0; i < size_; ++i) buffer[i] = At(i);
  buffer_ = std::move(buffer);
  first_ = 0;
}

std::size_t SampleRing::CountUntil(UtcTime time, std::size_t from) const {
  std::size_t low = from;
  std::size_t high = from;
  // Gallops from where the last window stood, then halves.
  for (std::size_t step = 1; high < size_ && At(high).time <= time; step *= 2) {
    low = high + 1;
    high = std::min(size_, high + step);
  }
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (At(middle).time <= time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

Window SampleRing::Between(UtcTime after, UtcTime until, std::uint64_t& hint) const {
  std::size_t from = hint > dropped_ ? static_cast<std::size_t>(hint - dropped_) : 0;
  if (from > size_ || (from > 0 && At(from - 1).time > after)) from = 0;
  const std::size_t begin = CountUntil(after, from);
  const std::size_t end = CountUntil(until, begin);
  hint = dropped_ + begin;
  if (begin == end) return {};
  const std::span<const Sample> all(buffer_);
  const std::size_t at = (first_ + begin) & (buffer_.size() - 1);
  const std::size_t in_first_piece = std::min(end - begin, buffer_.size() - at);
  return {all.subspan(at, in_first_piece), all.first(end - begin - in_first_piece)};
}

const Sample* SampleRing::NewestUntil(UtcTime until) const {
  // Samples beyond the instant are few: those that arrived within the lateness.
  for (std::size_t count = size_; count > 0; --count) {
    if (At(count - 1).time <= until) return &At(count - 1);
  }
  return nullptr;
}

}  // namespace fleet_edge::rules
