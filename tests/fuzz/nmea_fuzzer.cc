// Any bytes as what a receiver says: lines, of which one without a checksum gets the right one, so
// that the fields are reached. A line of a dot is a pause.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "drivers/gnss/gnss_report.h"
#include "drivers/gnss/nmea.h"
#include "drivers/io/line_buffer.h"

namespace {

using namespace fleet_edge;
using namespace fleet_edge::drivers;

std::vector<std::string> Lines(std::string_view text, std::size_t piece) {
  std::vector<std::string> lines;
  LineBuffer buffer(120);
  while (!text.empty()) {
    buffer.Take(text.substr(0, piece), [&](std::string_view line, bool too_long) {
      lines.emplace_back(line);
      if (line.empty() || line.size() > 120 || (too_long && line.size() != 120)) std::abort();
    });
    text.remove_prefix(std::min(piece, text.size()));
  }
  return lines;
}

std::string WithChecksum(const std::string& line) {
  if (line.find('*') != std::string::npos) return line;
  unsigned sum = 0;
  for (std::size_t i = 1; i < line.size(); ++i) sum ^= static_cast<unsigned char>(line[i]);
  constexpr std::string_view kHex = "0123456789ABCDEF";
  return line + '*' + kHex[sum >> 4U] + kHex[sum & 15U];
}

void Check(const std::optional<GnssReport>& report) {
  if (!report) return;
  bool any = false;
  for (const GnssValue& value : kGnssValues) {
    const auto& number = (*report).*value.value;
    any = any || number;
    if (number && !std::isfinite(*number)) std::abort();
  }
  if (!any) std::abort();
  if (report->latitude_deg && std::abs(*report->latitude_deg) > 90) std::abort();
  if (report->longitude_deg && std::abs(*report->longitude_deg) > 180) std::abort();
  if (report->fix && *report->fix != 1 && *report->fix != 2 && *report->fix != 3) std::abort();
  using std::chrono::sys_days;
  const UtcTime begin = sys_days(std::chrono::year(1979) / 12 / 30);
  if (report->time &&
      (*report->time < begin || *report->time > sys_days(std::chrono::year(2099) / 12 / 31))) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto lines = Lines(text, 4096);
  if (lines != Lines(text, 7)) std::abort();
  NmeaDecoder decoder;
  for (const std::string& line : lines) {
    if (line == ".") {
      Check(decoder.Finish());
      if (decoder.Finish()) std::abort();  // nothing is told twice
      continue;
    }
    std::optional<GnssReport> done;
    const auto refused = decoder.Decode(WithChecksum(line), done);
    if (refused && refused->empty()) std::abort();
    Check(done);
  }
  return 0;
}
