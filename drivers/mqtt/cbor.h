#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fleet_edge::drivers {

/// Reads CBOR (RFC 8949) item by item, without a tree.
///
/// Pure, one thread. Holds no more than one string that came in chunks, and refuses nesting beyond
/// kMaxDepth: no input makes it run deep or grow.
class CborReader {
 public:
  static constexpr int kMaxDepth = 16;

  struct Item {
    enum class Kind : std::uint8_t {
      kUnsigned,  ///< `number`
      kNegative,  ///< −1 − `number`
      kBytes,     ///< `text`
      kText,      ///< `text`; whether it is UTF-8 is not looked at
      kArray,     ///< `number` items follow
      kMap,       ///< `number` pairs follow
      kTag,       ///< `number`; the tagged item follows
      kSimple,    ///< `number`: 20 false, 21 true, 22 null, 23 undefined
      kFloat,     ///< `real`
      kBreak,     ///< the end of an array or map of indefinite length
    };
    Kind kind = Kind::kSimple;
    std::uint64_t number = 0;
    double real = 0;
    std::string_view text;    ///< valid until the next call; of one in chunks, too
    bool indefinite = false;  ///< an array or map that ends with a break; `number` is 0

    /// The number that an integer or a real number is.
    std::optional<double> AsNumber() const;
  };

  /// `bytes` outlive the reader.
  explicit CborReader(std::string_view bytes) : rest_(bytes) {}

  /// The next item; what is in an array, map or tag follows it. Nothing at the end, or where the
  /// bytes are none that RFC 8949 allows.
  std::optional<Item> Next();

  /// Reads over what belongs to `item`, which has just been read. False as for Next().
  bool Skip(const Item& item) { return Skip(item, 0); }

  /// Calls `each` for every item of an array, or key of a map, which has just been read: `each`
  /// takes the item that it is given and must read what belongs to it, for a map the value, too;
  /// false ends it.
  template <typename Each>
  bool ForEach(const Item& container, Each&& each) {
    for (std::uint64_t n = 0; container.indefinite || n < container.number; ++n) {
      const auto item = Next();
      if (!item) return false;
      if (item->kind == Item::Kind::kBreak) return container.indefinite;
      if (!each(*item)) return false;
    }
    return true;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  bool Skip(const Item& item, int depth);
  std::optional<std::uint64_t> TakeNumber(std::size_t size);
  std::optional<std::string_view> TakeBytes(std::uint64_t size);
  /// The rest of a string of indefinite length: chunks of the same major type up to a break.
  std::optional<std::string_view> TakeChunks(unsigned major);
  std::optional<Item> TakeSimple(unsigned info);

  std::string_view rest_;
  std::string chunks_;
};

}  // namespace fleet_edge::drivers
