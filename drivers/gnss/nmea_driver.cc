#include "drivers/gnss/nmea_driver.h"

#include <spdlog/spdlog.h>

#include <algorithm>
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
#include "drivers/gnss/nmea.h"
#include "drivers/io/line_stream.h"
#include "drivers/io/serial_port.h"
#include "drivers/io/sessions.h"
#include "drivers/io/tcp_stream.h"
#include "drivers/read_options.h"
#include "drivers/rejections.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A receiver sends an epoch's sentences in one go; ten epochs a second are 100 ms apart and end by
// the next one's beginning.
constexpr milliseconds kPause{200};

// No sentence is that long, but a maker's binary messages may stand before one.
constexpr std::size_t kMaxLine = 1024;

// Receivers speak once a second.
constexpr Duration kPatience = seconds{5};

constexpr Duration kConnectLimit = seconds{5};

// IANA: nmea-0183.
constexpr std::uint16_t kNmeaPort = 10'110;

class NmeaDriverSpec : public DriverSpec {
 public:
  NmeaDriverSpec(std::string name, NmeaDriverOptions options)
      : name_(std::move(name)), options_(std::move(options)) {}
  const std::string& name() const override { return name_; }
  std::optional<std::vector<std::string>> series() const override { return GnssOutlets::Signals(); }
  std::vector<std::string> devices() const override { return DevicesOf(options_.device); }
  std::unique_ptr<Driver> Make(const Environment& environment) const override {
    NmeaDriver::Open open = [device = options_.device, baud = options_.baud](const StopEvent&) {
      return OpenSerialPort(device, baud);
    };
    if (!options_.address.empty()) {
      open = [address = options_.compiled](const StopEvent& stopped) {
        return ConnectTcp(address, kConnectLimit, stopped);
      };
    }
    return std::make_unique<NmeaDriver>(name_, options_, std::move(open), environment);
  }

 private:
  const std::string name_;
  const NmeaDriverOptions options_;
};

/// Where the receiver is, for people.
std::string Place(const NmeaDriverOptions& options) {
  return options.address.empty() ? options.device : options.address;
}

}  // namespace

void Describe(Section& section, NmeaDriverOptions& options) {
  section.Key("device", options.device, "The receiver's serial port, such as /dev/ttyUSB0.");
  section.Key("baud", options.baud, "The port's rate. NMEA 0183 says 4800; most have 9600.");
  section.Key("address", options.address,
              "In place of `device`: a receiver in the network, address:port (10110).");
  section.Key("stale_after", options.stale_after, "Silence after which a signal is stale.");
  if (!section.reading()) return;
  if (options.device.empty() == options.address.empty()) {
    section.Fail("device", "a receiver is in one place",
                 "Write `device: /dev/ttyUSB0` or `address: 192.168.0.10:10110`");
  }
  if (!IsBaudRate(options.baud)) {
    section.Fail("baud", "serial ports don't have this rate",
                 "Usual: 4800 9600 38400 57600 115200");
  }
  if (options.stale_after < seconds{2}) {
    section.Fail("stale_after", "most receivers speak once a second", "Write 2s or more");
  }
  if (options.address.empty()) return;
  const auto address = ParseTcpAddress(options.address, kNmeaPort);
  if (address) {
    options.compiled = *address;
  } else {
    section.Fail("address", "not an address in numbers and a port",
                 "Write for example `192.168.0.10:10110`");
  }
}

std::unique_ptr<DriverSpec> ParseNmeaDriver(const std::string& name, const YamlNode& options,
                                            const DriverDefaults& /*defaults*/,
                                            const Section::Context& context) {
  auto read = ReadOptions<NmeaDriverOptions>(options, context);
  if (!read) return nullptr;
  return std::make_unique<NmeaDriverSpec>(name, std::move(*read));
}

std::vector<Section::KeyDoc> NmeaDriverReference() {
  return Section::Reference<NmeaDriverOptions>("drivers[].nmea");
}

NmeaDriver::NmeaDriver(std::string name, NmeaDriverOptions options, Open open,
                       const Environment& environment)
    : name_(std::move(name)),
      options_(std::move(options)),
      open_(std::move(open)),
      environment_(environment),
      outlets_(name_, options_.stale_after, environment) {}

void NmeaDriver::Run(std::stop_token stop) {
  const StopEvent stopped(stop);
  Sessions sessions(
      name_, environment_.clock,
      [&](const std::function<void()>& opened) { return Listen(stopped, opened); },
      [&] { outlets_.MarkSilent(); });
  sessions.Run(stop, stopped);
}

std::string NmeaDriver::Listen(const StopEvent& stopped, const std::function<void()>& opened) {
  auto port = open_(stopped);
  if (!port) return port.error().message;
  decoder_ = {};
  sentences_ = 0;
  told_ = false;
  outlets_.Reopen();
  LineStream stream(std::move(*port), kMaxLine);
  const auto on_line = [&](std::string_view line, bool too_long) { Read(line, too_long); };
  BootTime heard = environment_.clock.Boot();  // when a sound sentence came last
  std::size_t bytes = 0;                       // until then
  while (true) {
    const std::uint64_t before = sentences_;
    const auto event = stream.Wait(kPause, stopped, on_line);
    if (event == LineStream::Event::kStopped) return {};
    if (event != LineStream::Event::kBytes) Put(decoder_.Finish());
    outlets_.MarkSilent();
    if (event == LineStream::Event::kGone) return Place(options_) + ": " + stream.why();
    if (before == 0 && sentences_ > 0) opened();
    if (sentences_ > before) {
      heard = environment_.clock.Boot();
      bytes = stream.bytes();
    } else if (environment_.clock.Boot() - heard > std::max(kPatience, options_.stale_after)) {
      // A port stays; what is at the other end of a connection may be gone without a word.
      if (!options_.address.empty()) return options_.address + ": no sentence for too long";
      NoteSilence(heard, stream.bytes() > bytes);
    }
  }
}

void NmeaDriver::Read(std::string_view line, bool too_long) {
  if (too_long) return outlets_.Refuse(reason::kTooLarge);
  // What stands before a sentence: half of another, a binary message, noise.
  const auto begin = line.find('$');
  if (begin != 0) outlets_.Refuse(reason::kMalformed);
  if (begin == std::string_view::npos) return;
  line.remove_prefix(begin);
  std::optional<GnssReport> done;
  const auto refused = decoder_.Decode(line, done);
  if (refused) outlets_.Refuse(*refused);
  if (!refused || refused == reason::kUnreadType) ++sentences_;
  Put(done);
}

void NmeaDriver::Put(const std::optional<GnssReport>& report) {
  if (report) outlets_.Put(*report);
}

void NmeaDriver::NoteSilence(BootTime since, bool noise) {
  if (std::exchange(told_, true)) return;
  const std::string place = Place(options_);
  const std::string time = ToString(std::chrono::floor<seconds>(environment_.clock.Boot() - since));
  if (noise) {
    spdlog::warn("driver {}: {}: nothing but noise at {} baud for {}: is the rate right?", name_,
                 place, options_.baud, time);
  } else {
    spdlog::warn("driver {}: {}: not a word for {}: is a receiver on this port, and powered?",
                 name_, place, time);
  }
}

}  // namespace fleet_edge::drivers
