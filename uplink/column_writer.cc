#include "uplink/column_writer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "uplink/bit_writer.h"

namespace fleet_edge::uplink {
namespace {

constexpr int kPlain = 10;       // in place of the decimals: doubles follow
constexpr int kFirstOrder = 12;  // of a column's first number
constexpr int kWidest = 64;

// In a shorter column its own code takes what a step spares.
constexpr std::size_t kWorthAStep = 5;
constexpr std::uint64_t kLargestStep = std::uint64_t{1} << 62U;

/// a − b without a trap at the ends of the range; the decoder's sum wraps back.
std::int64_t Difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

std::uint64_t Magnitude(std::int64_t number) {
  const auto bits = static_cast<std::uint64_t>(number);
  return number < 0 ? 0 - bits : bits;
}

/// What all intervals are multiples of: sensors often have a coarser step than their signal's
/// decimals can say. 0 where all numbers are the same.
std::int64_t StepOf(std::span<const std::int64_t> numbers) {
  std::uint64_t step = 0;
  for (std::size_t i = 1; i < numbers.size() && step != 1; ++i) {
    step = std::gcd(step, Magnitude(Difference(numbers[i], numbers[i - 1])));
  }
  if (step == 0) return 0;
  return numbers.size() < kWorthAStep || step > kLargestStep ? 1 : static_cast<std::int64_t>(step);
}

struct Choice {
  int order;
  std::uint64_t bits;
};

std::uint64_t BitsOf(std::span<const std::uint64_t> numbers, int order) {
  std::uint64_t bits = 0;
  for (const std::uint64_t number : numbers) {
    bits += static_cast<std::uint64_t>(BitWriter::Length(number, order));
  }
  return bits;
}

/// The order that suits these numbers: as wide as their median or one less, which is within a
/// hundredth of the best.
Choice BestOrder(std::span<const std::uint64_t> numbers) {
  std::array<std::size_t, kWidest + 1> count_by_width{};
  int widest = 0;
  for (const std::uint64_t number : numbers) {
    const int width = BitWriter::Width(number);
    ++count_by_width[static_cast<std::size_t>(width)];
    widest = std::max(widest, width);
  }
  int median = 0;
  std::size_t seen = count_by_width[0];
  while (seen <= numbers.size() / 2 && median < widest) {
    seen += count_by_width[static_cast<std::size_t>(++median)];
  }
  // By order 0 the greatest of all numbers has no code.
  const int least = widest == kWidest ? 1 : 0;
  const int wide = std::clamp(median, least, kWidest - 1);
  const int narrow = std::max(wide - 1, least);
  const Choice a{wide, BitsOf(numbers, wide)};
  const Choice b{narrow, BitsOf(numbers, narrow)};
  return b.bits < a.bits ? b : a;
}

}  // namespace

void ColumnWriter::Write(std::span<const std::int64_t> numbers, int decimals, BitWriter& out) {
  const std::int64_t step = StepOf(numbers);
  out.Number(static_cast<std::uint64_t>(decimals));
  out.Number(BitWriter::ZigZag(numbers.front()), kFirstOrder);
  out.Number(static_cast<std::uint64_t>(step));
  if (step != 0) WriteIntervals(numbers, step, out);
}

void ColumnWriter::WriteIntervals(std::span<const std::int64_t> numbers, std::int64_t step,
                                  BitWriter& out) {
  intervals_.clear();
  changes_.clear();
  std::int64_t before = 0;
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    std::int64_t interval = Difference(numbers[i], numbers[i - 1]);
    if (step != 1) interval /= step;
    intervals_.push_back(BitWriter::ZigZag(interval));
    changes_.push_back(BitWriter::ZigZag(Difference(interval, before)));
    before = interval;
  }
  const Choice by_intervals = BestOrder(intervals_);
  const Choice by_changes = BestOrder(changes_);
  const bool is_steady = by_changes.bits < by_intervals.bits;
  const int order = is_steady ? by_changes.order : by_intervals.order;
  out.Bits(is_steady ? 1 : 0, 1);
  out.Number(static_cast<std::uint64_t>(order));
  for (const std::uint64_t number : is_steady ? changes_ : intervals_) out.Number(number, order);
}

void ColumnWriter::Write(std::span<const double> numbers, BitWriter& out) {
  out.Number(kPlain);
  for (const double number : numbers) out.Bits(std::bit_cast<std::uint64_t>(number), kWidest);
}

}  // namespace fleet_edge::uplink
