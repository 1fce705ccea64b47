#include "simulators/ledger_line.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/time.h"
#include "simulators/fleet_plan.h"
#include "simulators/ledger.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {
namespace {

constexpr UtcTime kAt{std::chrono::microseconds{1'700'000'000'123'456}};

/// What comes back of the entry; it must be of the same kind.
template <typename T>
T Again(const T& entry) {
  LedgerParser parser;
  const auto read = parser.Parse(ToLine(entry));
  REQUIRE(read);
  REQUIRE(std::holds_alternative<T>(*read));
  return std::get<T>(*read);
}

TEST_CASE("Ledger: a start comes back") {
  const LedgerStart start = Again(LedgerStart{.at = kAt, .seed = 9, .alerts = {"A", "B"}});
  CHECK(start.at == kAt);
  CHECK(start.seed == 9);
  CHECK(start.alerts == std::vector<std::string>{"A", "B"});
}

TEST_CASE("Ledger: a fleet comes back") {
  const FleetPlan plan{.name = "bus \"7\"",
                       .vehicles = 10'000,
                       .seed = 18'446'744'073'709'551'615U,
                       .start = kAt,
                       .seconds = 600,
                       .spread = std::chrono::seconds{10}};
  CHECK(Again(plan) == plan);
}

TEST_CASE("Ledger: a fleet that no memory holds is refused") {
  LedgerParser parser;
  FleetPlan plan{.vehicles = 1U << 20U, .start = kAt, .seconds = 1U << 10U};
  CHECK(parser.Parse(ToLine(plan)));
  ++plan.seconds;
  CHECK_FALSE(parser.Parse(ToLine(plan)));
  plan.seconds = 4'000'000'000;
  CHECK_FALSE(parser.Parse(ToLine(plan)));
}

TEST_CASE("Ledger: a form comes back, quotes and labels included") {
  const MessageForm form =
      Again(MessageForm{.number = 2,
                        .vehicle = "a \"b\"\\\n",
                        .series = {{"cargo_celsius", {{"zone", "1"}}}, {"engine_rpm", {}}},
                        .stamp = Stamp::kLook});
  CHECK(form.number == 2);
  CHECK(form.stamp == Stamp::kLook);
  CHECK(form.vehicle == "a \"b\"\\\n");
  CHECK(form.series ==
        std::vector<SeriesName>{{"cargo_celsius", {{"zone", "1"}}}, {"engine_rpm", {}}});
}

TEST_CASE("Ledger: a message comes back to the last bit") {
  const std::vector<double> values{12.35 * 3.6, -0.1, 0, 1e-7, 49.0247292};
  const SentMessage message = Again(SentMessage{.form = 3, .time = kAt, .values = values});
  CHECK(message.form == 3);
  CHECK(message.time == kAt);
  CHECK(message.values == values);
  CHECK(ToLine(SentMessage{.form = 0, .time = kAt, .values = {88, 44.46}}) ==
        "[0,1700000000123456,88,44.46]");
}

TEST_CASE("Ledger: an expected change comes back") {
  const ExpectedChange expected = Again(ExpectedChange{.vehicle = "v",
                                                       .alert = "A",
                                                       .labels = {{"zone", "2"}},
                                                       .change = AlertChange::kResolved,
                                                       .earliest = kAt,
                                                       .latest = kAt + Duration{1},
                                                       .required = false});
  CHECK(expected.vehicle == "v");
  CHECK(expected.alert == "A");
  CHECK(expected.labels.Get("zone") == "2");
  CHECK(expected.change == AlertChange::kResolved);
  CHECK(expected.earliest == kAt);
  CHECK(expected.latest == kAt + Duration{1});
  CHECK_FALSE(expected.required);
}

TEST_CASE("Ledger: a displayed change, a note and the end come back") {
  const DisplayedChange shown = Again(DisplayedChange{.vehicle = "v",
                                                      .alert = "A",
                                                      .change = AlertChange::kFiring,
                                                      .at = kAt,
                                                      .arrived = kAt + Duration{5}});
  CHECK(shown.at == kAt);
  CHECK(shown.arrived == kAt + Duration{5});
  const LedgerNote note =
      Again(LedgerNote{.kind = LedgerNote::Kind::kStart, .at = kAt, .vehicle = "v"});
  CHECK(note.kind == LedgerNote::Kind::kStart);
  CHECK(note.vehicle == "v");
  const LedgerEnd end = Again(LedgerEnd{.at = kAt, .messages = 10, .unacknowledged = {3, 9}});
  CHECK(end.messages == 10);
  CHECK(end.unacknowledged == std::vector<std::uint64_t>{3, 9});
}

TEST_CASE("Ledger: a line that is none is refused") {
  LedgerParser parser;
  for (const char* const line : {"", "{", "{}", "17", "[0,\"x\"]", R"({"unknown":{}})",
                                 R"({"note":{"kind":"kill"}})", R"({"expect":{"vehicle":1}})"}) {
    CAPTURE(line);
    CHECK_FALSE(parser.Parse(line));
  }
}

}  // namespace
}  // namespace fleet_edge::simulators
