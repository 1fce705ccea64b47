#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/rejections.h"
#include "drivers/table.h"
#include "tests/drivers/gnss_receiver.h"
#include "tests/drivers/running_driver.h"
#include "tests/drivers/tcp_server.h"
#include "tests/drivers/temporary_file.h"
#include "tests/drivers/world.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kRmc = "GPRMC,120000,A,4800.0,N,01200.0,E,10,90,211126,,,A";
constexpr std::string_view kGga = "GPGGA,120000,4800.0,N,01200.0,E,1,09,0.9,350,M,,M,,";

/// Waits for `done`, for a minute at most.
bool Await(const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + 1min;
  while (!done() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  return done();
}

std::string Refused(const std::string& options) {
  Diagnostics diagnostics;
  const YamlNode node = ParseYaml("{nmea: " + options + "}", "f.yaml", diagnostics);
  CHECK(ParseDriver(node, {"truck-1"}, Section::Context{"f.yaml", diagnostics}) == nullptr);
  return diagnostics.empty() ? "read" : ToString(diagnostics.front());
}

TEST_CASE("NmeaDriver: an epoch is read as soon as the receiver pauses, not a second later") {
  World world;
  world.clock.Set(*ParseUtcTime("2026-11-21T12:00:00.3Z"));
  const TemporaryFile folder("");
  const GnssReceiver receiver(folder.path() + ".port");
  receiver.Send(NmeaLine(kRmc) + NmeaLine(kGga));
  const RunningDriver driver(world, "nmea", "{device: " + receiver.port() + "}");
  CHECK(Next(world) ==
        "latitude_deg 48 good; longitude_deg 12 good; altitude_m 350 good; heading_deg 90 good; "
        "gnss_speed_kmh 18.52 good; gnss_hdop 0.9 good; gnss_satellites 9 good; gnss_fix 3 good");
  receiver.Send(NmeaLine("GPRMC,120001,V,,,,,,,211126,,,N"));
  CHECK(Next(world) == "gnss_fix 1 good");
  receiver.Send(NmeaLine("GPRMC,120002,A,4800.0,N,01200.0,E,10,90,211126,,,S"));
  CHECK(Next(world).starts_with("latitude_deg 48 suspect; longitude_deg 12 suspect; "));
}

TEST_CASE("NmeaDriver: readings have the agent's time, from the third fix on the receiver's") {
  World world;
  const UtcTime now = *ParseUtcTime("2026-11-21T12:00:03.5Z");
  world.clock.Set(now);
  const TemporaryFile folder("");
  const GnssReceiver receiver(folder.path() + ".port");
  std::string all;
  for (const std::string time : {"120001", "120002", "120003"}) {
    all += NmeaLine("GPRMC," + time + ",A,4800.0,N,01200.0,E,10,90,211126,,,A") +
           NmeaLine("GPGGA," + time + ",4800.0,N,01200.0,E,1,09,0.9,350,M,,M,,");
  }
  receiver.Send(all);
  const RunningDriver driver(world, "nmea", "{device: " + receiver.port() + "}");
  std::vector<Reading> taken;
  REQUIRE(Await([&] {
    for (const Reading& reading : world.Take()) taken.push_back(reading);
    return taken.size() == 24;
  }));
  CHECK(taken[0].time == now);
  CHECK(taken[15].time == now);
  CHECK(taken[16].time == ParseUtcTime("2026-11-21T12:00:03Z"));
  CHECK(world.Rejected(reason::kBadTime) == 0);
}

TEST_CASE(
    "NmeaDriver: a receiver is read again after it has been unplugged, its values are stale") {
  World world;
  const TemporaryFile folder("");
  GnssReceiver receiver(folder.path() + ".port");
  receiver.Send(NmeaLine(kRmc));
  const RunningDriver driver(world, "nmea", "{device: " + receiver.port() + ", stale_after: 10s}");
  CHECK(Next(world).starts_with("latitude_deg 48 good; "));
  receiver.Unplug();
  world.clock.Advance(11s);
  CHECK(Next(world).starts_with("latitude_deg 48 stale; "));
  receiver.Plug();
  receiver.Send(NmeaLine(kRmc));
  CHECK(Next(world).starts_with("latitude_deg 48 good; "));
}

TEST_CASE("NmeaDriver: a count of weeks that has rolled over is put right, and counted") {
  World world;
  world.clock.Set(*ParseUtcTime("2026-11-21T12:00:03.5Z"));
  const TemporaryFile folder("");
  const GnssReceiver receiver(folder.path() + ".port");
  std::string all;
  for (const std::string time : {"120001", "120002", "120003"}) {
    all += NmeaLine("GPRMC," + time + ",A,4800.0,N,01200.0,E,10,90,070407,,,A") +
           NmeaLine("GPGGA," + time + ",4800.0,N,01200.0,E,1,09,0.9,350,M,,M,,");
  }
  receiver.Send(all);
  const RunningDriver driver(world, "nmea", "{device: " + receiver.port() + "}");
  std::vector<Reading> taken;
  REQUIRE(Await([&] {
    for (const Reading& reading : world.Take()) taken.push_back(reading);
    return taken.size() == 24;
  }));
  CHECK(taken[16].time == ParseUtcTime("2026-11-21T12:00:03Z"));
  CHECK(world.Rejected(reason::kBadTime) == 1);
}

TEST_CASE("NmeaDriver: a receiver in the network is read, and dialled again when it is gone") {
  World world;
  TcpServer receiver;
  const RunningDriver driver(world, "nmea", "{address: '" + receiver.address() + "'}");
  receiver.Accept();
  receiver.Send(NmeaLine(kRmc));
  CHECK(Next(world).starts_with("latitude_deg 48 good; "));
  receiver.Hang();
  receiver.Accept();
  receiver.Send(NmeaLine(kRmc));
  CHECK(Next(world).starts_with("latitude_deg 48 good; "));
  world.clock.Advance(11s);  // gone without a word
  CHECK(receiver.Line() == "closed");
  receiver.Accept();
  receiver.Send(NmeaLine(kRmc));
  std::string said;
  while (!said.starts_with("latitude_deg 48 good; ")) said = Next(world);
}

TEST_CASE("NmeaDriver: noise is counted, and does not keep a sentence behind it from being read") {
  World world;
  const TemporaryFile folder("");
  const GnssReceiver receiver(folder.path() + ".port");
  receiver.Send(std::string(1100, '\xfe') + "\r\n\xff\x80\n$GPRMC,1*00\r\n" + "\xb5\x62" +
                NmeaLine(kRmc) + NmeaLine("GPGSV,1,1,00"));
  const RunningDriver driver(world, "nmea", "{device: " + receiver.port() + "}");
  CHECK(Next(world).starts_with("latitude_deg 48 good; "));
  CHECK(world.Rejected(reason::kTooLarge) == 1);
  CHECK(world.Rejected(reason::kMalformed) == 2);
  CHECK(world.Rejected(reason::kChecksum) == 1);
  CHECK(world.Rejected(reason::kUnreadType) == 1);
}

TEST_CASE("NmeaDriver: stops within a second, with a device and without") {
  World world;
  const TemporaryFile folder("");
  const GnssReceiver receiver(folder.path() + ".port");
  receiver.Send(NmeaLine(kRmc));
  std::optional<RunningDriver> driver(std::in_place, world, "nmea",
                                      "{device: " + receiver.port() + "}");
  CHECK_FALSE(Next(world).empty());
  auto before = std::chrono::steady_clock::now();
  driver.reset();
  CHECK(std::chrono::steady_clock::now() - before < 1s);
  driver.emplace(world, "nmea", "{device: /dev/no-such-port}");
  before = std::chrono::steady_clock::now();
  driver.reset();
  CHECK(std::chrono::steady_clock::now() - before < 1s);
}

TEST_CASE("NmeaDriver: what can't be is refused with the mend") {
  CHECK(Refused("{}") ==
        "f.yaml:1:8: error: a receiver is in one place. Write `device: /dev/ttyUSB0` or `address: "
        "192.168.0.10:10110`");
  CHECK(Refused("{device: /dev/ttyS0, address: '1.2.3.4'}").find("one place") != std::string::npos);
  CHECK(Refused("{device: /dev/ttyS0, baud: 9601}").find("serial ports don't have this rate") !=
        std::string::npos);
  CHECK(Refused("{device: /dev/ttyS0, stale_after: 1s}").find("most receivers") !=
        std::string::npos);
  CHECK(Refused("{address: gnss.local}").find("not an address in numbers") != std::string::npos);
}

}  // namespace
}  // namespace fleet_edge::drivers
