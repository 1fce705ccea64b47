#include "core/counters.h"

#include <doctest/doctest.h>

#include "core/labels.h"

namespace fleet_edge {
namespace {

TEST_CASE("Counters: the same name and labels are the same counter") {
  Counters counters;
  counters.Get("rejected_total", {{"reason", "malformed"}}).Add(2);
  counters.Get("rejected_total", {{"reason", "malformed"}}).Add();
  counters.Get("rejected_total", {{"reason", "late"}}).Add(4);
  counters.Get("other_total").Add(8);
  CHECK(counters.Get("rejected_total", {{"reason", "malformed"}}).value() == 3);
  CHECK(counters.Sum("rejected_total") == 7);
  CHECK(counters.Snapshot().size() == 3);
}

TEST_CASE("Counters: beyond the bound new label sets are counted together") {
  Counters counters(2);
  counters.Get("a_total").Add();
  counters.Get("b_total").Add();
  counters.Get("c_total", {{"x", "1"}}).Add();
  counters.Get("c_total", {{"x", "2"}}).Add();
  CHECK(counters.Get("c_total", {{"overflow", "true"}}).value() == 2);
}

}  // namespace
}  // namespace fleet_edge
