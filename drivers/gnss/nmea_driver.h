#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/section.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/driver.h"
#include "drivers/gnss/gnss_outlets.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/nmea.h"
#include "drivers/io/tcp_stream.h"
#include "drivers/table.h"

namespace fleet_edge::drivers {

/// Keys of the kind `nmea`. A value.
struct NmeaDriverOptions {
  std::string device;         ///< a serial port; either this or `address`
  std::uint32_t baud = 9600;  ///< of the port
  std::string address;        ///< of a receiver in the vehicle's network
  Duration stale_after = std::chrono::seconds{10};

  TcpAddress compiled{};  ///< `address`, read
};

void Describe(Section& section, NmeaDriverOptions& options);

/// DriverKind::parse of `nmea`.
std::unique_ptr<DriverSpec> ParseNmeaDriver(const std::string& name, const YamlNode& options,
                                            const DriverDefaults& defaults,
                                            const Section::Context& context);

/// DriverKind::reference of `nmea`.
std::vector<Section::KeyDoc> NmeaDriverReference();

/// Reads a GNSS receiver that speaks NMEA 0183, on a serial port or by TCP.
class NmeaDriver : public Driver {
 public:
  /// The receiver's port; errors are kRetry, with the mend.
  using Open = std::function<Result<FileDescriptor>(const StopEvent& stopped)>;

  /// Opens nothing yet.
  NmeaDriver(std::string name, NmeaDriverOptions options, Open open,
             const Environment& environment);

  const std::string& name() const override { return name_; }
  void Run(std::stop_token stop) override;

 private:
  /// One session: until the stop, or why the receiver is gone.
  std::string Listen(const StopEvent& stopped, const std::function<void()>& opened);
  void Read(std::string_view line, bool too_long);
  void Put(const std::optional<GnssReport>& report);

  /// Tells once in a session that nothing is heard, or nothing but noise.
  void NoteSilence(BootTime since, bool noise);

  const std::string name_;
  const NmeaDriverOptions options_;
  const Open open_;
  const Environment environment_;
  GnssOutlets outlets_;

  // Of the session.
  NmeaDecoder decoder_;
  std::uint64_t sentences_ = 0;  // sound ones
  bool told_ = false;            // NoteSilence
};

}  // namespace fleet_edge::drivers
