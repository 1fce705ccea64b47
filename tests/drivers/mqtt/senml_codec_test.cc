#include "drivers/mqtt/senml_codec.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "drivers/decoded.h"
#include "drivers/mqtt/senml_record.h"
#include "tests/drivers/mutation.h"
#include "tests/support/hex.h"

namespace fleet_edge::drivers {
namespace {

using Field = SenmlCodec::Field;

const UtcTime kNow = ParseUtcTime("2026-11-21T12:00:00Z").value();

Field Named(std::string name, std::string to = {}) {
  return {.name = std::move(name), .to = std::move(to), .unitless = {}, .required = false};
}

/// `field value time` of each value, `field reason` of each fault, or what the pack is refused for.
std::string Read(std::string_view payload, std::vector<Field> fields) {
  SenmlJson json;
  Decoded out;
  const SenmlCodec codec(std::move(fields));
  if (const auto refused = codec.Decode(payload, kNow, json, out)) return std::string(*refused);
  std::string shown;
  for (const Decoded::Value& value : out.values) {
    std::string number = std::to_string(value.value);
    number.erase(number.find_last_not_of('0') + 1);
    if (number.ends_with('.')) number.pop_back();
    shown += (shown.empty() ? "" : "\n") + std::to_string(value.field) + " " + number;
    if (value.time) shown += " " + ToString(*value.time);
  }
  for (const Decoded::Fault& fault : out.faults) {
    shown += (shown.empty() ? "" : "\n") + std::to_string(fault.field) + " ";
    shown += fault.reason;
  }
  return shown;
}

TEST_CASE("Senml: RFC 8428, section 5.1.1, a single data point") {
  CHECK(Read(R"([{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}])",
             {Named("urn:dev:ow:10e2073a01080063", "°C")}) == "0 23.1");
}

// Its current is in amperes, which is no unit of the catalogue: taken as it is.
constexpr std::string_view kCurrents = R"([
  {"bn":"urn:dev:ow:10e2073a01080063:","bt":1.276020076001e+09,"bu":"A","bver":5,
   "n":"voltage","u":"V","v":120.1},
  {"n":"current","t":-5,"v":1.2},
  {"n":"current","t":-4,"v":1.3},
  {"n":"current","t":-3,"v":1.4},
  {"n":"current","t":-2,"v":1.5},
  {"n":"current","t":-1,"v":1.6},
  {"n":"current","v":1.7}
])";
constexpr std::string_view kCurrentsRead =
    "0 120.1 2010-06-08T18:01:16.001Z\n"
    "1 1.2 2010-06-08T18:01:11.001Z\n"
    "1 1.3 2010-06-08T18:01:12.001Z\n"
    "1 1.4 2010-06-08T18:01:13.001Z\n"
    "1 1.5 2010-06-08T18:01:14.001Z\n"
    "1 1.6 2010-06-08T18:01:15.001Z\n"
    "1 1.7 2010-06-08T18:01:16.001Z";

TEST_CASE("Senml: RFC 8428, section 5.1.2, several data points with base values") {
  CHECK(Read(kCurrents, {Named("urn:dev:ow:10e2073a01080063:voltage", "V"), Named("*:current")}) ==
        kCurrentsRead);
}

TEST_CASE("Senml: RFC 8428, section 6, the same in CBOR") {
  const std::string bytes = FromHex(
      "87a721781b75726e3a6465763a6f773a3130653230373361303130383030363322fb41d303a15b00106223614120"
      "050067766f6c7461676501615602fb405e066666666666a3006763757272656e74062402fb3ff3333333333333a3"
      "006763757272656e74062302fb3ff4cccccccccccda3006763757272656e74062202fb3ff6666666666666a30067"
      "63757272656e74062102f93e00a3006763757272656e74062002fb3ff999999999999aa3006763757272656e7406"
      "0002fb3ffb333333333333");
  CHECK(Read(bytes, {Named("*voltage", "V"), Named("*current")}) == kCurrentsRead);
}

// One name for three quantities, which their units tell apart.
TEST_CASE("Senml: RFC 8428, section 5.1.3, humidity on a moving sensor") {
  const std::string name = "urn:dev:ow:10e2073a01080063";
  CHECK(Read(R"([
    {"bn":"urn:dev:ow:10e2073a01080063","bt":1.320067464e+09,"bu":"%RH","v":20},
    {"u":"lon","v":24.30621},
    {"u":"lat","v":60.07965},
    {"t":60,"v":20.3},
    {"u":"lon","t":60,"v":24.30622},
    {"u":"lat","t":60,"v":60.07965},
    {"u":"%EL","t":150,"v":98}])",
             {Named(name, "%"), Named(name, "°")}) ==
        "0 20 2011-10-31T13:24:24Z\n"
        "1 24.30621 2011-10-31T13:24:24Z\n"
        "1 60.07965 2011-10-31T13:24:24Z\n"
        "0 20.3 2011-10-31T13:25:24Z\n"
        "1 24.30622 2011-10-31T13:25:24Z\n"
        "1 60.07965 2011-10-31T13:25:24Z\n"
        "0 98 2011-10-31T13:26:54Z");
}

TEST_CASE("Senml: RFC 8428, section 5.1.5, data of several types") {
  const std::vector<Field> fields{Named("*:temp", "°C"), Named("*:label"), Named("*:open"),
                                  Named("*:nfc-reader")};
  CHECK(Read(R"([
    {"bn":"urn:dev:ow:10e2073a01080063:","n":"temp","u":"Cel","v":23.1},
    {"n":"label","vs":"Machine Room"},
    {"n":"open","vb":false},
    {"n":"nfc-reader","vd":"aGkgCg"}])",
             fields) == "0 23.1\n2 0\n1 wrong_type\n3 wrong_type");
}

TEST_CASE("Senml: a small time counts from the arrival, a large one from 1970") {
  const std::vector<Field> fields{Named("a")};
  CHECK(Read(R"([{"n":"a","v":1,"t":-30}])", fields) == "0 1 2026-11-21T11:59:30Z");
  CHECK(Read(R"([{"n":"a","v":1,"bt":268435455}])", fields) == "0 1 2035-05-25T09:24:15Z");
  CHECK(Read(R"([{"n":"a","v":1,"bt":268435456}])", fields) == "0 1 1978-07-04T21:24:16Z");
  CHECK(Read(R"([{"n":"a","v":1,"bt":1e300}])", fields) == "0 bad_time");
  CHECK(Read(R"([{"n":"a","v":1,"bt":-1e300}])", fields) == "0 bad_time");
}

TEST_CASE("Senml: base values last until the next; a boolean has none") {
  CHECK(Read(R"([{"bn":"x","bv":100},{"n":"a","v":1},{"bv":-1,"n":"a","v":1},{"n":"a","vb":true}])",
             {Named("xa")}) == "0 101\n0 0\n0 1");
  CHECK(Read(R"([{"bn":"x","n":"a","v":1},{"bn":"y","n":"a","v":2}])", {Named("ya")}) == "0 2");
}

TEST_CASE("Senml: units of the registry become the catalogue's, others are counted") {
  const auto read = [](const std::string& unit, std::string to) {
    return Read(R"([{"n":"a","v":10,"u":")" + unit + "\"}]", {Named("a", std::move(to))});
  };
  CHECK(read("K", "°C") == "0 -263.15");
  CHECK(read("m/s", "km/h") == "0 36");
  CHECK(read("/", "%") == "0 1000");
  CHECK(read("Pa", "kPa") == "0 0.01");
  CHECK(read("hPa", "kPa") == "0 1");
  CHECK(read("1/s", "rpm") == "0 600");
  CHECK(read("mm", "m") == "0 0.01");
  CHECK(read("C", "°C") == "0 wrong_unit");    // a coulomb
  CHECK(read("F", "°C") == "0 wrong_unit");    // a farad
  CHECK(read("g", "m/s²") == "0 wrong_unit");  // a gram
  CHECK(read("Cel", "") == "0 10");
}

TEST_CASE("Senml: what must be understood and isn't is refused, so is what is no pack") {
  const std::vector<Field> fields{Named("a")};
  CHECK(Read(R"([{"n":"a","v":1,"other":2}])", fields) == "0 1");
  CHECK(Read(R"([{"n":"a","v":1,"other_":2}])", fields) == "unread_type");
  CHECK(Read(R"([{"bver":26,"n":"a","v":1}])", fields) == "0 1");
  CHECK(Read(R"([{"bver":11,"n":"a","v":1}])", fields) == "unread_type");
  for (const std::string_view payload :
       {"", "{}", "[1]", "[[]]", "1", R"([{"n":1,"v":1}])", R"([{"n":"a","v":"1"}])",
        R"([{"v":1}])", R"([{"n":"-a","v":1}])", R"([{"n":"a b","v":1}])",
        R"([{"n":"a","v":1},{"n":"a","t":"x","v":1}])", "\x81", "\x80\x80", "\xa0"}) {
    CAPTURE(payload);
    CHECK(Read(payload, fields) == "malformed");
  }
  CHECK(Read("[]", fields).empty());
  CHECK(Read("\x80", fields).empty());
}

TEST_CASE("Senml: a record that must be there and isn't is counted") {
  Field field = Named("a");
  field.required = true;
  CHECK(Read(R"([{"n":"b","v":1}])", {field}) == "0 missing");
}

TEST_CASE("Senml: CBOR with a decimal fraction, with maps and strings in chunks") {
  const std::vector<Field> fields{Named("ab")};
  CHECK(Read(FromHex("81a200626162 02c48221190104"), fields) == "0 2.6");
  CHECK(Read(FromHex("9fbf007f61616162ff 0218f6ffff"), fields) == "0 246");
}

TEST_CASE("Senml: spoilt packs are read or refused") {
  std::mt19937 random(1);
  const std::vector<Field> fields{Named("*:current"), Named("*:voltage", "V")};
  std::size_t refused = 0;
  for (int i = 0; i < 5'000; ++i) {
    if (Read(Mutate(std::string(kCurrents), random), fields) == "malformed") ++refused;
  }
  CHECK(refused > 1'000);
}

}  // namespace
}  // namespace fleet_edge::drivers
