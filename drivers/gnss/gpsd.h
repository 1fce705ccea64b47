#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "drivers/gnss/gnss_report.h"
#include "drivers/io/json_codec.h"

namespace fleet_edge::drivers {

/// What of one message of gpsd is read. Views live until the decoder's next message.
struct GpsdMessage {
  enum class Kind {
    kFix,      ///< TPV: time, position, velocity
    kSky,      ///< SKY: `report` has hdop and satellites
    kVersion,  ///< VERSION, the greeting
    kDevice,   ///< DEVICE: gpsd has opened or lost one
    kDevices,  ///< DEVICES: all that gpsd has; `device` is the first, empty when there is none
    kError,    ///< ERROR: `text` says what
    kOther,    ///< any other class
  };
  Kind kind = Kind::kOther;
  std::string_view device{};  ///< a path; empty when gpsd doesn't say
  std::string_view text{};
  GnssReport report{};
  double protocol = 0;  ///< VERSION's proto_major
  bool active = true;   ///< DEVICE: false when it is lost
};

/// Reads gpsd's JSON messages, a line each (gpsd_json(5)). Absent fields are absent values: gpsd
/// leaves out what it doesn't know.
///
/// Pure; one thread.
class GpsdDecoder {
 public:
  GpsdDecoder();

  /// Reads one line into `message`. Returns why it is refused: a reason of drivers/rejections.h.
  std::optional<std::string_view> Decode(std::string_view line, GpsdMessage& message);

 private:
  std::optional<std::string_view> ReadReport(GpsdMessage& message) const;
  std::string_view TextOf(std::size_t field) const;
  std::optional<double> NumberOf(std::size_t field) const;
  bool IsWrong(std::size_t field) const;

  JsonCodec codec_;
  JsonParser parser_;
  JsonCodec::Output out_;
};

}  // namespace fleet_edge::drivers
