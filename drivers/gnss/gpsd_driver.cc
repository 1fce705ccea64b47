#include "drivers/gnss/gpsd_driver.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/section.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/gnss/gnss_outlets.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/gpsd.h"
#include "drivers/gnss/gpsd_devices.h"
#include "drivers/io/line_stream.h"
#include "drivers/io/sessions.h"
#include "drivers/io/tcp_stream.h"
#include "drivers/read_options.h"
#include "drivers/rejections.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint16_t kGpsdPort = 2947;
constexpr Duration kConnectLimit = seconds{5};

// gpsd tells a moment in one go.
constexpr milliseconds kPause{200};

// Twice what gpsd allows itself for a response (GPS_JSON_RESPONSE_MAX, 10,240 characters).
constexpr std::size_t kMaxLine = 20 << 10;

// gpsd without a receiver is silent for ever. After kQuiet it is asked again for reports: it
// answers at once, and opens the receivers that it has lost.
constexpr Duration kQuiet = seconds{10};
constexpr Duration kGone = seconds{15};

constexpr double kProtocol = 3;

constexpr std::string_view kWatch = "?WATCH={\"enable\":true,\"json\":true};\n";

class GpsdDriverSpec : public DriverSpec {
 public:
  GpsdDriverSpec(std::string name, GpsdDriverOptions options)
      : name_(std::move(name)), options_(std::move(options)) {}
  const std::string& name() const override { return name_; }
  std::optional<std::vector<std::string>> series() const override { return GnssOutlets::Signals(); }
  std::unique_ptr<Driver> Make(const Environment& environment) const override {
    return std::make_unique<GpsdDriver>(name_, options_, environment);
  }

 private:
  const std::string name_;
  const GpsdDriverOptions options_;
};

}  // namespace

void Describe(Section& section, GpsdDriverOptions& options) {
  section.Key("address", options.address, "gpsd's address:port.");
  section.Key("device", options.device,
              "Read this one of gpsd's devices alone. Default: the first that has a fix.");
  section.Key("stale_after", options.stale_after, "Silence after which a signal is stale.");
  if (!section.reading()) return;
  if (const auto address = ParseTcpAddress(options.address, kGpsdPort)) {
    options.compiled = *address;
  } else {
    section.Fail("address", "not an address in numbers and a port", "Write `127.0.0.1:2947`");
  }
  if (options.stale_after < seconds{2}) {
    section.Fail("stale_after", "most receivers speak once a second", "Write 2s or more");
  }
}

std::unique_ptr<DriverSpec> ParseGpsdDriver(const std::string& name, const YamlNode& options,
                                            const DriverDefaults& /*defaults*/,
                                            const Section::Context& context) {
  auto read = ReadOptions<GpsdDriverOptions>(options, context);
  if (!read) return nullptr;
  return std::make_unique<GpsdDriverSpec>(name, std::move(*read));
}

std::vector<Section::KeyDoc> GpsdDriverReference() {
  return Section::Reference<GpsdDriverOptions>("drivers[].gpsd");
}

GpsdDriver::GpsdDriver(std::string name, GpsdDriverOptions options, const Environment& environment)
    : name_(std::move(name)),
      options_(std::move(options)),
      environment_(environment),
      outlets_(name_, options_.stale_after, environment),
      devices_(options_.device) {}

void GpsdDriver::Run(std::stop_token stop) {
  const StopEvent stopped(stop);
  Sessions sessions(
      name_, environment_.clock,
      [&](const std::function<void()>& opened) { return Talk(stopped, opened); },
      [&] { outlets_.MarkSilent(); });
  sessions.Run(stop, stopped);
}

std::string GpsdDriver::Talk(const StopEvent& stopped, const std::function<void()>& opened) {
  auto socket = ConnectTcp(options_.compiled, kConnectLimit, stopped);
  if (!socket) return socket.error().message;
  devices_ = GpsdDevices(options_.device);
  outlets_.Reopen();
  LineStream stream(std::move(*socket), kMaxLine);
  const BootTime now = environment_.clock.Boot();
  Session session{.begun = now, .heard = now};
  if (!stream.Send(kWatch)) return options_.address + ": takes no request";
  const auto on_line = [&](std::string_view line, bool too_long) { Read(line, too_long, session); };
  while (true) {
    const bool watched = session.watched;
    const auto event = stream.Wait(kPause, stopped, on_line);
    if (event == LineStream::Event::kStopped) return {};
    if (event != LineStream::Event::kBytes) devices_.Finish(reports_);
    Put();
    outlets_.MarkSilent();
    if (event == LineStream::Event::kGone) return options_.address + ": " + stream.why();
    if (!watched && session.watched) opened();
    if (event == LineStream::Event::kBytes) {
      session.heard = environment_.clock.Boot();
      session.asked = false;
    }
    if (session.failed.empty()) session.failed = Overdue(session, stream);
    if (!session.failed.empty()) return options_.address + ": " + session.failed;
  }
}

void GpsdDriver::Read(std::string_view line, bool too_long, Session& session) {
  if (too_long) return outlets_.Refuse(reason::kTooLarge);
  const auto refused = decoder_.Decode(line, message_);
  if (refused) return outlets_.Refuse(*refused);
  if (message_.kind != GpsdMessage::Kind::kFix && message_.kind != GpsdMessage::Kind::kSky) {
    return Note(message_, session);
  }
  const auto passed = devices_.Take(message_, environment_.clock.Boot(), reports_);
  if (passed) return outlets_.Refuse(*passed);
  Put();
}

void GpsdDriver::Note(const GpsdMessage& message, Session& session) {
  switch (message.kind) {
    case GpsdMessage::Kind::kVersion:
      session.greeted = message.protocol == kProtocol;
      if (!session.greeted) {
        session.failed =
            fmt::format("gpsd speaks protocol {}, this agent {}: one of the two needs an update",
                        message.protocol, kProtocol);
      }
      break;
    case GpsdMessage::Kind::kDevices:
      session.watched = true;
      if (message.device.empty() && !session.warned) {
        spdlog::warn("driver {}: gpsd has no device: `gpsdctl add /dev/…` gives it one", name_);
      }
      session.warned = message.device.empty();
      break;
    case GpsdMessage::Kind::kDevice:
      if (message.active) break;
      spdlog::warn("driver {}: gpsd has lost {}", name_, message.device);
      devices_.Finish(reports_);
      Put();
      devices_.Remove(message.device);
      believed_ = devices_.believed();
      break;
    case GpsdMessage::Kind::kError:
      outlets_.Refuse(reason::kDeviceError);
      if (session.refused != message.text) spdlog::warn("driver {}: gpsd: {}", name_, message.text);
      session.refused = message.text;
      break;
    default:
      break;
  }
}

std::string GpsdDriver::Overdue(Session& session, LineStream& stream) const {
  const BootTime now = environment_.clock.Boot();
  const Duration silent = now - session.heard;
  if (silent > kGone) return "silent";
  if (!session.greeted && now - session.begun > kConnectLimit) return "does not greet as gpsd does";
  if (silent > kQuiet && !std::exchange(session.asked, true) && !stream.Send(kWatch)) {
    return "takes no request";
  }
  return {};
}

void GpsdDriver::Put() {
  if (reports_.empty()) return;
  if (devices_.believed() != believed_) {
    believed_ = devices_.believed();
    spdlog::info("driver {}: believes {}", name_, believed_);
    outlets_.Reopen();
  }
  for (const GnssReport& report : reports_) outlets_.Put(report);
  reports_.clear();
}

}  // namespace fleet_edge::drivers
