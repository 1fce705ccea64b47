#include "core/utf8.h"

#include <doctest/doctest.h>

#include <string_view>

namespace fleet_edge {

TEST_CASE("Utf8: the first byte that is none is found: cut short, overlong, surrogate, beyond") {
  CHECK(FindNoUtf8("") == std::string_view::npos);
  CHECK(FindNoUtf8("46 °C €😀") == std::string_view::npos);
  CHECK(FindNoUtf8("105 \xB0"
                   "C") == 4);
  CHECK(FindNoUtf8("a\xE2\x82") == 1);
  CHECK(FindNoUtf8("a\xC0\x80") == 1);
  CHECK(FindNoUtf8("°\xED\xA0\x80") == 2);
  CHECK(FindNoUtf8("\xF4\x90\x80\x80") == 0);
}

}  // namespace fleet_edge
