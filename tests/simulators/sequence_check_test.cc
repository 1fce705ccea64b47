#include "simulators/sequence_check.h"

#include <doctest/doctest.h>

namespace fleet_edge::simulators {
namespace {

using Verdict = SequenceCheck::Verdict;

TEST_CASE("SequenceCheck: numbers count per vehicle and start") {
  SequenceCheck check;
  CHECK(check.Add("a", 1, 1, 0, "x") == Verdict::kFirst);
  CHECK(check.Add("b", 1, 1, 0, "x") == Verdict::kFirst);
  CHECK(check.Add("a", 1, 2, 0, "x") == Verdict::kFirst);
  CHECK(check.Add("a", 2, 1, 0, "x") == Verdict::kFirst);
  CHECK(check.first() == 4);
  CHECK(check.out_of_order() == 0);
}

TEST_CASE("SequenceCheck: a key that was there is repeated or altered") {
  SequenceCheck check;
  check.Add("a", 1, 1, 0, "x");
  CHECK(check.Add("a", 1, 1, 0, "x") == Verdict::kRepeated);
  CHECK(check.Add("a", 1, 1, 0, "y") == Verdict::kAltered);
  CHECK(check.repeated() == 1);
  CHECK(check.altered() == 1);
}

TEST_CASE("SequenceCheck: a repetition is in order wherever it comes") {
  SequenceCheck check;
  check.Add("a", 1, 1, 0, "x");
  check.Add("a", 1, 2, 0, "x");
  check.Add("a", 1, 1, 0, "x");
  CHECK(check.out_of_order() == 0);
}

TEST_CASE("SequenceCheck: an older number or start after a newer one is out of order") {
  SequenceCheck check;
  check.Add("a", 1, 2, 0, "x");
  check.Add("a", 1, 1, 0, "x");
  CHECK(check.out_of_order() == 1);
  check.Add("a", 2, 1, 0, "x");
  check.Add("a", 1, 3, 0, "x");
  CHECK(check.out_of_order() == 2);
}

TEST_CASE("SequenceCheck: a vehicle in two partitions has no order") {
  SequenceCheck check;
  check.Add("a", 1, 1, 0, "x");
  check.Add("a", 1, 2, 1, "x");
  CHECK(check.out_of_order() == 1);
}

TEST_CASE("SequenceCheck: numbers that are missing below others are gaps") {
  SequenceCheck check;
  check.Add("a", 1, 3, 0, "x");
  check.Add("a", 1, 5, 0, "x");
  const auto gaps = check.Gaps();
  REQUIRE(gaps.size() == 2);
  CHECK(gaps[0].from_seq == 1);
  CHECK(gaps[0].to_seq == 2);
  CHECK(gaps[1].from_seq == 4);
  CHECK(gaps[1].to_seq == 4);
}

}  // namespace
}  // namespace fleet_edge::simulators
