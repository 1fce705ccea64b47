#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/section.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/io/serial_port.h"
#include "drivers/io/tcp_stream.h"
#include "drivers/obd/can_link.h"
#include "drivers/obd/elm327_link.h"
#include "drivers/obd/obd_driver.h"
#include "drivers/obd/obd_link.h"
#include "drivers/obd/obd_options.h"
#include "drivers/obd/obd_wait.h"
#include "drivers/read_options.h"
#include "drivers/signal_target.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {
namespace {

constexpr Duration kConnectLimit = std::chrono::seconds{5};

class ObdDriverSpec : public DriverSpec {
 public:
  ObdDriverSpec(std::string name, ObdOptions options)
      : name_(std::move(name)), options_(std::move(options)) {}
  const std::string& name() const override { return name_; }
  std::optional<std::vector<std::string>> series() const override {
    std::vector<std::string> names;
    for (const ObdWanted& wanted : ObdWantedOf(options_))
      names.push_back(SeriesText(wanted.target));
    return names;
  }
  std::vector<std::string> devices() const override {
    return DevicesOf(options_.device, options_.interface);
  }
  std::unique_ptr<Driver> Make(const Environment& environment) const override {
    return std::make_unique<ObdDriver>(name_, options_, Opener(), environment);
  }

 private:
  ObdDriver::Open Opener() const {
    if (options_.tcp) {
      return [address = *options_.tcp,
              name = options_.address](const ObdWait& wait) -> Result<std::unique_ptr<ObdLink>> {
        auto socket = ConnectTcp(address, kConnectLimit, wait.stopped());
        if (!socket) return socket.error();
        return Elm327Link::Open(std::move(*socket), name, wait);
      };
    }
    if (!options_.interface.empty()) {
      return [interface = options_.interface](const ObdWait& wait) {
        return CanLink::Open(interface, wait);
      };
    }
    return [device = options_.device,
            baud = options_.baud](const ObdWait& wait) -> Result<std::unique_ptr<ObdLink>> {
      auto port = OpenSerialPort(device, baud);
      if (!port) return port.error();
      return Elm327Link::Open(std::move(*port), device, wait);
    };
  }

  const std::string name_;
  const ObdOptions options_;
};

}  // namespace

std::unique_ptr<DriverSpec> ParseObdDriver(const std::string& name, const YamlNode& options,
                                           const DriverDefaults& /*defaults*/,
                                           const Section::Context& context) {
  auto read = ReadOptions<ObdOptions>(options, context);
  if (!read) return nullptr;
  return std::make_unique<ObdDriverSpec>(name, std::move(*read));
}

std::vector<Section::KeyDoc> ObdDriverReference() { return ObdOptionsReference(); }

}  // namespace fleet_edge::drivers
