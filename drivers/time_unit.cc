#include "drivers/time_unit.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "core/time.h"

namespace fleet_edge::drivers {
namespace {

constexpr std::array<std::pair<std::string_view, TimeUnit>, 5> kUnits{{
    {"s", TimeUnit::kSeconds},
    {"ms", TimeUnit::kMilliseconds},
    {"us", TimeUnit::kMicroseconds},
    {"ns", TimeUnit::kNanoseconds},
    {"iso8601", TimeUnit::kIso8601},
}};

// By TimeUnit; 0 where a count has no meaning.
constexpr std::array<std::int64_t, 5> kPerSecond{1, 1'000, 1'000'000, 1'000'000'000, 0};

}  // namespace

std::optional<TimeUnit> ParseTimeUnit(std::string_view text) {
  for (const auto& [name, unit] : kUnits) {
    if (name == text) return unit;
  }
  return std::nullopt;
}

std::optional<UtcTime> FromCount(double count, TimeUnit unit) {
  const std::int64_t per_second = kPerSecond.at(static_cast<std::size_t>(unit));
  if (per_second == 0) return std::nullopt;
  return UtcFromSeconds(count / static_cast<double>(per_second));
}

std::optional<UtcTime> FromCount(std::int64_t count, TimeUnit unit) {
  const std::int64_t per_second = kPerSecond.at(static_cast<std::size_t>(unit));
  if (per_second == 0) return std::nullopt;
  // The whole seconds decide about the range; within it nothing below overflows.
  const std::int64_t whole = count / per_second;
  const auto rough = UtcFromSeconds(static_cast<double>(whole));
  if (!rough) return std::nullopt;
  constexpr std::int64_t kMicros = 1'000'000;
  const std::int64_t rest = count % per_second;
  const std::int64_t micros =
      per_second <= kMicros ? rest * (kMicros / per_second) : rest / (per_second / kMicros);
  return *rough + Duration(micros);
}

}  // namespace fleet_edge::drivers
