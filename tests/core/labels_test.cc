#include "core/labels.h"

#include <doctest/doctest.h>

namespace fleet_edge {
namespace {

TEST_CASE("Labels: order of setting does not matter, an empty value is no label") {
  const Labels labels{{"side", "left"}, {"axle", "1"}, {"spare", ""}};
  CHECK(labels == Labels{{"axle", "1"}, {"side", "left"}});
  CHECK(labels.Get("axle") == "1");
  CHECK(labels.Get("spare").empty());
  CHECK(LabelsHash{}(labels) == LabelsHash{}(Labels{{"axle", "1"}, {"side", "left"}}));
}

TEST_CASE("Labels: setting replaces, setting to nothing removes") {
  Labels labels{{"zone", "1"}};
  labels.Set("zone", "2");
  CHECK(labels.Get("zone") == "2");
  labels.Remove("zone");
  CHECK(labels.empty());
}

TEST_CASE("Labels: text is Prometheus's, with escapes") {
  CHECK(ToString(Labels{}).empty());
  CHECK(ToString(Labels{{"a", "x\"y\\z\n"}, {"b", "1"}}) == R"({a="x\"y\\z\n",b="1"})");
}

TEST_CASE("Labels: names are letters, digits and underscores, no digit first") {
  CHECK(IsLabelName("zone_1"));
  CHECK_FALSE(IsLabelName("1zone"));
  CHECK_FALSE(IsLabelName("zone-1"));
  CHECK_FALSE(IsLabelName(""));
}

}  // namespace
}  // namespace fleet_edge
