#include "drivers/io/line_buffer.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace fleet_edge::drivers {
namespace {

/// Lines in brackets, a `!` behind those that are too long.
std::string Cut(std::initializer_list<std::string_view> pieces) {
  LineBuffer buffer(5);
  std::string lines;
  for (const std::string_view piece : pieces) {
    buffer.Take(piece, [&](std::string_view line, bool too_long) {
      lines += "[" + std::string(line) + "]" + (too_long ? "!" : "");
    });
  }
  return lines;
}

TEST_CASE("LineBuffer: lines end as they may, in one piece or many; what has no end waits") {
  CHECK(Cut({"one\ntwo\r\nthree\r\r\n\n6"}) == "[one][two][three]");
  CHECK(Cut({"o", "n", "e\r", "\nt", "wo\n"}) == "[one][two]");
  CHECK(Cut({"", "\n", "12345\n"}) == "[12345]");
}

TEST_CASE("LineBuffer: a line beyond the bound is told once, and the next one is read") {
  CHECK(Cut({"123456\n1\n"}) == "[12345]![1]");
  CHECK(Cut({"12345", "6", "7890123456789", "0\n1\n"}) == "[12345]![1]");
  CHECK(Cut({"123456\r\n123456\r\n"}) == "[12345]![12345]!");
}

}  // namespace
}  // namespace fleet_edge::drivers
