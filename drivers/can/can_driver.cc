#include "drivers/can/can_driver.h"

#include <spdlog/spdlog.h>
#include <sys/poll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/section.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/can_reader.h"
#include "drivers/can/can_signal.h"
#include "drivers/can/can_source.h"
#include "drivers/can/can_time.h"
#include "drivers/can/dbc_options.h"
#include "drivers/driver.h"
#include "drivers/io/sessions.h"
#include "drivers/read_options.h"
#include "drivers/rejections.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// What comes meanwhile is read in one go: waking up for each frame costs ten times what it holds. A
// loaded bus of 1 Mbit/s brings 80 frames, of which the kernel keeps some 270.
constexpr Duration kGather = milliseconds{10};

// linux/can/error.h, CAN_ERR_BUSOFF.
constexpr std::uint32_t kBusOff = 0x40;

class CanDriverSpec : public DriverSpec {
 public:
  CanDriverSpec(std::string name, CanDriverOptions options)
      : name_(std::move(name)), options_(std::move(options)) {}
  const std::string& name() const override { return name_; }
  std::optional<std::vector<std::string>> series() const override {
    return SeriesOf(options_.decoding);
  }
  std::vector<std::string> devices() const override {
    return DevicesOf(options_.slcan, options_.interface);
  }
  std::unique_ptr<Driver> Make(const Environment& environment) const override {
    CanDriver::Open open = [interface = options_.interface,
                            filters = FiltersOf(options_.decoding)] {
      return OpenSocketCan(interface, filters);
    };
    if (!options_.slcan.empty()) {
      open = [device = options_.slcan, bitrate = options_.bitrate] {
        return OpenSlcan(device, bitrate);
      };
    }
    return std::make_unique<CanDriver>(name_, options_.stale_after, options_.decoding,
                                       std::move(open), environment);
  }

 private:
  const std::string name_;
  const CanDriverOptions options_;
};

int Milliseconds(Duration duration) {
  return static_cast<int>(std::chrono::ceil<milliseconds>(duration).count());
}

}  // namespace

void Describe(Section& section, CanDriverOptions& options) {
  section.Key("interface", options.interface, "SocketCAN's interface, such as can0.");
  section.Key("slcan", options.slcan,
              "In its place: the serial port of an adapter with Lawicel's protocol.");
  section.Key("bitrate", options.bitrate, "Of the bus, for `slcan`: bits a second.");
  section.Key("stale_after", options.stale_after, "Silence after which a signal is stale.");
  section.Key("dbc", options.dbc,
              "A DBC file that says what the bus carries; a relative path counts from this file's "
              "folder.");
  section.Key("signals", options.signals, "Series → {signal, unit}, of the DBC file.");
  section.Key("j1939", options.j1939,
              "Whether SAE J1939's groups are read as the standard defines them; a series of "
              "`signals` goes before. Default: when there is no `dbc`.");
  if (!section.reading()) return;
  if (options.interface.empty() == options.slcan.empty()) {
    section.Fail("interface", "a bus has one source", "Write `interface: can0` or `slcan: /dev/…`");
  }
  if (!IsSlcanBitrate(options.bitrate)) {
    section.Fail("bitrate", "adapters don't have this rate",
                 "Allowed here: 10000 20000 50000 100000 125000 250000 500000 800000 1000000");
  }
  if (options.stale_after < seconds{2}) {
    section.Fail("stale_after", "some groups come once a second", "Write 2s or more");
  }
  options.decoding.j1939 = options.j1939.value_or(options.dbc.empty());
  if (options.dbc.empty() != options.signals.empty()) {
    section.Fail("signals", "a DBC file and the signals that are taken from it belong together",
                 "Write `dbc: vehicle.dbc` and `signals: {engine_rpm: {signal: Engine.Speed}}`");
  } else if (!options.dbc.empty()) {
    options.decoding.dbc = ReadDbcChannels(options.dbc, options.signals,
                                           section.PositionOf("signals"), section.context());
  } else if (!options.decoding.j1939) {
    section.Fail("j1939", "nothing would be read", "Leave it out, or add `dbc` and `signals`");
  }
}

std::unique_ptr<DriverSpec> ParseCanDriver(const std::string& name, const YamlNode& options,
                                           const DriverDefaults& /*defaults*/,
                                           const Section::Context& context) {
  auto read = ReadOptions<CanDriverOptions>(options, context);
  if (!read) return nullptr;
  return std::make_unique<CanDriverSpec>(name, std::move(*read));
}

std::vector<Section::KeyDoc> CanDriverReference() {
  return Section::Reference<CanDriverOptions>("drivers[].can");
}

CanDriver::CanDriver(std::string name, Duration stale_after, const CanDecoding& decoding, Open open,
                     const Environment& environment)
    : name_(std::move(name)),
      stale_after_(stale_after),
      open_(std::move(open)),
      environment_(environment),
      rejections_(environment.counters, name_),
      accepted_(rejections_.Accepted()),
      malformed_(rejections_.Get(reason::kMalformed)),
      overrun_(rejections_.Get(reason::kOverrun)),
      refusals_(rejections_),
      reader_(decoding, environment.series, environment.driver) {}

void CanDriver::Run(std::stop_token stop) {
  const StopEvent stopped(stop);
  Sessions sessions(
      name_, environment_.clock,
      [&](const std::function<void()>& opened) { return Listen(stop, stopped, opened); },
      [this] { MarkSilent(); });
  sessions.Run(stop, stopped);
}

std::string CanDriver::Listen(const std::stop_token& stop, const StopEvent& stopped,
                              const std::function<void()>& opened) {
  const auto opening = open_();
  if (!opening) return opening.error().message;
  CanSource& source = **opening;
  opened();
  std::vector<CanFrame> frames;
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> events{{{.fd = source.fd(), .events = POLLIN, .revents = 0},
                                  {.fd = stopped.fd(), .events = POLLIN, .revents = 0}}};
    ::poll(events.data(), events.size(), Milliseconds(stale_after_ / 10));
    frames.clear();
    CanLosses losses;
    const auto read = source.Read(frames, losses);
    malformed_.Add(losses.malformed);
    overrun_.Add(losses.overrun);
    Read(frames);
    if (!read) return read.error().message;
    MarkSilent();
    // A bus that brings more than that is read without a rest.
    if (frames.size() < CanSource::kAtOnce) ::poll(&events[1], 1, Milliseconds(kGather));
  }
  return {};
}

void CanDriver::Read(const std::vector<CanFrame>& frames) {
  if (frames.empty()) return;
  const CanTime now = Now();
  readings_.clear();
  refused_.clear();
  for (const CanFrame& frame : frames) {
    NoteBus(frame);
    reader_.Read(frame, {now.utc - frame.age, now.boot - frame.age}, readings_, refused_);
  }
  for (const CanRefusal& refusal : refused_) refusals_.Count(refusal);
  accepted_.Add(readings_.size());
  environment_.readings.PushAll(readings_);
}

CanTime CanDriver::Now() const {
  return {.utc = environment_.clock.Now(), .boot = environment_.clock.Boot()};
}

void CanDriver::NoteBus(const CanFrame& frame) {
  const bool is_error = frame.kind == CanFrame::Kind::kError;
  if (is_error && (frame.id & kBusOff) != 0 && !bus_off_) {
    bus_off_ = true;
    spdlog::warn(
        "driver {}: the controller has left the bus (bus-off): is the bitrate right, the "
        "bus terminated? `ip link set … type can restart-ms 100` lets it come back",
        name_);
  } else if (!is_error && bus_off_) {
    bus_off_ = false;
    spdlog::info("driver {}: the bus speaks again", name_);
  }
}

void CanDriver::MarkSilent() {
  readings_.clear();
  reader_.MarkSilent(Now(), stale_after_, readings_);
  if (readings_.empty()) return;
  spdlog::warn(
      "driver {}: {} signals have been silent for {}; they are stale until they speak "
      "again",
      name_, readings_.size(), ToString(stale_after_));
  accepted_.Add(readings_.size());
  environment_.readings.PushAll(readings_);
}

}  // namespace fleet_edge::drivers
