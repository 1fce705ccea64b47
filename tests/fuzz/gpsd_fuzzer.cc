// Any lines as messages of gpsd, to the reports that leave. A line of a dot is a pause, one of a
// plus sign three seconds.

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/gpsd.h"
#include "drivers/gnss/gpsd_devices.h"
#include "drivers/io/line_buffer.h"

namespace {

using namespace fleet_edge;
using namespace fleet_edge::drivers;

void Check(const std::vector<GnssReport>& reports) {
  if (reports.size() > 1) std::abort();
  for (const GnssReport& report : reports) {
    bool any = false;
    for (const GnssValue& value : kGnssValues) {
      const auto& number = report.*value.value;
      any = any || number;
      if (number && !std::isfinite(*number)) std::abort();
    }
    if (!any) std::abort();
    if (report.fix && (*report.fix < 0 || *report.fix > 3)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static GpsdDecoder decoder;  // its memory is meant to be used again
  GpsdDevices devices("");
  BootTime now{std::chrono::seconds{1000}};
  std::vector<GnssReport> reports;
  LineBuffer lines(2048);
  const std::string text(data, data + size);
  lines.Take(text, [&](std::string_view line, bool /*too_long*/) {
    reports.clear();
    if (line == ".") return devices.Finish(reports), Check(reports);
    if (line == "+") return void(now += std::chrono::seconds{3});
    GpsdMessage message;
    if (decoder.Decode(line, message)) return;
    if (message.kind == GpsdMessage::Kind::kFix || message.kind == GpsdMessage::Kind::kSky) {
      devices.Take(message, now, reports);
      Check(reports);
    } else if (message.kind == GpsdMessage::Kind::kDevice && !message.active) {
      devices.Remove(message.device);
    }
  });
  return 0;
}
