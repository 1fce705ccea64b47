#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "core/unit.h"
#include "drivers/time_unit.h"

namespace fleet_edge::drivers {

/// The memory in which JSON is parsed: reused from payload to payload, so it grows to about twenty
/// times the longest one. One thread.
class JsonParser {
 public:
  JsonParser();
  ~JsonParser();
  JsonParser(const JsonParser&) = delete;
  JsonParser& operator=(const JsonParser&) = delete;

 private:
  friend class JsonCodec;
  struct Impl;  // keeps simdjson's header out of everybody else's
  std::unique_ptr<Impl> impl_;
};

/// Picks numbers and texts out of a JSON payload by JSON pointers (RFC 6901), all of them in one
/// pass.
///
/// Numbers are taken as they are, true and false as 1 and 0, null as no value; a string is no
/// number even when it looks like one, a number no text. Of a key that stands twice in an object
/// the first counts.
///
/// Immutable; any thread, with a parser of that thread.
class JsonCodec {
 public:
  struct Field {
    std::string pointer;
    UnitConversion conversion;
    bool required = false;  ///< its absence is a fault
    bool text = false;      ///< a string, to be found in Output::texts
  };
  struct Time {
    std::string pointer;
    TimeUnit unit = TimeUnit::kMilliseconds;
  };
  struct Value {
    std::size_t field;  ///< place in the fields given to Make()
    double value;       ///< converted; finite
  };
  struct Text {
    std::size_t field;
    std::string_view text;  ///< valid until the parser's next payload
  };
  struct Fault {
    std::size_t field;
    std::string_view reason;  ///< of drivers/rejections.h
  };

  /// What one payload holds; reused from payload to payload.
  struct Output {
    std::optional<UtcTime> time;
    std::vector<Value> values;
    std::vector<Text> texts;
    std::vector<Fault> faults;

    std::vector<std::uint8_t> seen;  // scratch of Decode(), by field
  };

  /// Errors: kDrop, a pointer that is none.
  static Result<JsonCodec> Make(std::vector<Field> fields, std::optional<Time> time);

  /// Fills `out`. Returns nothing when the payload was read, else the reason why none of it can be
  /// used: kMalformed (no JSON), kBadTime (the time is not there or can't be read).
  std::optional<std::string_view> Decode(std::string_view payload, JsonParser& parser,
                                         Output& out) const;

 private:
  /// One step of the pointers; they share their common beginnings.
  struct Node {
    std::string key;
    std::optional<std::size_t> index;  // `key` read as a place in an array
    std::vector<std::size_t> fields;   // that end here; fields_.size() is the time
    std::vector<Node> children;
  };
  class Walk;

  JsonCodec() = default;
  Result<bool> Add(std::string_view pointer, std::size_t field);

  std::vector<Field> fields_;
  std::optional<Time> time_;
  Node root_;
};

}  // namespace fleet_edge::drivers
