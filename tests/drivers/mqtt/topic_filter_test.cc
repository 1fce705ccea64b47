#include "drivers/mqtt/topic_filter.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "core/labels.h"

namespace fleet_edge::drivers {
namespace {

TopicFilter Filter(std::string_view text) { return TopicFilter::Parse(text).value(); }

bool Matches(std::string_view filter, std::string_view topic) {
  return Filter(filter).Matches(topic);
}

}  // namespace

TEST_CASE("TopicFilter: wildcards match as MQTT 3.1.1 §4.7 says") {
  CHECK(Matches("sport/tennis/player1/#", "sport/tennis/player1"));
  CHECK(Matches("sport/tennis/player1/#", "sport/tennis/player1/ranking"));
  CHECK(Matches("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon"));
  CHECK(Matches("#", "sport/tennis"));
  CHECK(Matches("sport/tennis/+", "sport/tennis/player1"));
  CHECK_FALSE(Matches("sport/tennis/+", "sport/tennis/player1/ranking"));
  CHECK_FALSE(Matches("sport/+", "sport"));
  CHECK(Matches("sport/+", "sport/"));
  CHECK(Matches("+/+", "/finance"));
  CHECK(Matches("/+", "/finance"));
  CHECK_FALSE(Matches("+", "/finance"));
  CHECK_FALSE(Matches("sport", "Sport"));
}

TEST_CASE("TopicFilter: wildcards in the first level don't see the broker's own topics") {
  CHECK_FALSE(Matches("#", "$SYS/uptime"));
  CHECK_FALSE(Matches("+/uptime", "$SYS/uptime"));
  CHECK(Matches("$SYS/#", "$SYS/uptime"));
  CHECK(Matches("$SYS/+", "$SYS/uptime"));
}

TEST_CASE("TopicFilter: a level in braces is a wildcard and becomes a label") {
  const TopicFilter filter = Filter("vehicles/{vehicle}/+/cargo/{zone}/#");
  CHECK(filter.subscription() == "vehicles/+/+/cargo/+/#");
  REQUIRE(filter.Matches("vehicles/tanker-1/x/cargo/2/celsius"));
  CHECK(filter.Capture("vehicles/tanker-1/x/cargo/2/celsius") ==
        Labels{{"vehicle", "tanker-1"}, {"zone", "2"}});
  CHECK(Filter("{a}/{b}").Capture("1/2") == Labels{{"a", "1"}, {"b", "2"}});
}

TEST_CASE("TopicFilter: what is no filter is refused with its reason") {
  const auto why = [](std::string_view text) { return TopicFilter::Parse(text).error().message; };
  CHECK(why("") == "a topic filter can't be empty");
  CHECK(why("a/#/b") == "'#' must be the last level");
  CHECK(why("a/b#") == "a wildcard must be a level of its own, but one is in 'b#'");
  CHECK(why("a+/b") == "a wildcard must be a level of its own, but one is in 'a+'");
  CHECK(why("a/{b}c") == "a wildcard must be a level of its own, but one is in '{b}c'");
  CHECK(why("a/{1b}") == "'{1b}' holds no label name");
  CHECK(why("{a}/{a}") == "'{a}' stands twice");
  CHECK_FALSE(TopicFilter::Parse(std::string("a\0b", 3)));
  CHECK_FALSE(TopicFilter::Parse(std::string(65'536, 'a')));
}

TEST_CASE("TopicFilter: two filters overlap when some topic matches both") {
  const auto overlap = [](std::string_view a, std::string_view b) {
    CHECK(Filter(a).Overlaps(Filter(b)) == Filter(b).Overlaps(Filter(a)));
    return Filter(a).Overlaps(Filter(b));
  };
  CHECK(overlap("a/+", "a/b"));
  CHECK(overlap("a/+", "+/b"));
  CHECK(overlap("a/#", "a"));
  CHECK(overlap("#", "a/b/c"));
  CHECK(overlap("a/b/#", "a/+/c/d"));
  CHECK_FALSE(overlap("a/b", "a/c"));
  CHECK_FALSE(overlap("a/+", "a"));
  CHECK_FALSE(overlap("a/+", "a/b/c"));
  CHECK_FALSE(overlap("#", "$SYS/a"));
}

}  // namespace fleet_edge::drivers
