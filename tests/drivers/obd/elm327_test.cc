#include "drivers/obd/elm327.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/drivers/mutation.h"

namespace fleet_edge::drivers {
namespace {

/// What an answer says: `7E8 0641… answered`, other buses in brackets, the reasons.
std::string Read(std::string_view text, std::string_view command = "010D") {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto hex = [&](std::uint32_t value, int digits) {
    std::string shown;
    for (int shift = digits * 4 - 4; shift >= 0; shift -= 4) {
      shown += kDigits[(value >> static_cast<unsigned>(shift)) & 0xFU];
    }
    return shown;
  };
  const Elm327Answer answer = ReadElm327Answer(Elm327Lines(text, command));
  std::string shown;
  for (const Elm327Frame& frame : answer.frames) {
    shown += frame.is_can ? hex(frame.sender, frame.sender > 0x7FF ? 8 : 3) + " "
                          : "[" + hex(frame.sender, 2) + "] ";
    for (const std::uint8_t byte : frame.data) shown += hex(byte, 2);
    shown += "; ";
  }
  switch (answer.outcome) {
    case Elm327Answer::Outcome::kAnswered:
      shown += "answered";
      break;
    case Elm327Answer::Outcome::kSilent:
      shown += "silent: " + answer.said;
      break;
    case Elm327Answer::Outcome::kRefused:
      shown += "refused";
      break;
    case Elm327Answer::Outcome::kRestarted:
      shown += "restarted: " + answer.said;
  }
  for (const auto& reason : answer.refused) shown.append(" ").append(reason);
  return shown;
}

}  // namespace

TEST_CASE("Elm327: answers on CAN, by 11 and by 29 bits, with spaces and without") {
  CHECK(Read("7E803410D32\r\r") == "7E8 03410D32; answered");
  CHECK(Read("7E8 03 41 0D 32 \r\r") == "7E8 03410D32; answered");
  CHECK(Read("18DAF11003410D32\r") == "18DAF110 03410D32; answered");
  CHECK(Read("18 DA F1 10 03 41 0D 32\r") == "18DAF110 03410D32; answered");
  CHECK(Read("7E803410D32AAAAAAAA\r\n7E903410D33AAAAAAAA\r\n\r\n") ==
        "7E8 03410D32AAAAAAAA; 7E9 03410D33AAAAAAAA; answered");
}

// The ELM327 data sheet's examples of ISO 9141-2 and J1850 answers with headers on.
TEST_CASE("Elm327: answers on older buses") {
  CHECK(Read("48 6B 10 41 00 BE 3E B8 11 FA\r") == "[10] 4100BE3EB811; answered");
  CHECK(Read("83F111410D32C5\r") == "[11] 410D32; answered");
  CHECK(Read("416B10410D32A4\r") == "[10] 410D32; answered");
}

TEST_CASE("Elm327: the search is told before the answer, on its line or one of its own") {
  CHECK(Read("SEARCHING...\r7E803410D32\r\r") == "7E8 03410D32; answered");
  CHECK(Read("SEARCHING.....7E803410D32\r") == "7E8 03410D32; answered");
  CHECK(Read("BUS INIT: OK\r83F111410D32C5\r") == "[11] 410D32; answered");
  CHECK(Read("BUS INIT: ...OK\r83F111410D32C5\r") == "[11] 410D32; answered");
}

TEST_CASE("Elm327: a vehicle that does not answer, in the adapter's words") {
  CHECK(Read("NO DATA\r\r") == "silent: NODATA");
  CHECK(Read("SEARCHING...\rUNABLE TO CONNECT\r\r") == "silent: UNABLETOCONNECT");
  CHECK(Read("SEARCHING...UNABLE TO CONNECT\r") == "silent: SEARCHING...UNABLETOCONNECT");
  CHECK(Read("BUS INIT: ...ERROR\r") == "silent: BUSINIT:...ERROR");
  CHECK(Read("CAN ERROR\r") == "silent: CANERROR bus_error");
  CHECK(Read("BUS BUSY\r") == "silent: BUSBUSY bus_error");
  CHECK(Read("STOPPED\r") == "silent: STOPPED");
  CHECK(Read("7E803410D32\rNO DATA\r") == "7E8 03410D32; answered");
}

TEST_CASE("Elm327: an echo that stays on, zeros, lower case and line feeds") {
  CHECK(Read("010D\r7E803410D32\r") == "7E8 03410D32; answered");
  CHECK(Read("01 0d\r7e8 03 41 0d 32\r") == "7E8 03410D32; answered");
  CHECK(Read(std::string_view("\0"
                              "7E8\0"
                              "03410D32\r\0",
                              15)) == "7E8 03410D32; answered");
  CHECK(Read("\r\n\r\n") == "answered");
}

TEST_CASE("Elm327: lines that are lost are counted, and no others") {
  CHECK(Read("7E803410D32 <DATA ERROR\r7E903410D33\r") == "7E9 03410D33; answered checksum");
  CHECK(Read("7E803410D32<RX ERROR\r") == "answered malformed");
  CHECK(Read("7E803410D32\rBUFFER FULL\r") == "7E8 03410D32; answered too_large");
  CHECK(Read("7E803410D3\r") == "answered malformed");
  CHECK(Read("12303410D32\r") == "answered malformed");  // none of the units' identifiers
  CHECK(Read("7E8\r7E80\rhello\r41\r") == "answered malformed malformed malformed malformed");
  CHECK(Read("7E8010203040506070809\r") == "answered malformed");  // nine bytes
}

TEST_CASE("Elm327: a refusal, and a new start") {
  CHECK(Read("?\r") == "refused");
  CHECK(Read("\r\rELM327 v1.5\r\r") == "restarted: ELM327V1.5");
  CHECK(Read("LV RESET\r") == "restarted: LVRESET");
  CHECK(Read("ERR94\r") == "restarted: ERR94");
  CHECK_FALSE(IsElm327Restart("ERROR"));
  CHECK_FALSE(IsElm327Restart("OK"));
}

TEST_CASE("Elm327: the supply's voltage") {
  CHECK(ReadElm327Volts("12.6V") == 12.6);
  CHECK(ReadElm327Volts("0.0V") == 0);
  for (const char* const bad : {"", "V", "12.6", "?", "12.6VV", "1e3V", "-V"}) {
    CHECK_FALSE(ReadElm327Volts(bad));
  }
}

TEST_CASE("Elm327: spoilt answers are refused or read, and bounded") {
  std::mt19937 random(7);  // NOLINT(bugprone-random-generator-seed): the same each time
  const std::vector<std::string> seeds{
      "SEARCHING...\r7E8064100BE3EB811\r7E9064100880000 01\r\r",
      "010C0D\r7E8 10 14 49 02 01 31 44 34\r7E8 21 47 50 30 30 52 35 35\r",
      "BUS INIT: ...OK\r48 6B 10 41 00 BE 3E B8 11 FA\r<DATA ERROR\r"};
  for (int round = 0; round < 20'000; ++round) {
    const std::string text = Mutate(seeds[static_cast<std::size_t>(round) % seeds.size()], random);
    const Elm327Answer answer = ReadElm327Answer(Elm327Lines(text, "010D"));
    for (const Elm327Frame& frame : answer.frames) {
      CHECK_FALSE(frame.data.empty());
      CHECK(frame.data.size() <= (frame.is_can ? 8 : 255));
    }
  }
}

}  // namespace fleet_edge::drivers
