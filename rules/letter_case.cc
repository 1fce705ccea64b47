#include "rules/letter_case.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace fleet_edge::rules {
namespace {

/// Lower-case letters [first, last] whose upper-case ones lie `distance` before them; every one, or
/// every second when the two cases alternate.
struct CaseRange {
  char32_t first;
  char32_t last;
  char32_t distance;
  bool alternates = false;
};

constexpr std::array kRanges{
    CaseRange{U'a', U'z', 32},        CaseRange{0xe0, 0xf6, 32},
    CaseRange{0xf8, 0xfe, 32},        CaseRange{0x101, 0x12f, 1, true},
    CaseRange{0x133, 0x137, 1, true}, CaseRange{0x13a, 0x148, 1, true},
    CaseRange{0x14b, 0x177, 1, true}, CaseRange{0x17a, 0x17e, 1, true},
    CaseRange{0x371, 0x373, 1, true}, CaseRange{0x377, 0x377, 1},
    CaseRange{0x3ac, 0x3ac, 38},      CaseRange{0x3ad, 0x3af, 37},
    CaseRange{0x3b1, 0x3c1, 32},      CaseRange{0x3c3, 0x3cb, 32},
    CaseRange{0x3cc, 0x3cc, 64},      CaseRange{0x3cd, 0x3ce, 63},
    CaseRange{0x430, 0x44f, 32},      CaseRange{0x450, 0x45f, 80},
    CaseRange{0x461, 0x481, 1, true}, CaseRange{0x48b, 0x4bf, 1, true},
    CaseRange{0x4c2, 0x4ce, 1, true}, CaseRange{0x4cf, 0x4cf, 15},
    CaseRange{0x4d1, 0x52f, 1, true},
};

/// Letters that change one way only, or far away: the lower-case one first.
struct CasePair {
  char32_t lower;
  char32_t upper;
};
constexpr std::array kToUpper{CasePair{0xb5, 0x39c}, CasePair{0xff, 0x178}, CasePair{0x131, U'I'},
                              CasePair{0x17f, U'S'}, CasePair{0x3c2, 0x3a3}};
constexpr std::array kToLower{CasePair{U'i', 0x130}, CasePair{0xff, 0x178}};

char32_t UpperOf(char32_t c) {
  for (const CasePair& pair : kToUpper) {
    if (pair.lower == c) return pair.upper;
  }
  for (const CaseRange& range : kRanges) {
    if (c < range.first || c > range.last) continue;
    if (!range.alternates || (c - range.first) % 2 == 0) return c - range.distance;
  }
  return c;
}

char32_t LowerOf(char32_t c) {
  for (const CasePair& pair : kToLower) {
    if (pair.upper == c) return pair.lower;
  }
  for (const CaseRange& range : kRanges) {
    const char32_t lower = c + range.distance;
    if (lower < range.first || lower > range.last) continue;
    if (!range.alternates || (lower - range.first) % 2 == 0) return lower;
  }
  return c;
}

/// One character of UTF-8; a longer one, or a byte that begins none, as `length` bytes to copy.
struct Character {
  char32_t code = 0;
  std::size_t length = 1;
  bool known = false;  ///< code holds it
};

Character At(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return {byte, 1, true};
  if (byte < 0xc2 || byte > 0xdf || at + 1 >= text.size()) return {};
  const auto next = static_cast<unsigned char>(text[at + 1]);
  if ((next & 0xc0U) != 0x80U) return {};
  return {static_cast<char32_t>(byte & 0x1fU) << 6U | (next & 0x3fU), 2, true};
}

void Append(std::string& out, char32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else {
    out += static_cast<char>(0xc0U | code >> 6U);
    out += static_cast<char>(0x80U | (code & 0x3fU));
  }
}

template <typename Change>
std::string Map(std::string_view text, const Change& change) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = At(text, at);
    if (c.known) {
      Append(out, change(c.code));
    } else {
      out += text.substr(at, c.length);
    }
    at += c.length;
  }
  return out;
}

bool IsLetter(const Character& c) {
  return c.known && (UpperOf(c.code) != c.code || LowerOf(c.code) != c.code || c.code == 0xdf);
}

/// A digit, `_`, a combining mark, a byte of a longer character: words go on over it.
bool GoesOn(const Character& c) {
  return !c.known || (c.code >= U'0' && c.code <= U'9') || c.code == U'_' ||
         (c.code >= 0x300 && c.code <= 0x36f);
}

bool JoinsLetters(const Character& c) {
  return c.code == U'\'' || c.code == U'.' || c.code == U':' || c.code == 0xb7;
}

}  // namespace

std::string ToUpperCase(std::string_view text) { return Map(text, UpperOf); }
std::string ToLowerCase(std::string_view text) { return Map(text, LowerOf); }

std::string ToTitleCase(std::string_view text) {
  std::string out;
  bool begun = false;  // the word's first letter has been
  for (std::size_t at = 0; at < text.size();) {
    const Character c = At(text, at);
    const std::size_t next = at + c.length;
    if (IsLetter(c) && !begun) {
      Append(out, UpperOf(c.code));
      begun = true;
    } else {
      out += text.substr(at, c.length);
      if (!IsLetter(c) && !GoesOn(c)) {
        const Character after = next < text.size() ? At(text, next) : Character{U' ', 1, true};
        begun = begun && JoinsLetters(c) && (IsLetter(after) || GoesOn(after));
      }
    }
    at = next;
  }
  return out;
}

}  // namespace fleet_edge::rules
