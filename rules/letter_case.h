#pragma once

#include <string>
#include <string_view>

namespace fleet_edge::rules {

// Letters of European languages in Latin, Greek and Cyrillic (U+0000 to U+017F, U+0370 to U+052F);
// other characters stay as they are. The texts are UTF-8; bytes that are none stay too.

std::string ToUpperCase(std::string_view text);
std::string ToLowerCase(std::string_view text);

/// The first letter of each word in upper case, the others as they are. A word goes on over
/// digits, `_`, and over a single `'`, `.`, `:` or `·` between letters.
std::string ToTitleCase(std::string_view text);

}  // namespace fleet_edge::rules
