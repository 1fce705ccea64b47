#include "agent/digest.h"

#include <openssl/evp.h>

#include <array>
#include <string>
#include <string_view>

namespace fleet_edge::agent {

std::string Sha256(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += kHex[digest.at(i) >> 4U];
    hex += kHex[digest.at(i) & 0xFU];
  }
  return hex;
}

}  // namespace fleet_edge::agent
