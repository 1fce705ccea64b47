#include "drivers/mqtt/cbor.h"

#include <doctest/doctest.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "tests/drivers/mutation.h"
#include "tests/support/hex.h"

namespace fleet_edge::drivers {
namespace {

using Kind = CborReader::Item::Kind;

// RFC 8949, appendix A; strings in chunks are shown as one, big numbers as their tags.
constexpr std::array<std::pair<std::string_view, std::string_view>, 81> kExamples{{
    {"00", "0"},
    {"01", "1"},
    {"0a", "10"},
    {"17", "23"},
    {"1818", "24"},
    {"1819", "25"},
    {"1864", "100"},
    {"1903e8", "1000"},
    {"1a000f4240", "1000000"},
    {"1b000000e8d4a51000", "1000000000000"},
    {"1bffffffffffffffff", "18446744073709551615"},
    {"c249010000000000000000", "2(h'010000000000000000')"},
    {"3bffffffffffffffff", "-18446744073709551616"},
    {"c349010000000000000000", "3(h'010000000000000000')"},
    {"20", "-1"},
    {"29", "-10"},
    {"3863", "-100"},
    {"3903e7", "-1000"},
    {"f90000", "0"},
    {"f98000", "-0"},
    {"f93c00", "1"},
    {"fb3ff199999999999a", "1.1"},
    {"f93e00", "1.5"},
    {"f97bff", "65504"},
    {"fa47c35000", "1e+05"},
    {"fa7f7fffff", "3.4028234663852886e+38"},
    {"fb7e37e43c8800759c", "1e+300"},
    {"f90001", "5.960464477539063e-08"},
    {"f90400", "6.103515625e-05"},
    {"f9c400", "-4"},
    {"fbc010666666666666", "-4.1"},
    {"f97c00", "Infinity"},
    {"f97e00", "NaN"},
    {"f9fc00", "-Infinity"},
    {"fa7f800000", "Infinity"},
    {"fa7fc00000", "NaN"},
    {"faff800000", "-Infinity"},
    {"fb7ff0000000000000", "Infinity"},
    {"fb7ff8000000000000", "NaN"},
    {"fbfff0000000000000", "-Infinity"},
    {"f4", "false"},
    {"f5", "true"},
    {"f6", "null"},
    {"f7", "undefined"},
    {"f0", "simple(16)"},
    {"f8ff", "simple(255)"},
    {"c074323031332d30332d32315432303a30343a30305a", "0(\"2013-03-21T20:04:00Z\")"},
    {"c11a514b67b0", "1(1363896240)"},
    {"c1fb41d452d9ec200000", "1(1363896240.5)"},
    {"d74401020304", "23(h'01020304')"},
    {"d818456449455446", "24(h'6449455446')"},
    {"d82076687474703a2f2f7777772e6578616d706c652e636f6d", "32(\"http://www.example.com\")"},
    {"40", "h''"},
    {"4401020304", "h'01020304'"},
    {"60", "\"\""},
    {"6161", "\"a\""},
    {"6449455446", "\"IETF\""},
    {"62225c", "\"\\\"\\\\\""},
    {"62c3bc", "\"ü\""},
    {"63e6b0b4", "\"水\""},
    {"64f0908591", "\"𐅑\""},
    {"80", "[]"},
    {"83010203", "[1, 2, 3]"},
    {"8301820203820405", "[1, [2, 3], [4, 5]]"},
    {"98190102030405060708090a0b0c0d0e0f101112131415161718181819",
     "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]"},
    {"a0", "{}"},
    {"a201020304", "{1: 2, 3: 4}"},
    {"a26161016162820203", "{\"a\": 1, \"b\": [2, 3]}"},
    {"826161a161626163", "[\"a\", {\"b\": \"c\"}]"},
    {"a56161614161626142616361436164614461656145",
     "{\"a\": \"A\", \"b\": \"B\", \"c\": \"C\", \"d\": \"D\", \"e\": \"E\"}"},
    {"5f42010243030405ff", "h'0102030405'"},
    {"7f657374726561646d696e67ff", "\"streaming\""},
    {"9fff", "[]"},
    {"9f018202039f0405ffff", "[1, [2, 3], [4, 5]]"},
    {"9f01820203820405ff", "[1, [2, 3], [4, 5]]"},
    {"83018202039f0405ff", "[1, [2, 3], [4, 5]]"},
    {"83019f0203ff820405", "[1, [2, 3], [4, 5]]"},
    {"9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff",
     "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]"},
    {"bf61610161629f0203ffff", "{\"a\": 1, \"b\": [2, 3]}"},
    {"826161bf61626163ff", "[\"a\", {\"b\": \"c\"}]"},
    {"bf6346756ef563416d7421ff", "{\"Fun\": true, \"Amt\": -2}"},
}};

std::string ShowReal(double real) {
  if (std::isnan(real)) return "NaN";
  if (std::isinf(real)) return real < 0 ? "-Infinity" : "Infinity";
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), real).ptr};
}

std::string ShowText(std::string_view text) {
  std::string shown = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') shown += '\\';
    shown += c;
  }
  return shown + '"';
}

std::string ShowNegative(std::uint64_t number) {
  return number + 1 == 0 ? "-18446744073709551616" : "-" + std::to_string(number + 1);
}

std::string ShowSimple(std::uint64_t number) {
  static constexpr std::array<const char*, 4> kNames{"false", "true", "null", "undefined"};
  return number >= 20 && number <= 23 ? kNames.at(static_cast<std::size_t>(number - 20))
                                      : "simple(" + std::to_string(number) + ")";
}

/// The next item in CBOR's diagnostic notation (section 8); nothing when it is not well-formed.
std::optional<std::string> ShowNext(CborReader& reader);

std::optional<std::string> ShowItem(CborReader& reader, const CborReader::Item& item) {
  switch (item.kind) {
    case Kind::kUnsigned:
      return std::to_string(item.number);
    case Kind::kNegative:
      return ShowNegative(item.number);
    case Kind::kBytes:
      return "h'" + ToHex(item.text) + "'";
    case Kind::kText:
      return ShowText(item.text);
    case Kind::kSimple:
      return ShowSimple(item.number);
    case Kind::kFloat:
      return ShowReal(item.real);
    case Kind::kBreak:
      return std::nullopt;
    case Kind::kTag: {
      const auto inner = ShowNext(reader);
      if (!inner) return std::nullopt;
      return std::to_string(item.number) + "(" + *inner + ")";
    }
    case Kind::kArray:
    case Kind::kMap:
      break;
  }
  const bool is_map = item.kind == Kind::kMap;
  std::string shown;
  const bool sound = reader.ForEach(item, [&](const CborReader::Item& inner) {
    const auto first = ShowItem(reader, inner);
    const auto second = is_map && first ? ShowNext(reader) : std::optional<std::string>("");
    if (!first || !second) return false;
    shown += (shown.empty() ? "" : ", ") + *first + (is_map ? ": " + *second : "");
    return true;
  });
  if (!sound) return std::nullopt;
  return is_map ? "{" + shown + "}" : "[" + shown + "]";
}

std::optional<std::string> ShowNext(CborReader& reader) {
  const auto item = reader.Next();
  if (!item) return std::nullopt;
  return ShowItem(reader, *item);
}

std::optional<std::string> Show(std::string_view hex) {
  const std::string bytes = FromHex(hex);
  CborReader reader(bytes);
  return ShowNext(reader);
}

bool CanSkip(std::string_view hex) {
  const std::string bytes = FromHex(hex);
  CborReader reader(bytes);
  const auto item = reader.Next();
  return item && reader.Skip(*item) && reader.at_end();
}

TEST_CASE("Cbor: the examples of RFC 8949, appendix A") {
  for (const auto& [hex, notation] : kExamples) {
    CAPTURE(hex);
    CHECK(Show(hex) == notation);
    CHECK(CanSkip(hex));
  }
}

// RFC 8949, appendix F.1: what is cut off, reserved, or has a break where none may be.
TEST_CASE("Cbor: what is not well-formed is refused") {
  for (const std::string_view hex : {"",
                                     "18",
                                     "19",
                                     "1a0102",
                                     "1b01020304050607",
                                     "38",
                                     "58",
                                     "41",
                                     "6261",
                                     "5bffffffffffffffff010203",
                                     "5affffffff00",
                                     "81",
                                     "818181",
                                     "8200",
                                     "a1",
                                     "a20102",
                                     "a100",
                                     "c0",
                                     "f8",
                                     "f900",
                                     "fa0000",
                                     "fb000000",
                                     "5f4100",
                                     "7f6100",
                                     "9f",
                                     "9f0102",
                                     "bf",
                                     "bf01020102",
                                     "819f",
                                     "1c",
                                     "3d",
                                     "5e",
                                     "7c",
                                     "9d",
                                     "be",
                                     "dc",
                                     "fd",
                                     "f800",
                                     "f81f",
                                     "5f00ff",
                                     "5f6100ff",
                                     "7f4100ff",
                                     "5f5f4100ffff",
                                     "ff",
                                     "81ff",
                                     "8200ff",
                                     "a1ff",
                                     "a1ff00",
                                     "a100ff",
                                     "bf00ff",
                                     "9f81ff",
                                     "9f829f819f9fffffffff",
                                     "1f",
                                     "3f",
                                     "df"}) {
    CAPTURE(hex);
    CHECK_FALSE(CanSkip(hex));
  }
}

TEST_CASE("Cbor: a length beyond 32 bits is not taken for its lower half") {
  for (const std::string_view hex :
       {"5b000000010000000100", "7b000000010000000161", "9b0000000100000001"}) {
    CAPTURE(hex);
    CHECK_FALSE(CanSkip(hex));
  }
}

TEST_CASE("Cbor: nesting is read over to a bound, and no deeper") {
  const auto nested = [](int depth) {
    std::string hex;
    for (int n = 0; n < depth; ++n) hex += "81";
    return hex + "00";
  };
  CHECK(CanSkip(nested(CborReader::kMaxDepth)));
  CHECK_FALSE(CanSkip(nested(CborReader::kMaxDepth + 1)));
  CHECK_FALSE(CanSkip(nested(100'000)));
}

TEST_CASE("Cbor: spoilt bytes are read or refused") {
  std::mt19937 random(1);
  std::size_t refused = 0;
  for (std::size_t i = 0; i < 20'000; ++i) {
    const std::string bytes = Mutate(FromHex(kExamples.at(i % kExamples.size()).first), random);
    CborReader reader(bytes);
    const auto item = reader.Next();
    if (!item || !reader.Skip(*item)) ++refused;
  }
  CHECK(refused > 1'000);
}

}  // namespace
}  // namespace fleet_edge::drivers
