#include "drivers/io/latin1.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace fleet_edge::drivers {
namespace {

/// How many bytes follow `lead` in a character of UTF-8 (RFC 3629, 4); 4 when none begins with it.
std::size_t Following(unsigned char lead) {
  if (lead < 0x80) return 0;
  if (lead >= 0xC2 && lead <= 0xDF) return 1;
  if (lead >= 0xE0 && lead <= 0xEF) return 2;
  if (lead >= 0xF0 && lead <= 0xF4) return 3;
  return 4;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t following = Following(static_cast<unsigned char>(text.front()));
    if (following == 4 || text.size() <= following) return false;
    for (std::size_t at = 1; at <= following; ++at) {
      if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U) return false;
    }
    text.remove_prefix(following + 1);
  }
  return true;
}

}  // namespace

std::string Utf8OfLatin1(std::string_view text) {
  if (IsUtf8(text)) return std::string(text);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0U | (byte >> 6U));
      out += static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return out;
}

}  // namespace fleet_edge::drivers
