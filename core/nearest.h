#pragma once

#include <span>
#include <string_view>

namespace fleet_edge {

/// The candidate with the fewest edits (insert, delete, replace, swap of neighbours) from `text`,
/// for "did you mean". When even that one is further than a third of the text away: the only one
/// that `text`, of four letters or more, is a part of; else empty.
std::string_view Nearest(std::string_view text, std::span<const std::string_view> candidates);

}  // namespace fleet_edge
