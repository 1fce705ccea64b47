#pragma once

#include <string>
#include <string_view>

namespace fleet_edge::drivers {

/// `text` as it is when it is UTF-8; else as UTF-8 of what it says in Latin-1 (ISO 8859-1), in
/// which older tools write a unit like °C.
std::string Utf8OfLatin1(std::string_view text);

}  // namespace fleet_edge::drivers
