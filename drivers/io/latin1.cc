#include "drivers/io/latin1.h"

#include <string>
#include <string_view>

#include "core/utf8.h"

namespace fleet_edge::drivers {

std::string Utf8OfLatin1(std::string_view text) {
  if (FindNoUtf8(text) == std::string_view::npos) return std::string(text);
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
