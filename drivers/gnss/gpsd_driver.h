#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
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
#include "drivers/io/tcp_stream.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {

/// Keys of the kind `gpsd`. A value.
struct GpsdDriverOptions {
  std::string address = "127.0.0.1:2947";
  std::string device;  ///< the one to be read; empty: any
  Duration stale_after = std::chrono::seconds{10};

  TcpAddress compiled{.host = "127.0.0.1", .port = 2947};  ///< `address`, read
};

void Describe(Section& section, GpsdDriverOptions& options);

/// DriverKind::parse of `gpsd`.
std::unique_ptr<DriverSpec> ParseGpsdDriver(const std::string& name, const YamlNode& options,
                                            const DriverDefaults& defaults,
                                            const Section::Context& context);

/// DriverKind::reference of `gpsd`.
std::vector<Section::KeyDoc> GpsdDriverReference();

/// Reads GNSS receivers through gpsd, by its JSON protocol of version 3.
class GpsdDriver : public Driver {
 public:
  /// Connects to nothing yet.
  GpsdDriver(std::string name, GpsdDriverOptions options, const Environment& environment);

  const std::string& name() const override { return name_; }
  void Run(std::stop_token stop) override;

 private:
  /// What is known of one session.
  struct Session {
    BootTime begun;
    BootTime heard;         // last
    bool greeted = false;   // by a VERSION that is understood
    bool watched = false;   // gpsd has taken the request for reports: it answers with its devices
    bool asked = false;     // for a sign of life
    bool warned = false;    // of no device
    std::string failed{};   // why it has to end
    std::string refused{};  // gpsd's last error
  };

  /// One session: until the stop, or why gpsd is gone.
  std::string Talk(const StopEvent& stopped, const std::function<void()>& opened);
  void Read(std::string_view line, bool too_long, Session& session);
  void Note(const GpsdMessage& message, Session& session);

  /// Asks a silent gpsd for a sign of life, and gives it up: why, or empty.
  std::string Overdue(Session& session, LineStream& stream) const;
  void Put();

  const std::string name_;
  const GpsdDriverOptions options_;
  const Environment environment_;
  GnssOutlets outlets_;
  GpsdDecoder decoder_;
  GpsdDevices devices_;
  std::string believed_;  // the device whose values are handed on
  GpsdMessage message_;
  std::vector<GnssReport> reports_;
};

}  // namespace fleet_edge::drivers
