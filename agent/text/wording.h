#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"

namespace fleet_edge::agent {

// How figures and sentences are written for people.

/// `512 B`, `1.5 KiB`, `2 GiB`.
std::string Wording(Bytes bytes);

/// The two greatest units: `3d 4h`, `12m 5s`, `0.3s`; below a second in tenths.
std::string Wording(Duration duration);

/// `12,345`.
std::string Wording(std::uint64_t count);

/// `1 file`, `12,345 files`, for nouns whose plural is formed with an s.
std::string Wording(std::uint64_t count, std::string_view noun);

/// `text` as it can be shown on a terminal without steering it: control characters and marks that
/// turn the direction of writing stand as `\x1b` and `\u202e`, what is no UTF-8 as U+FFFD. For what
/// comes from outside: labels, names, a broker's words.
std::string Printable(std::string_view text);

/// How many columns UTF-8 text takes: its code points.
std::size_t Columns(std::string_view text);

/// `text` with spaces behind it up to `columns`; what is longer is cut and ends in `…`.
std::string Fit(std::string_view text, std::size_t columns);

/// `text` in lines of at most `columns`, broken at spaces; a word that is longer is broken within.
/// Precondition: columns > 0.
std::vector<std::string> Wrap(std::string_view text, std::size_t columns);

}  // namespace fleet_edge::agent
