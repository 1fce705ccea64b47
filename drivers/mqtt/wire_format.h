#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace fleet_edge::drivers {

/// Reads a message in Protocol Buffers' wire format, field by field, without a schema:
/// https://protobuf.dev/programming-guides/encoding. Groups, which nobody uses any more, are
/// refused.
///
/// Pure, one thread.
class WireReader {
 public:
  struct Field {
    enum class Kind : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };
    std::uint32_t number = 0;
    Kind kind = Kind::kVarint;
    std::uint64_t bits = 0;  ///< unless kBytes
    std::string_view bytes;  ///< a string, bytes or message; as long as the message is there
  };

  /// `message` outlives the reader.
  explicit WireReader(std::string_view message) : rest_(message) {}

  /// The next field. Nothing at the end, or at bytes that are none: see failed().
  std::optional<Field> Next();

  bool failed() const { return failed_; }

 private:
  std::optional<std::uint64_t> TakeVarint();
  std::optional<std::uint64_t> TakeFixed(std::size_t size);
  bool Fill(Field& field);

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace fleet_edge::drivers
