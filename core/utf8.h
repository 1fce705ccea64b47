#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fleet_edge {

/// How many bytes the UTF-8 sequence at the start of `text` has; 0 when it is none: cut short,
/// overlong, a surrogate or beyond U+10FFFF. Precondition: text isn't empty.
std::size_t Utf8SequenceLength(std::string_view text);

/// Where the first byte stands that is no UTF-8; npos when there is none.
std::size_t FindNoUtf8(std::string_view text);

/// `text` with U+FFFD in the place of each byte that is no UTF-8.
std::string ValidUtf8(std::string_view text);

}  // namespace fleet_edge
