#include "drivers/can/dbc_decoder.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <fstream>
#include <ios>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "drivers/can/dbc.h"
#include "drivers/can/dbc_field.h"

namespace fleet_edge::drivers {
namespace {

using Bytes = std::vector<std::uint8_t>;

Dbc Truck() {
  std::ifstream file("tests/drivers/corpus/dbc/truck.dbc", std::ios::binary);
  Diagnostics findings;
  return ParseDbc(std::string(std::istreambuf_iterator<char>(file), {}), "truck.dbc", findings);
}

/// All signals of a file.
DbcDecoder Decoder(const Dbc& dbc) {
  std::vector<DbcField> fields;
  for (const DbcMessage& message : dbc.messages) {
    for (const DbcSignal& signal : message.signals) {
      auto field = CompileDbcField(dbc, message.name + "." + signal.name);
      REQUIRE(field);
      fields.push_back(std::move(*field));
    }
  }
  return DbcDecoder(std::move(fields));
}

struct Bus {
  std::map<std::string, double> Values(std::uint32_t id, bool extended, const Bytes& data) {
    known = decoder.Decode(id, extended, data, report);
    std::map<std::string, double> values;
    for (const auto& [field, value] : report.values) values[decoder.fields()[field].name] = value;
    return values;
  }
  /// `Signal reason` of each failure.
  std::vector<std::string> Failed(std::uint32_t id, bool extended, const Bytes& data) {
    decoder.Decode(id, extended, data, report);
    std::vector<std::string> failed;
    for (const auto& [field, reason] : report.failed) {
      failed.push_back(decoder.fields()[field].name + " " + std::string(reason));
    }
    return failed;
  }

  DbcDecoder decoder = Decoder(Truck());
  DbcReport report;
  bool known = false;
};

using Map = std::map<std::string, double>;

}  // namespace

TEST_CASE_FIXTURE(Bus, "DbcDecoder: both byte orders, with and without a sign") {
  // 0x2710 = 10000; nine bits 0x1F8 = -8; Motorola from bit 39: 0x123 = 291.
  CHECK(Values(256, false, {0x10, 0x27, 0xF8, 0x01, 0x12, 0x30, 0, 0}) ==
        Map{{"Brakes.WheelSpeed", 100}, {"Brakes.Slip", -1}, {"Brakes.Pressure", 24.1}});
  CHECK(Values(0x100, true, {0, 0, 0xC8, 0xC2, 150, 0, 0, 0}) ==
        Map{{"Weigh.Axle", -100}, {"Weigh.Level", 75}});
}

TEST_CASE_FIXTURE(Bus, "DbcDecoder: the multiplexors choose, over two steps") {
  CHECK(Values(257, false, {0, 0xF6, 0, 0}) == Map{{"Climate.Page", 0}, {"Climate.Cabin", -10}});
  CHECK(Values(257, false, {1, 0xFF, 0x9C, 0}) ==
        Map{{"Climate.Page", 1}, {"Climate.Outside", -10}});
  CHECK(Values(257, false, {2, 1, 50, 0}) ==
        Map{{"Climate.Page", 2}, {"Climate.Zone", 1}, {"Climate.Front", 10}});
  CHECK(Values(257, false, {2, 6, 50, 0}) ==
        Map{{"Climate.Page", 2}, {"Climate.Zone", 6}, {"Climate.Rear", 10}});
  CHECK(Values(257, false, {2, 7, 50, 0}) == Map{{"Climate.Page", 2}, {"Climate.Zone", 7}});
  CHECK(Values(257, false, {9, 5, 50, 0}) == Map{{"Climate.Page", 9}});
  CHECK(report.failed.empty());
}

TEST_CASE_FIXTURE(Bus, "DbcDecoder: a J1939 group is read from any sender, at any priority") {
  for (const std::uint32_t id : {0x18FEF1FEU, 0x0CFEF100U, 0x1CFEF131U}) {
    CHECK(Values(id, true, {0xFF, 0, 80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}).at("CCVS.Speed") == 80);
  }
  Values(0x18FEF2FE, true, Bytes(8));
  CHECK_FALSE(known);
  Values(0x19FEF1FE, true, Bytes(8));  // data page 1
  CHECK_FALSE(known);
  Values(0x7F1, false, Bytes(8));
  CHECK_FALSE(known);
}

TEST_CASE_FIXTURE(Bus, "DbcDecoder: what a J1939 group can't tell is no value") {
  const auto speed = [](std::uint8_t top) { return Bytes{0, 0, top, 0, 0, 0, 0, 0}; };
  CHECK(Values(0x18FEF1FE, true, speed(0xFA)).contains("CCVS.Speed"));
  CHECK_FALSE(Values(0x18FEF1FE, true, speed(0xFF)).contains("CCVS.Speed"));
  CHECK(report.failed.empty());
  for (const int byte : {0xFB, 0xFD, 0xFE}) {
    const auto top = static_cast<std::uint8_t>(byte);
    CHECK(Failed(0x18FEF1FE, true, speed(top)) ==
          std::vector<std::string>{"CCVS.Speed device_error"});
  }
}

TEST_CASE("DbcDecoder: of a J1939 group's state two are values") {
  Dbc dbc = Truck();
  DbcSignal& signal = dbc.messages[2].signals[0];
  signal.start = 0;
  signal.length = 2;
  signal.factor = 1;
  auto field = CompileDbcField(dbc, "CCVS.Speed");
  REQUIRE(field);
  DbcReport report;
  const auto said = [&](std::uint8_t state) {
    DbcDecoder({*field}).Decode(0x18FEF100, true, Bytes(8, state), report);
    if (!report.failed.empty()) return std::string(report.failed[0].reason);
    return report.values.empty() ? "nothing" : std::to_string(report.values[0].value);
  };
  CHECK(said(0) == "0.000000");
  CHECK(said(1) == "1.000000");
  CHECK(said(2) == "device_error");
  CHECK(said(3) == "nothing");
  field->parameter_group = false;
  field->id = 0x18FEF100;
  CHECK(said(3) == "3.000000");
}

TEST_CASE_FIXTURE(Bus, "DbcDecoder: a named value out of range is a word, within it a value") {
  CHECK(Failed(0x100, true, {0, 0, 0, 0, 255}) ==
        std::vector<std::string>{"Weigh.Level device_error"});
  CHECK(Values(0x100, true, {0, 0, 0, 0, 200}).at("Weigh.Level") == 100);
  CHECK(Values(0x100, true, {0, 0, 0, 0, 253}).at("Weigh.Level") == 126.5);
  CHECK(Failed(0x100, true, {0, 0, 0xC0, 0x7F, 0}) ==
        std::vector<std::string>{"Weigh.Axle device_error"});  // not a number
}

TEST_CASE_FIXTURE(Bus, "DbcDecoder: a frame that is too short gives what is there") {
  CHECK(Values(256, false, {0x10, 0x27, 0xF8}) == Map{{"Brakes.WheelSpeed", 100}});
  CHECK(Failed(256, false, {0x10, 0x27, 0xF8}) ==
        std::vector<std::string>{"Brakes.Slip missing", "Brakes.Pressure missing"});
  CHECK(Values(257, false, {}).empty());
  CHECK(report.failed.size() == 6);  // no multiplexor either
  CHECK(Failed(257, false, {2}) == std::vector<std::string>{"Climate.Zone missing",
                                                            "Climate.Front missing",
                                                            "Climate.Rear missing"});
  CHECK(Failed(257, false, {9}).empty());
}

TEST_CASE("DbcField: a signal is found by its name, and what is near it is told") {
  const Dbc dbc = Truck();
  const auto refused = [&](std::string_view name) { return CompileDbcField(dbc, name).error(); };
  CHECK(CompileDbcField(dbc, "Slip")->name == "Brakes.Slip");
  CHECK(refused("Brakes.Wheelspeed").message ==
        "the DBC file has no signal 'Brakes.Wheelspeed'. Did you mean 'Brakes.WheelSpeed'?");
  CHECK(refused("xyz").message ==
        "the DBC file has no signal 'xyz': write Message.Signal as the file names them");
  Dbc twice = dbc;
  twice.messages[1].signals.push_back(dbc.messages[0].signals[0]);
  CHECK(CompileDbcField(twice, "WheelSpeed").error().message ==
        "signal 'WheelSpeed' is in Brakes and Climate: write for example Brakes.WheelSpeed");
}

TEST_CASE("DbcField: what can't be read from a frame is refused") {
  Dbc dbc = Truck();
  dbc.messages[0].signals[0].start = 60;
  CHECK(CompileDbcField(dbc, "WheelSpeed").error().message ==
        "signal 'Brakes.WheelSpeed' lies beyond the eight bytes of a classical CAN frame, which "
        "alone are read");
  dbc.messages[1].signals[3].selector = "Rear";
  CHECK(CompileDbcField(dbc, "Rear").error().message ==
        "the multiplexors of signal 'Climate.Rear' choose each other: correct its SG_MUL_VAL_");
}

TEST_CASE("DbcDecoder: a group of several packets is read beyond the eighth byte") {
  Dbc dbc = Truck();
  dbc.messages[2].signals[0].start = 100;  // bits 4 to 19 behind byte 12
  const auto field = CompileDbcField(dbc, "CCVS.Speed");
  REQUIRE(field);
  const DbcDecoder decoder({*field});
  DbcReport report;
  Bytes data(20, 0);
  data[12] = 0x00;
  data[13] = 0x05;  // raw 0x0050 above the four bits
  REQUIRE(decoder.Decode(0x18FEF100, true, data, report));
  REQUIRE(report.values.size() == 1);
  CHECK(report.values[0].value == 0x50 / 256.0);
  data.resize(14);
  REQUIRE(decoder.Decode(0x18FEF100, true, data, report));
  CHECK(report.failed.size() == 1);
}

TEST_CASE_FIXTURE(Bus, "DbcDecoder: any frame at all is read") {
  std::mt19937 random(1);
  for (int n = 0; n < 100'000; ++n) {
    Bytes data(random() % 9);
    for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
    const bool extended = n % 2 == 0;
    Values(extended ? (n % 4 == 0 ? 256 : 0x18FEF100) : 256 + n % 4 / 2, extended, data);
    CHECK(known);
  }
}

}  // namespace fleet_edge::drivers
