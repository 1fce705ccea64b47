#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/labels.h"
#include "core/time.h"

namespace fleet_edge::rules {

// Saved states as bytes. Each struct is walked by one function, for writing and for reading: the
// two can't differ. Further overloads of Walk() stand beside the structs' own encoding, in this
// namespace.

/// Bytes of a saved state: numbers little-endian, texts and lists with their length. A value.
class Writer {
 public:
  static constexpr bool kReads = false;

  bool ok() const { return true; }

  void Number(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8)
      out_ += static_cast<char>((number >> shift) & 0xffU);
  }
  void Text(const std::string& text) {
    Number(text.size());
    out_ += text;
  }
  std::string Take() { return std::exchange(out_, {}); }

 private:
  std::string out_;
};

/// Reads what Writer wrote. After the first thing that is not there everything is 0 and ok() is
/// false.
class Reader {
 public:
  static constexpr bool kReads = true;

  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  void Refuse() { ok_ = false; }

  void Number(std::uint64_t& number) {
    const std::string_view bytes = Take(8);
    number = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      number |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
  }
  void Text(std::string& text) {
    std::uint64_t size = 0;
    Number(size);
    text = Take(size);
  }

 private:
  std::string_view Take(std::uint64_t size) {
    ok_ = ok_ && size <= rest_.size();
    if (!ok_) return {};
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
  bool ok_ = true;
};

/// `T` to read into, `const T` to write from.
template <typename Stream, typename T>
using In = std::conditional_t<Stream::kReads, T, const T>;

template <typename Stream, std::integral T>
void Walk(Stream& stream, T& number) {
  if constexpr (Stream::kReads) {
    std::uint64_t wide = 0;
    stream.Number(wide);
    number = static_cast<std::remove_const_t<T>>(wide);
  } else {
    stream.Number(static_cast<std::uint64_t>(number));
  }
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, std::string>& text) {
  stream.Text(text);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, double>& number) {
  std::uint64_t bits = std::bit_cast<std::uint64_t>(number);
  Walk(stream, bits);
  if constexpr (Stream::kReads) number = std::bit_cast<double>(bits);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, UtcTime>& time) {
  auto count = time.time_since_epoch().count();
  Walk(stream, count);
  if constexpr (Stream::kReads) time = UtcTime{Duration{count}};
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, std::optional<UtcTime>>& time) {
  bool there = time.has_value();
  Walk(stream, there);
  if constexpr (Stream::kReads) {
    if (there) time.emplace();
  }
  if (there) Walk(stream, *time);
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, Labels>& labels) {
  std::uint64_t size = labels.size();
  Walk(stream, size);
  if constexpr (Stream::kReads) {
    for (; size > 0 && stream.ok(); --size) {
      std::string name;
      std::string value;
      stream.Text(name);
      stream.Text(value);
      labels.Set(name, value);
    }
  } else {
    for (const auto& [name, value] : labels) {
      stream.Text(name);
      stream.Text(value);
    }
  }
}

template <typename Stream, typename T>
void WalkAll(Stream& stream, T& list) {
  std::uint64_t size = list.size();
  Walk(stream, size);
  if constexpr (Stream::kReads) {
    for (; size > 0 && stream.ok(); --size) Walk(stream, list.emplace_back());
  } else {
    for (const auto& each : list) Walk(stream, each);
  }
}

}  // namespace fleet_edge::rules
