#include "drivers/io/line_reader.h"

#include <doctest/doctest.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace fleet_edge::drivers {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  LineReader reader(std::make_unique<std::istringstream>(text));
  std::vector<std::string> lines;
  while (const auto line = reader.Next())
    lines.push_back((line->too_long ? "!" : "") + std::string(line->text));
  return lines;
}

using Strings = std::vector<std::string>;

TEST_CASE("LineReader: lines end with a line feed, a carriage return or both") {
  CHECK(Lines("a\nb\r\nc\rd") == Strings{"a", "b", "c", "d"});
  CHECK(Lines("\n\n a \r\r\n") == Strings{" a "});
  CHECK(Lines("").empty());
}

TEST_CASE("LineReader: lines keep together across the buffer's end") {
  std::string text;
  Strings expected;
  for (int i = 0; i < 100'000; ++i) {
    expected.push_back("line " + std::to_string(i));
    text += expected.back() + "\n";
  }
  CHECK(Lines(text) == expected);
}

TEST_CASE("LineReader: a line that is too long is cut and told, the next is whole") {
  constexpr auto kMax = LineReader::kMaxLine;
  CHECK(Lines(std::string(kMax, 'x') + "\nnext\n") == Strings{std::string(kMax, 'x'), "next"});
  CHECK(Lines(std::string(kMax + 1, 'x') + "\nnext\n") ==
        Strings{"!" + std::string(kMax, 'x'), "next"});
  CHECK(Lines(std::string(10 * kMax, 'x') + "\nnext\n") ==
        Strings{"!" + std::string(kMax, 'x'), "next"});
  CHECK(Lines(std::string(10 * kMax, 'x')) == Strings{"!" + std::string(kMax, 'x')});
}

}  // namespace
}  // namespace fleet_edge::drivers
