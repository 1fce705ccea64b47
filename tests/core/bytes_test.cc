#include "core/bytes.h"

#include <doctest/doctest.h>

namespace fleet_edge {
namespace {

TEST_CASE("Bytes: sizes are read with binary, decimal and no unit") {
  CHECK(ParseBytes("512MiB") == MiB(512));
  CHECK(ParseBytes("64 KiB") == KiB(64));
  CHECK(ParseBytes("4kB") == Bytes{4000});
  CHECK(ParseBytes("100") == Bytes{100});
  CHECK(ParseBytes("0") == Bytes{0});
}

TEST_CASE("Bytes: what is no size is refused") {
  for (const char* text : {"", "MiB", "-1", "1.5MiB", "1 MB/s", "9223372036854775807KiB", "1mib"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseBytes(text));
  }
}

TEST_CASE("Bytes: text is the shortest exact form, and reads back") {
  CHECK(ToString(MiB(512)) == "512MiB");
  CHECK(ToString(Bytes{1000}) == "1000B");
  CHECK(ToString(Bytes{0}) == "0B");
  CHECK(ParseBytes(ToString(Bytes{123'456'789})) == Bytes{123'456'789});
}

}  // namespace
}  // namespace fleet_edge
