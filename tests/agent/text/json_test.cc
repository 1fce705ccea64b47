#include "agent/text/json.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "core/labels.h"

namespace fleet_edge::agent {

TEST_CASE("Json: an object keeps the order in which its keys were added") {
  JsonObject inner;
  inner.Add("deep", true);
  JsonObject json;
  json.Add("text", "a").Add("number", 1.5).Add("count", std::uint64_t{18446744073709551615U});
  json.Add("negative", std::int64_t{-3}).Add("labels", Labels{{"zone", "1"}}).Add("object", inner);
  CHECK(json.Text() == R"({"text":"a","number":1.5,"count":18446744073709551615,"negative":-3,)"
                       R"("labels":{"zone":"1"},"object":{"deep":true}})");
}

TEST_CASE("Json: an empty object is an object") { CHECK(JsonObject().Text() == "{}"); }

TEST_CASE("Json: quotes, backslashes and control characters are escaped") {
  CHECK(JsonString("a\"b\\c\n\r\t\x01\x1f") == R"("a\"b\\c\n\r\t\u0001\u001f")");
  CHECK(JsonString(std::string_view("\0", 1)) == R"("\u0000")");
}

TEST_CASE("Json: sound UTF-8 stays as it is") { CHECK(JsonString("46 °C €😀") == "\"46 °C €😀\""); }

TEST_CASE("Json: every byte that is no UTF-8 becomes the replacement character") {
  const std::string replaced = "\"\xEF\xBF\xBD\"";
  CHECK(JsonString("\xFF") == replaced);
  CHECK(JsonString("\x80") == replaced);
  CHECK(JsonString("\xC3") == replaced);                      // cut short
  CHECK(JsonString("\xC0\xAF").size() == 2 + 2 * 3);          // overlong '/'
  CHECK(JsonString("\xE0\x80\x80").size() == 2 + 3 * 3);      // overlong
  CHECK(JsonString("\xED\xA0\x80").size() == 2 + 3 * 3);      // a surrogate
  CHECK(JsonString("\xF4\x90\x80\x80").size() == 2 + 4 * 3);  // beyond U+10FFFF
  CHECK(JsonString("a\xFFz") == "\"a\xEF\xBF\xBDz\"");
}

TEST_CASE("Json: a number that JSON has no form for is null") {
  JsonObject json;
  json.Add("nan", std::nan("")).Add("inf", std::numeric_limits<double>::infinity());
  CHECK(json.Text() == R"({"nan":null,"inf":null})");
}

TEST_CASE("Json: a double keeps its value with the fewest digits") {
  JsonObject json;
  json.Add("a", 0.1).Add("b", 105.0).Add("c", 1e300);
  CHECK(json.Text() == R"({"a":0.1,"b":105,"c":1e+300})");
}

}  // namespace fleet_edge::agent
