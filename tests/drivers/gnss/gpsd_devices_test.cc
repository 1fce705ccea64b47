#include "drivers/gnss/gpsd_devices.h"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/gpsd.h"
#include "drivers/rejections.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::seconds;

/// A conversation: each call tells what came of it, `speed/fix/satellites` for each report.
class Talk {
 public:
  explicit Talk(std::string only = {}) : devices_(std::move(only)) {}

  /// A fix at `second`, or at no time.
  std::string Fix(std::string_view device, std::optional<int> second, double speed,
                  double mode = 3) {
    GpsdMessage message{.kind = GpsdMessage::Kind::kFix, .device = device};
    if (second) message.report.time = UtcTime{} + seconds{*second};
    message.report.fix = mode;
    if (mode >= 2) message.report.speed_kmh = speed;
    return Take(message);
  }

  std::string Sky(std::string_view device, double satellites) {
    GpsdMessage message{.kind = GpsdMessage::Kind::kSky, .device = device};
    message.report.satellites = satellites;
    return Take(message);
  }

  std::string Pause() {
    devices_.Finish(reports_);
    return Show();
  }

  void Wait(seconds time) { now_ += time; }
  void Remove(std::string_view device) { devices_.Remove(device); }

 private:
  std::string Take(const GpsdMessage& message) {
    const auto refused = devices_.Take(message, now_, reports_);
    if (refused) return std::string(*refused);
    return Show();
  }

  std::string Show() {
    const auto number = [](const std::optional<double>& value) {
      return value ? std::to_string(static_cast<int>(*value)) : std::string("-");
    };
    std::string shown;
    for (const GnssReport& report : reports_) {
      shown += "[" + number(report.speed_kmh) + "/" + number(report.fix) + "/" +
               number(report.satellites) + "]";
    }
    reports_.clear();
    return shown;
  }

  GpsdDevices devices_;
  BootTime now_{seconds{1000}};
  std::vector<GnssReport> reports_;
};

TEST_CASE("GpsdDevices: of several TPVs of one time the last counts, with the SKYs between them") {
  Talk talk;
  CHECK(talk.Fix("a", 1, 335).empty());
  CHECK(talk.Sky("a", 9).empty());
  CHECK(talk.Fix("a", 1, 2).empty());
  CHECK(talk.Fix("a", 2, 3) == "[2/3/9]");
  CHECK(talk.Pause() == "[3/3/-]");
  CHECK(talk.Pause().empty());
}

TEST_CASE("GpsdDevices: nothing is told twice, but that there is no fix") {
  Talk talk;
  talk.Fix("a", 1, 5);
  CHECK(talk.Pause() == "[5/3/-]");
  CHECK(talk.Fix("a", 1, 5).empty());
  CHECK(talk.Pause().empty());
  talk.Sky("a", 7);
  talk.Fix("a", 1, 5);
  CHECK(talk.Pause() == "[-/-/7]");
  for (int i = 0; i < 3; ++i) {
    talk.Fix("a", 1, 0, 1);
    CHECK(talk.Pause() == "[-/1/-]");
  }
  for (int i = 0; i < 3; ++i) {
    talk.Fix("a", std::nullopt, 0, 1);
    CHECK(talk.Pause() == "[-/1/-]");
  }
  talk.Fix("a", 9, 6);
  CHECK(talk.Pause() == "[6/3/-]");
}

TEST_CASE("GpsdDevices: a moment told without its time, then with it, is one") {
  Talk talk;
  CHECK(talk.Fix("a", std::nullopt, 5).empty());
  CHECK(talk.Fix("a", std::nullopt, 0, 1).empty());
  CHECK(talk.Fix("a", 1, 6).empty());
  CHECK(talk.Pause() == "[6/3/-]");
  for (int i = 0; i < 2; ++i) {
    CHECK(talk.Fix("a", std::nullopt, 5).empty());
    CHECK(talk.Pause() == "[5/3/-]");
  }
  CHECK(talk.Fix("a", 2, 7).empty());
  CHECK(talk.Pause() == "[7/3/-]");
}

TEST_CASE("GpsdDevices: a fix by no satellite doesn't say so") {
  Talk talk;
  talk.Fix("a", 1, 5);
  talk.Sky("a", 0);
  CHECK(talk.Pause() == "[5/3/-]");
}

TEST_CASE("GpsdDevices: one device is believed, until it has had no fix for five seconds") {
  Talk talk;
  CHECK(talk.Fix("a", 1, 0, 1).empty());
  CHECK(talk.Fix("b", 1, 20).empty());  // the first that has a fix
  CHECK(talk.Fix("a", 2, 10) == reason::kOtherSource);
  CHECK(talk.Pause() == "[20/3/-]");
  talk.Wait(seconds{5});
  CHECK(talk.Fix("a", 7, 10) == reason::kOtherSource);
  talk.Wait(seconds{1});
  talk.Fix("b", 8, 0, 1);
  CHECK(talk.Fix("a", 8, 11).empty());
  CHECK(talk.Pause() == "[11/3/-]");
  CHECK(talk.Fix("b", 9, 21) == reason::kOtherSource);
}

TEST_CASE("GpsdDevices: when the one that is believed falls silent any other will do") {
  Talk talk;
  talk.Fix("a", 1, 10);
  CHECK(talk.Pause() == "[10/3/-]");
  CHECK(talk.Fix("b", 1, 0, 1) == reason::kOtherSource);
  talk.Wait(seconds{6});
  CHECK(talk.Fix("b", 7, 0, 1).empty());
  CHECK(talk.Pause() == "[-/1/-]");
}

TEST_CASE("GpsdDevices: a device that gpsd has lost makes room at once") {
  Talk talk;
  talk.Fix("a", 1, 10);
  CHECK(talk.Fix("b", 1, 20) == reason::kOtherSource);
  talk.Remove("a");
  talk.Remove("nothing");
  CHECK(talk.Fix("b", 2, 20).empty());
  talk.Fix("a", 2, 10);
  talk.Remove("b");
  CHECK(talk.Fix("a", 3, 10).empty());
}

TEST_CASE("GpsdDevices: a chosen device is the only one; more than eight are not told apart") {
  Talk chosen("b");
  CHECK(chosen.Fix("a", 1, 10) == reason::kOtherSource);
  CHECK(chosen.Fix("b", 1, 20).empty());
  Talk many;
  for (int i = 0; i < 20; ++i) many.Fix(std::to_string(i), 1, 10);
  CHECK(many.Pause() == "[10/3/-]");
  CHECK(many.Fix("0", 2, 10).empty());
  many.Wait(seconds{6});
  CHECK(many.Fix("0", 8, 10) == "[10/3/-]");
  CHECK(many.Fix("9", 8, 20) == reason::kOtherSource);  // in the place of 1
  many.Wait(seconds{6});
  CHECK(many.Fix("9", 14, 20).empty());
  for (int i = 10; i < 30; ++i) {  // a receiver whose name changes with each of its losses
    many.Wait(seconds{6});
    CHECK(many.Fix(std::to_string(i), i, 30).empty());
  }
}

}  // namespace
}  // namespace fleet_edge::drivers
