#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/yaml.h"
#include "drivers/rejections.h"
#include "drivers/table.h"
#include "tests/drivers/captured_log.h"
#include "tests/drivers/running_driver.h"
#include "tests/drivers/tcp_server.h"
#include "tests/drivers/world.h"

namespace fleet_edge::drivers {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kGreeting =
    "{\"class\":\"VERSION\",\"release\":\"3.22\",\"proto_major\":3,\"proto_minor\":14}\r\n";

constexpr std::string_view kWatch = R"(?WATCH={"enable":true,"json":true};)";

std::string Tpv(std::string_view device, int second, double latitude) {
  return "{\"class\":\"TPV\",\"device\":\"" + std::string(device) +
         "\",\"mode\":3,\"time\":\"2026-11-21T12:00:0" + std::to_string(second) +
         "Z\",\"lat\":" + std::to_string(latitude) + ",\"lon\":12}\r\n";
}

TEST_CASE("GpsdDriver: asks for reports, and reads them when gpsd pauses") {
  World world;
  TcpServer gpsd;
  const RunningDriver driver(world, "gpsd", "{address: '" + gpsd.address() + "'}");
  gpsd.Accept();
  gpsd.Send(kGreeting);
  CHECK(gpsd.Line() == kWatch);
  gpsd.Send(std::string(R"({"class":"DEVICES","devices":[]})") + "\r\n" + Tpv("a", 1, 47) +
            Tpv("a", 1, 48) + Tpv("b", 1, 50) +
            R"({"class":"SKY","device":"a","hdop":0.9,"uSat":9})" + "\r\n");
  CHECK(Next(world) ==
        "latitude_deg 48 good; longitude_deg 12 good; gnss_hdop 0.9 good; gnss_satellites 9 good; "
        "gnss_fix 3 good");
  CHECK(world.Rejected(reason::kOtherSource) == 1);
}

TEST_CASE("GpsdDriver: neither a cut message, nor an endless one, nor an error ends the session") {
  World world;
  TcpServer gpsd;
  const RunningDriver driver(world, "gpsd", "{address: '" + gpsd.address() + "'}");
  gpsd.Accept();
  gpsd.Send(kGreeting);
  gpsd.Send(Tpv("a", 1, 47).substr(0, 60) + "\n" + std::string(30'000, 'x') + "\n");
  gpsd.Send("{\"class\":\"ERROR\",\"message\":\"no\"}\n");
  gpsd.Send(Tpv("a", 1, 48));
  CHECK(Next(world).starts_with("latitude_deg 48 good; "));
  CHECK(world.Rejected(reason::kMalformed) == 1);
  CHECK(world.Rejected(reason::kTooLarge) == 1);
  CHECK(world.Rejected(reason::kDeviceError) == 1);
}

TEST_CASE("GpsdDriver: comes back when gpsd does; meanwhile its values are stale") {
  World world;
  TcpServer gpsd;
  const RunningDriver driver(world, "gpsd", "{address: '" + gpsd.address() + "'}");
  gpsd.Accept();
  gpsd.Send(std::string(kGreeting) + Tpv("a", 1, 48));
  CHECK(Next(world).starts_with("latitude_deg 48 good; "));
  world.clock.Advance(11s);
  gpsd.Hang();
  CHECK(Next(world).starts_with("latitude_deg 48 stale; "));
  gpsd.Accept();
  gpsd.Send(std::string(kGreeting) + Tpv("a", 1, 48));
  CHECK(Next(world).starts_with("latitude_deg 48 good; "));
}

TEST_CASE("GpsdDriver: a silent gpsd is asked for a sign of life, then given up") {
  World world;
  TcpServer gpsd;
  const RunningDriver driver(world, "gpsd", "{address: '" + gpsd.address() + "'}");
  gpsd.Accept();
  gpsd.Send(std::string(kGreeting) + Tpv("a", 1, 48));
  CHECK_FALSE(Next(world).empty());
  gpsd.Line();
  world.clock.Advance(11s);
  CHECK(gpsd.Line() == kWatch);
  gpsd.Send(std::string(kGreeting) + Tpv("a", 2, 48));
  while (!Next(world).starts_with("latitude_deg 48 good; ")) {
  }
  world.clock.Advance(11s);
  CHECK(gpsd.Line() == kWatch);
  world.clock.Advance(5s);
  CHECK(gpsd.Line() == "closed");
  gpsd.Accept();
}

TEST_CASE("GpsdDriver: a greeting alone is no device that is read") {
  const CapturedLog log;
  World world;
  TcpServer gpsd;
  std::optional<RunningDriver> driver(std::in_place, world, "gpsd",
                                      "{address: '" + gpsd.address() + "'}");
  for (const std::string_view answer :
       {std::string_view(), std::string_view("{\"class\":\"DEVICES\",\"devices\":[]}\r\n")}) {
    gpsd.Accept();
    gpsd.Send(std::string(kGreeting) + std::string(answer) + Tpv("a", 1, 48));
    while (!Next(world).starts_with("latitude_deg 48 good; ")) {
    }
    gpsd.Hang();
  }
  gpsd.Accept();
  driver.reset();
  CHECK(log.Count("reads its device") == 1);
}

TEST_CASE("GpsdDriver: what the device that is lost has said last is its own; it may come back") {
  const CapturedLog log;
  World world;
  TcpServer gpsd;
  std::optional<RunningDriver> driver(std::in_place, world, "gpsd",
                                      "{address: '" + gpsd.address() + "'}");
  gpsd.Accept();
  gpsd.Send(std::string(kGreeting) + Tpv("a", 1, 47) + Tpv("a", 2, 48) +
            R"({"class":"DEVICE","path":"a","activated":0})" + "\r\n" + Tpv("a", 3, 49));
  std::string shown = Next(world);
  while (shown.find("latitude_deg 49 good") == std::string::npos) shown += "; " + Next(world);
  CHECK(shown.find("latitude_deg 48 good") != std::string::npos);
  driver.reset();
  CHECK(log.Count("believes a\n") == 2);
  CHECK(log.Count("believes \n") == 0);
}

TEST_CASE("GpsdDriver: a protocol that it doesn't know, or no gpsd at all, is not read") {
  const CapturedLog log;
  World world;
  TcpServer gpsd;
  std::optional<RunningDriver> driver(std::in_place, world, "gpsd",
                                      "{address: '" + gpsd.address() + "'}");
  gpsd.Accept();
  gpsd.Line();
  gpsd.Send("{\"class\":\"VERSION\",\"proto_major\":1e300}\n");
  CHECK(gpsd.Line() == "closed");
  gpsd.Accept();
  gpsd.Line();
  gpsd.Send("SSH-2.0-OpenSSH_9.2\r\n");
  world.clock.Advance(6s);
  CHECK(gpsd.Line() == "closed");
  driver.reset();
  CHECK(log.Count("gpsd speaks protocol 1e+300, this agent 3: one of the two needs an update") ==
        1);
}

TEST_CASE("GpsdDriver: stops within a second, with gpsd and without") {
  World world;
  TcpServer gpsd;
  std::optional<RunningDriver> driver(std::in_place, world, "gpsd",
                                      "{address: '" + gpsd.address() + "'}");
  gpsd.Accept();
  auto before = std::chrono::steady_clock::now();
  driver.reset();
  CHECK(std::chrono::steady_clock::now() - before < 1s);
  driver.emplace(world, "gpsd", "{address: '127.0.0.1:1'}");
  before = std::chrono::steady_clock::now();
  driver.reset();
  CHECK(std::chrono::steady_clock::now() - before < 1s);
}

TEST_CASE("GpsdDriver: what can't be is refused with the mend; an empty mapping will do") {
  World world;
  CHECK(MakeDriver(world, "gpsd", "{}")->name() == "test");
  Diagnostics diagnostics;
  const YamlNode node =
      ParseYaml("{gpsd: {address: gnss.local, stale_after: 1s}}", "f.yaml", diagnostics);
  CHECK(ParseDriver(node, {"truck-1"}, Section::Context{"f.yaml", diagnostics}) == nullptr);
  CHECK(diagnostics.size() == 2);
}

}  // namespace
}  // namespace fleet_edge::drivers
