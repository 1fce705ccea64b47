#include "drivers/can/dbc.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <ios>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "tests/drivers/mutation.h"

namespace fleet_edge::drivers {
namespace {

using Number = DbcSignal::Number;

std::string Truck() {
  std::ifstream file("tests/drivers/corpus/dbc/truck.dbc", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Parsed {
  explicit Parsed(std::string_view text) : dbc(ParseDbc(text, "a.dbc", findings)) {}

  const DbcMessage& Message(std::string_view name) const {
    const auto found = std::ranges::find(dbc.messages, name, &DbcMessage::name);
    REQUIRE(found != dbc.messages.end());
    return *found;
  }
  const DbcSignal& Signal(std::string_view message, std::string_view name) const {
    const std::vector<DbcSignal>& signals = Message(message).signals;
    const auto found = std::ranges::find(signals, name, &DbcSignal::name);
    REQUIRE(found != signals.end());
    return *found;
  }
  /// The first finding, as people see it.
  std::string First() const { return findings.empty() ? "" : ToString(findings.front()); }

  Diagnostics findings;
  Dbc dbc;
};

}  // namespace

TEST_CASE("Dbc: messages of all forms of identifier") {
  const Parsed parsed(Truck());
  CHECK(parsed.First() == "");
  REQUIRE(parsed.dbc.messages.size() == 4);
  CHECK(parsed.Message("Brakes").id == 256);
  CHECK_FALSE(parsed.Message("Brakes").extended);
  CHECK(parsed.Message("Brakes").size == 8);
  CHECK(parsed.Message("Weigh").id == 256);
  CHECK(parsed.Message("Weigh").extended);
  CHECK_FALSE(parsed.Message("Weigh").parameter_group);
  CHECK(parsed.Message("CCVS").id == 0x18FEF1FE);
  CHECK(parsed.Message("CCVS").parameter_group);
}

TEST_CASE("Dbc: a signal's place, scale, range and unit") {
  const Parsed parsed(Truck());
  const DbcSignal& slip = parsed.Signal("Brakes", "Slip");
  CHECK(slip.start == 16);
  CHECK(slip.length == 9);
  CHECK_FALSE(slip.big_endian);
  CHECK(slip.number == Number::kSigned);
  CHECK(slip.factor == 0.125);
  CHECK(slip.min == -32);
  CHECK(slip.max == 31.875);
  CHECK(slip.unit == "%");
  CHECK(slip.names.size() == 2);
  CHECK(slip.names[1].first == -256);
  CHECK(slip.names[1].second == "not measured");
  const DbcSignal& pressure = parsed.Signal("Brakes", "Pressure");
  CHECK(pressure.big_endian);
  CHECK(pressure.offset == -5);
  CHECK(pressure.number == Number::kUnsigned);
  CHECK(parsed.Signal("Weigh", "Axle").number == Number::kFloat);
  CHECK(parsed.Signal("Climate", "Outside").unit == "°C");  // the file says it in Latin-1
}

TEST_CASE("Dbc: multiplexing, simple and extended") {
  const Parsed parsed(Truck());
  CHECK(parsed.Signal("Climate", "Page").multiplexor);
  CHECK_FALSE(parsed.Signal("Climate", "Page").multiplexed);
  const DbcSignal& outside = parsed.Signal("Climate", "Outside");
  CHECK(outside.selector == "Page");
  CHECK(outside.selects.front().first == 1);
  const DbcSignal& zone = parsed.Signal("Climate", "Zone");
  CHECK(zone.multiplexor);
  CHECK(zone.selector == "Page");
  const DbcSignal& rear = parsed.Signal("Climate", "Rear");
  CHECK(rear.selector == "Zone");
  REQUIRE(rear.selects.size() == 2);
  CHECK(rear.selects[0].first == 5);
  CHECK(rear.selects[0].last == 6);
  CHECK(rear.selects[1].last == 9);
}

TEST_CASE("Dbc: what is wrong is told with its place and its form") {
  struct Case {
    std::string_view text;
    std::string_view told;
  };
  const std::string_view form = " Its form: SG_ Name : 0|16@1+ (0.1,0) [0|100] \"km/h\" Receiver";
  for (const auto& [text, told] : {
           Case{"<html>", "a.dbc:1:1: error: '<' begins no line of a DBC file. "},
           Case{"BO_ x A: 8 B",
                "a.dbc:1:5: error: expected the message's identifier, a number of "
                "32 bits, found 'x'. Its form: BO_ 256 Name: 8 Sender"},
           Case{"BO_ 1 A: 8 B\n SG_ S 0|8@1+ (1,0) [0|0] \"\" C",
                "a.dbc:2:8: error: expected ':', found '0'."},
           Case{"BO_ 1 A: 8 B\n SG_ S : 0|8@1 (1,0) [0|0] \"\" C",
                "a.dbc:2:16: error: expected the sign, + or -, found '('."},
           Case{"BO_ 1 A: 8 B\n SG_ S : 0|65@1+ (1,0) [0|0] \"\" C",
                "a.dbc:2:10: error: a signal has 1 to 64 bits."},
           Case{"BO_ 1 A: 8 B\n SG_ S : 0|0@1+ (1,0) [0|0] \"\" C",
                "a.dbc:2:10: error: a signal has 1 to 64 bits."},
           Case{"BO_ 1 A: 8 B\n SG_ S : 0|8@2+ (1,0) [0|0] \"\" C",
                "a.dbc:2:10: error: byte orders are 0 (Motorola) and 1 (Intel)."},
           Case{"BO_ 1 A: 8 B\n SG_ S : 0|8@1+ (1,0) [0|0] \"k",
                "a.dbc:2:29: error: expected the unit, in quotes, found a string without its "
                "closing quote."},
           Case{"BO_ 1 A: 8 B\n SG_ S m : 0|8@1+ (1,0) [0|0] \"\" C",
                "a.dbc:2:8: error: expected M, m and a number, or ':', found 'm'."},
           Case{"BO_ 1 A: 8 B\n SG_ S m1 : 0|8@1+ (1,0) [0|0] \"\" C",
                "a.dbc:1:5: error: message A has multiplexed signals (m) and no multiplexor (M)."},
           Case{" SG_ S : 0|8@1+ (1,0) [0|0] \"\" C", "a.dbc:1:6: error: a signal before any"},
           Case{"BO_ 2048 A: 8 B", "a.dbc:1:5: error: no CAN identifier: it has more than 11 bits"},
           Case{"BO_ 4294967295 A: 8 B", "a.dbc:1:5: error: no CAN identifier"},
           Case{"BO_ 1 A: 1786 B", "a.dbc:1:10: error: a message of more than 1785 bytes."},
           Case{"BO_ 1 A: 8 B\nSIG_VALTYPE_ 1 S : 1;",
                "a.dbc:2:14: warning: message A has no signal S."},
           Case{"BO_ 1 A: 8 B\n SG_ S : 0|8@1+ (1,0) [0|0] \"\" C\nSIG_VALTYPE_ 1 S : 1;",
                "a.dbc:3:14: error: a float (1) has 32 bits, a double (2) 64."},
           Case{"BO_ 1 A: 8 B\nVAL_ 1 S 1.5 \"x\";",
                "a.dbc:2:6: warning: message A has no signal S."},
       }) {
    CAPTURE(text);
    CHECK(std::string_view(Parsed(text).First()).starts_with(told));
  }
  CHECK(Parsed("BO_ 1 A: 8 B\n SG_ S : 0|8@1+ (1 0)").First().ends_with(form));
}

TEST_CASE("Dbc: a line with an error is left out, the rest is read") {
  const Parsed parsed(
      "BO_ 1 A: 8 B\n SG_ S 0|8@1+ (1,0) [0|0] \"\" C\n SG_ T : 0|8@1+ (1,0) [0|0] \"\" C\n"
      "BO_ 9999 B: 8 B\n SG_ U : 0|8@1+ (1,0) [0|0] \"\" C\nBO_ 2 C: 8 B\n");
  CHECK(parsed.findings.size() == 2);
  REQUIRE(parsed.dbc.messages.size() == 2);
  REQUIRE(parsed.Message("A").signals.size() == 1);
  CHECK(parsed.Message("A").signals[0].name == "T");
}

TEST_CASE("Dbc: findings end after twenty, a file of more than 16 MiB is not read") {
  std::string text;
  for (int n = 0; n < 100; ++n) text += "BO_ x\n";
  CHECK(Parsed(text).findings.size() == 20);
  CHECK(Parsed(std::string(kMaxDbcBytes + 1, ' ')).First() ==
        "a.dbc: error: a DBC file of more than 16 MiB is not read. Take out the messages that the "
        "vehicle doesn't have");
}

TEST_CASE("Dbc: warnings, however many, don't end the reading") {
  std::string text = "BO_ 1 A: 8 B\n SG_ S : 0|32@1+ (1,0) [0|0] \"\" C\n";
  for (int n = 0; n < 100; ++n) text += "VAL_ 1 Gone 0 \"off\" ;\n";
  const Parsed parsed(text + "SIG_VALTYPE_ 1 S : 1;\n");
  CHECK(parsed.Signal("A", "S").number == Number::kFloat);
  CHECK_FALSE(HasErrors(parsed.findings));
  REQUIRE(parsed.findings.size() == 21);
  CHECK(ToString(parsed.findings.back()) ==
        "a.dbc:23:6: warning: warnings from here on that are not listed: 80. Mend those that are");
}

TEST_CASE("Dbc: a spoilt file is read or told") {
  std::mt19937 random(1);
  const std::string truck = Truck();
  for (int n = 0; n < 3'000; ++n) {
    const Parsed parsed(Mutate(truck, random));
    for (const DbcMessage& message : parsed.dbc.messages) {
      CHECK(message.id <= 0x1FFFFFFF);
      for (const DbcSignal& signal : message.signals) {
        CHECK(signal.length >= 1);
        CHECK(signal.length <= 64);
      }
    }
  }
}

}  // namespace fleet_edge::drivers
