#include "rules/testing/difference.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fleet_edge::rules {
namespace {

constexpr std::size_t kMostPairs = 1'000'000;

using Lines = std::span<const std::string>;
using Side = DifferenceLine::Side;

/// How many lines the rests of both texts have in common, from each pair of places on.
class CommonLengths {
 public:
  CommonLengths(Lines expected, Lines got)
      : width_(got.size() + 1), lengths_((expected.size() + 1) * width_) {
    for (std::size_t i = expected.size(); i-- > 0;) {
      for (std::size_t j = got.size(); j-- > 0;) {
        lengths_[i * width_ + j] =
            expected[i] == got[j] ? At(i + 1, j + 1) + 1 : std::max(At(i + 1, j), At(i, j + 1));
      }
    }
  }

  std::uint32_t At(std::size_t expected, std::size_t got) const {
    return lengths_[expected * width_ + got];
  }

 private:
  std::size_t width_;
  std::vector<std::uint32_t> lengths_;
};

void Append(std::vector<DifferenceLine>& all, Side side, Lines lines) {
  for (const std::string& line : lines) all.push_back({side, line});
}

/// What both have in common in the middle, and what not.
void AppendMiddle(std::vector<DifferenceLine>& all, Lines expected, Lines got) {
  if (expected.size() > kMostPairs / std::max<std::size_t>(got.size(), 1)) {
    Append(all, Side::kExpected, expected);
    Append(all, Side::kGot, got);
    return;
  }
  const CommonLengths common(expected, got);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < expected.size() && j < got.size()) {
    if (expected[i] == got[j]) {
      all.push_back({Side::kBoth, expected[i]});
      ++i;
      ++j;
    } else if (common.At(i + 1, j) >= common.At(i, j + 1)) {
      all.push_back({Side::kExpected, expected[i++]});
    } else {
      all.push_back({Side::kGot, got[j++]});
    }
  }
  Append(all, Side::kExpected, expected.subspan(i));
  Append(all, Side::kGot, got.subspan(j));
}

}  // namespace

std::vector<DifferenceLine> Difference(const std::vector<std::string>& expected,
                                       const std::vector<std::string>& got) {
  Lines left(expected);
  Lines right(got);
  const auto same = std::ranges::mismatch(left, right);
  const auto head = static_cast<std::size_t>(same.in1 - left.begin());
  std::vector<DifferenceLine> all;
  Append(all, Side::kBoth, left.first(head));
  left = left.subspan(head);
  right = right.subspan(head);
  std::size_t tail = 0;
  while (tail < std::min(left.size(), right.size()) &&
         left[left.size() - 1 - tail] == right[right.size() - 1 - tail]) {
    ++tail;
  }
  AppendMiddle(all, left.first(left.size() - tail), right.first(right.size() - tail));
  Append(all, Side::kBoth, left.last(tail));
  return all;
}

}  // namespace fleet_edge::rules
