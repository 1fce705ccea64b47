#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace fleet_edge::rules {

/// Reads a duration as PromQL writes it: whole numbers with the units y, w, d, h, m, s and ms in
/// falling order, each at most once. Nothing when it is none, or longer than a Duration can be.
std::optional<Duration> ParsePromQlDuration(std::string_view text);

/// `duration`, not negative, as a selector writes it: `1h30m`, or as a number of seconds where
/// milliseconds are too coarse.
std::string ToPromQl(Duration duration);

}  // namespace fleet_edge::rules
