#include "drivers/io/json_codec.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "drivers/rejections.h"
#include "drivers/time_unit.h"
#include "tests/drivers/mutation.h"

namespace fleet_edge::drivers {
namespace {

/// Decodes with one field at `pointer` and tells what came of it.
std::string Decoded(std::string_view pointer, std::string_view payload, bool required = false) {
  const JsonCodec codec = JsonCodec::Make({{std::string(pointer), {}, required}}, {}).value();
  JsonParser parser;
  JsonCodec::Output out;
  if (const auto refused = codec.Decode(payload, parser, out)) return std::string(*refused);
  if (!out.faults.empty()) return std::string(out.faults.front().reason);
  if (out.values.empty()) return "nothing";
  return std::to_string(out.values.front().value);
}

std::optional<UtcTime> TimeOf(std::string_view payload, TimeUnit unit) {
  const JsonCodec codec = JsonCodec::Make({}, JsonCodec::Time{"/ts", unit}).value();
  JsonParser parser;
  JsonCodec::Output out;
  if (codec.Decode(payload, parser, out)) return std::nullopt;
  return out.time;
}

TEST_CASE("JsonCodec: pointers reach members, nested members and items of arrays") {
  CHECK(Decoded("/a", R"({"a": 1.5})") == "1.500000");
  CHECK(Decoded("/a/b", R"({"a": {"b": 2}})") == "2.000000");
  CHECK(Decoded("/a/1", R"({"a": [10, 20, 30]})") == "20.000000");
  CHECK(Decoded("/a/1/b", R"({"a": [1, {"b": 5}]})") == "5.000000");
  CHECK(Decoded("/1", R"({"1": 7})") == "7.000000");
  CHECK(Decoded("/0", "[4]") == "4.000000");
  CHECK(Decoded("", "36.6") == "36.600000");
  CHECK(Decoded("/", R"({"": 3})") == "3.000000");
  CHECK(Decoded("/a~1b/c~0d", R"({"a/b": {"c~d": 9}})") == "9.000000");
}

TEST_CASE("JsonCodec: what is not there is no reading, unless it is required") {
  CHECK(Decoded("/a", "{}") == "nothing");
  CHECK(Decoded("/a/b", R"({"a": 1})") == "nothing");
  CHECK(Decoded("/a/5", R"({"a": [1]})") == "nothing");
  CHECK(Decoded("/a/01", R"({"a": [1, 2]})") == "nothing");
  CHECK(Decoded("/a", R"({"a": null})") == "nothing");
  CHECK(Decoded("/a", "{}", true) == "missing");
  CHECK(Decoded("/a", R"({"a": null})", true) == "missing");
}

TEST_CASE("JsonCodec: numbers and booleans are values, everything else has the wrong type") {
  CHECK(Decoded("/a", R"({"a": true})") == "1.000000");
  CHECK(Decoded("/a", R"({"a": false})") == "0.000000");
  CHECK(Decoded("/a", R"({"a": -1e3})") == "-1000.000000");
  CHECK(Decoded("/a", R"({"a": 18446744073709551615})") == "18446744073709551616.000000");
  CHECK(Decoded("/a", R"({"a": "12"})") == "wrong_type");
  CHECK(Decoded("/a", R"({"a": {}})") == "wrong_type");
  CHECK(Decoded("/a", R"({"a": [1]})") == "wrong_type");
}

TEST_CASE("JsonCodec: a number that no double holds once it is converted is none") {
  const JsonCodec codec = JsonCodec::Make({{"/a", {.scale = 3.6}, false}}, {}).value();
  JsonParser parser;
  JsonCodec::Output out;
  CHECK_FALSE(codec.Decode(R"({"a": 1e308})", parser, out));
  CHECK(out.values.empty());
  REQUIRE(out.faults.size() == 1);
  CHECK(out.faults[0].reason == reason::kWrongType);
}

TEST_CASE("JsonCodec: what is no JSON is refused as a whole") {
  for (const std::string_view payload :
       {"", " ", "{", "{\"a\": 1", "{\"a\": NaN}", "{\"a\": Infinity}", "{\"a\": 1e999}",
        "{\"a\": 1} x", "{'a': 1}", "{\"a\": 01}", "{\"a\": 1,}", "{\"a\": \"\xff\"}", "nul"}) {
    CAPTURE(payload);
    CHECK(Decoded("/a", payload) == "malformed");
  }
}

TEST_CASE("JsonCodec: of a key that stands twice the first counts") {
  CHECK(Decoded("/a", R"({"a": 1, "a": 2})") == "1.000000");
}

TEST_CASE("JsonCodec: fields share their path, and one field can serve two signals") {
  const JsonCodec codec =
      JsonCodec::Make({{"/e/c", {}}, {"/e/s", {3.6, 0}}, {"/e/c", {1, 100}}}, {}).value();
  JsonParser parser;
  JsonCodec::Output out;
  REQUIRE_FALSE(codec.Decode(R"({"x": 1, "e": {"s": 10, "c": 90}})", parser, out));
  std::vector<double> values(3);
  for (const JsonCodec::Value& value : out.values) values[value.field] = value.value;
  CHECK(values == std::vector<double>{90, 36, 190});
}

TEST_CASE("JsonCodec: time is read in its unit, exact to the microsecond") {
  const UtcTime time = ParseUtcTime("2026-11-21T06:28:35.250Z").value();
  CHECK(TimeOf(R"({"ts": 1795242515.25})", TimeUnit::kSeconds) == time);
  CHECK(TimeOf(R"({"ts": 1795242515250})", TimeUnit::kMilliseconds) == time);
  CHECK(TimeOf(R"({"ts": 1795242515250000})", TimeUnit::kMicroseconds) == time);
  CHECK(TimeOf(R"({"ts": 1795242515250000999})", TimeUnit::kNanoseconds) == time);
  CHECK(TimeOf(R"({"ts": "2026-11-21T07:28:35.25+01:00"})", TimeUnit::kIso8601) == time);
}

TEST_CASE("JsonCodec: a message whose time can't be read is refused") {
  for (const std::string_view payload :
       {"{}", R"({"ts": null})", R"({"ts": "1795242515250"})", R"({"ts": true})",
        R"({"ts": 1e300})", R"({"ts": 9223372036854775807})", R"({"ts": {}})"}) {
    CAPTURE(payload);
    CHECK_FALSE(TimeOf(payload, TimeUnit::kMilliseconds));
  }
  CHECK_FALSE(TimeOf(R"({"ts": 5})", TimeUnit::kIso8601));
  CHECK_FALSE(TimeOf(R"({"ts": "yesterday"})", TimeUnit::kIso8601));
}

TEST_CASE("JsonCodec: a pointer without a slash is refused") {
  CHECK(JsonCodec::Make({{"coolant", {}}}, {}).error().message == "'coolant' is no JSON pointer");
  CHECK_FALSE(JsonCodec::Make({{"/a~2", {}}}, {}));
  CHECK_FALSE(JsonCodec::Make({{"/a~", {}}}, {}));
}

TEST_CASE("JsonCodec: a deep document is refused, not followed") {
  CHECK(Decoded("/a", std::string(100'000, '[')) == "malformed");
}

TEST_CASE("JsonCodec: spoilt payloads never crash, and values are finite") {
  const JsonCodec codec =
      JsonCodec::Make({{"/coolant", {}}, {"/engine/rpm", {}}, {"/zones/0", {}, true}},
                      JsonCodec::Time{"/ts", TimeUnit::kMilliseconds})
          .value();
  const std::vector<std::string> corpus = Corpus("json");
  REQUIRE(corpus.size() > 5);
  JsonParser parser;
  JsonCodec::Output out;
  std::mt19937 random(1);
  for (std::size_t i = 0; i < 50'000; ++i) {
    const std::string payload = Mutate(corpus[i % corpus.size()], random);
    if (codec.Decode(payload, parser, out)) continue;
    for (const JsonCodec::Value& value : out.values) REQUIRE(std::isfinite(value.value));
  }
}

}  // namespace
}  // namespace fleet_edge::drivers
