#include "rules/promql_duration.h"

#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace fleet_edge::rules {

std::optional<Duration> ParsePromQlDuration(std::string_view text) {
  // The configuration's durations are the same and have microseconds besides.
  if (text.find('u') != std::string_view::npos) return std::nullopt;
  return ParseDuration(text);
}

std::string ToPromQl(Duration duration) {
  if (duration % std::chrono::milliseconds{1} == Duration{0}) return fleet_edge::ToString(duration);
  std::array<char, 32> buffer{};
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), ToSeconds(duration));
  return {buffer.data(), end};
}

}  // namespace fleet_edge::rules
