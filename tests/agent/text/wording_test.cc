#include "agent/text/wording.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/time.h"

namespace fleet_edge::agent {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("Wording: a duration has its two greatest units") {
  CHECK(Wording(Duration{0}) == "0.0s");
  CHECK(Wording(milliseconds{250}) == "0.2s");
  CHECK(Wording(seconds{1} - Duration{1}) == "1.0s");
  CHECK(Wording(milliseconds{1900}) == "1s");
  CHECK(Wording(seconds{60}) == "1m");
  CHECK(Wording(seconds{61}) == "1m 1s");
  CHECK(Wording(hours{2} + seconds{5}) == "2h");
  CHECK(Wording(hours{76} + minutes{59}) == "3d 4h");
  CHECK(Wording(seconds{-5}) == "0.0s");
}

TEST_CASE("Wording: bytes and counts") {
  CHECK(Wording(Bytes{512}) == "512 B");
  CHECK(Wording(Bytes{1536}) == "1.5 KiB");
  CHECK(Wording(MiB(512)) == "512 MiB");
  CHECK(Wording(std::uint64_t{0}) == "0");
  CHECK(Wording(std::uint64_t{999}) == "999");
  CHECK(Wording(std::uint64_t{1'234'567}) == "1,234,567");
}

TEST_CASE("Wording: text is fitted by what is seen, not by its bytes") {
  CHECK(Columns("Grüße") == 5);
  CHECK(Fit("Grüße", 7) == "Grüße  ");
  CHECK(Fit("Grüße", 5) == "Grüße");
  CHECK(Fit("Grüße", 4) == "Grü…");
  CHECK(Fit("any", 0).empty());
}

TEST_CASE("Wording: lines break at spaces, and within a word that is longer than a line") {
  CHECK(Wrap("", 10).empty());
  CHECK(Wrap("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(Wrap("one two three", 8) == std::vector<std::string>{"one two", "three"});
  CHECK(Wrap("abcdefgh ij", 4) == std::vector<std::string>{"abcd", "efgh", "ij"});
  CHECK(Wrap("   ", 2) == std::vector<std::string>{"  "});
}

TEST_CASE("Wording: what comes from outside is shown and steers no terminal") {
  CHECK(Printable("Größe 5 °C") == "Größe 5 °C");
  CHECK(Printable("a\x1b[2Jb\n\x7f") == "a\\x1b[2Jb\\x0a\\x7f");
  CHECK(Printable("\xc2\x9b"
                  "2J") == "\\x9b2J");                  // C1's control sequence introducer
  CHECK(Printable("\xe2\x80\xaegnp") == "\\u202egnp");  // right to left
  CHECK(Printable("\x9b"
                  "2J\xff") ==
        "\xef\xbf\xbd"
        "2J\xef\xbf\xbd");
}

}  // namespace fleet_edge::agent
