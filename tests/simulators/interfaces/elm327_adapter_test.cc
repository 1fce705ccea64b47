#include "simulators/interfaces/elm327_adapter.h"

#include <doctest/doctest.h>

#include <string>

#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

/// An adapter in a vehicle that drives at 50 km/h.
struct Plugged {
  std::string Say(const std::string& command) { return adapter.Take(command + "\r", state).text; }

  /// Without echo, as programs set it up.
  void SetUp() {
    for (const char* command : {"ATZ", "ATE0", "ATL0", "ATSP0"}) Say(command);
  }

  Elm327Adapter adapter;
  VehicleState state = [] {
    VehicleState driving;
    driving.vehicle_speed_kmh = 50;
    driving.engine_rpm = 1726;
    driving.battery_volts = 12.64;
    return driving;
  }();
};

}  // namespace

TEST_CASE("ELM327: it greets, and echoes until it is told not to") {
  Plugged plugged;
  CHECK(plugged.Say("ATZ") == "ATZ\r\r\rELM327 v1.4b\r\r>");
  CHECK(plugged.Say("at e0") == "ATE0\rOK\r\r>");
  CHECK(plugged.Say("ATI") == "ELM327 v1.4b\r\r>");
  CHECK(plugged.Say("ATL1") == "OK\r\n\r\n>");
}

TEST_CASE("ELM327: the first request looks for the bus, later ones are answered at once") {
  Plugged plugged;
  plugged.SetUp();
  CHECK(plugged.Say("010D") == "SEARCHING...\r41 0D 32 \r\r>");
  CHECK(plugged.Say("01 0D 1") == "41 0D 32 \r\r>");
  CHECK(plugged.Say("ATDPN") == "A6\r\r>");
  CHECK(plugged.Say("015C") == "NO DATA\r\r>");
}

TEST_CASE("ELM327: with headers, without spaces, and over several lines") {
  Plugged plugged;
  plugged.SetUp();
  plugged.Say("010D");
  CHECK(plugged.Say("010C0D") == "41 0C 1A F8 0D 32 \r\r>");
  CHECK(plugged.Say("010C0D0405") == "00A\r0: 41 0C 1A F8 0D 32 \r1: 04 00 05 28 \r\r>");
  plugged.Say("ATH1");
  plugged.Say("ATS0");
  CHECK(plugged.Say("010D") == "7E803410D32\r\r>");
  CHECK(plugged.Say("010C0D0405") == "7E8100A410C1AF80D32\r7E82104000528555555\r\r>");
}

TEST_CASE("ELM327: the supply's voltage, and a vehicle that sleeps") {
  Plugged plugged;
  plugged.SetUp();
  CHECK(plugged.Say("ATRV") == "12.6V\r\r>");
  plugged.state.ignition_on = false;
  CHECK(plugged.Say("010D") == "SEARCHING...\rUNABLE TO CONNECT\r\r>");
  plugged.state.ignition_on = true;
  plugged.Say("010D");
  plugged.state.ignition_on = false;
  CHECK(plugged.Say("010D") == "NO DATA\r\r>");
  CHECK(plugged.Say("ATIGN") == "OFF\r\r>");
}

TEST_CASE("ELM327: what it doesn't understand is a question mark") {
  Plugged plugged;
  plugged.SetUp();
  for (const std::string& command :
       {std::string("ATXY"), std::string("HELLO"), std::string(1'000, '0'), std::string()}) {
    CHECK(plugged.Say(command) == "?\r\r>");
  }
}

TEST_CASE("ELM327: commands may come in pieces, and what was said is told") {
  Plugged plugged;
  plugged.SetUp();
  CHECK(plugged.adapter.Take("01", plugged.state).text.empty());
  const auto answer = plugged.adapter.Take("0D0C\r", plugged.state);
  REQUIRE(answer.values.size() == 2);
  CHECK(answer.values[0].pid == 0x0D);
  CHECK(answer.values[1].value == 1726);
}

}  // namespace fleet_edge::simulators
