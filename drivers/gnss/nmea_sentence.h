#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/time.h"

namespace fleet_edge::drivers {

/// One sentence of NMEA 0183, cut into its fields. A view on the line it was read from.
///
/// Pure; one thread.
class NmeaSentence {
 public:
  /// Characters without the line end. The standard says 80; receivers that write eight decimals of
  /// a minute reach 91. What is longer is two sentences run together.
  static constexpr std::size_t kMaxLength = 102;
  static constexpr std::size_t kMaxFields = 40;

  /// Reads `$…*hh`. Returns why it is refused: a reason of drivers/rejections.h.
  std::optional<std::string_view> Read(std::string_view line);

  /// The three letters behind the two of the talker; empty for a maker's own sentence.
  std::string_view type() const;

  /// Field 1 is the first behind the type; those behind the last one, and from kMaxFields on, read
  /// as empty.
  std::string_view operator[](std::size_t field) const {
    return field < count_ ? fields_.at(field) : std::string_view();
  }

  /// More fields than are kept: no sentence of the standard has that many.
  bool overflowed() const { return overflowed_; }

 private:
  std::array<std::string_view, kMaxFields> fields_;
  std::size_t count_ = 0;
  bool overflowed_ = false;
};

/// `hhmmss[.sss]`; 60 stands for a leap second. Nothing when it is no time.
std::optional<Duration> ParseNmeaTime(std::string_view text);

/// `ddmmyy` of the years 1980–2079: GPS has no earlier ones. Nothing when it is no date.
std::optional<std::chrono::sys_days> ParseNmeaDate(std::string_view text);

/// Day, month and year of four digits, as ZDA has them.
std::optional<std::chrono::sys_days> ParseNmeaDate(std::string_view day, std::string_view month,
                                                   std::string_view year);

/// `[d]ddmm.mmmm` and its hemisphere, `plus` or `minus`, in degrees. Nothing beyond `max`.
std::optional<double> ParseNmeaAngle(std::string_view text, std::string_view hemisphere, char plus,
                                     char minus, double max);

}  // namespace fleet_edge::drivers
