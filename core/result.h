#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace fleet_edge {

/// What went wrong at run time. The code names the reaction, the message is for people.
struct Error {
  enum class Code {
    kRetry,    ///< passing (I/O, network): keep the data, try again later
    kDrop,     ///< this input is unusable: count it with its reason, go on
    kFull,     ///< a bound is reached (disk, quota, queue): hold on within memory, report
    kCorrupt,  ///< stored data is damaged: salvage, count what is lost
    kFatal,    ///< can't go on: stop, say why
  };
  Code code = Code::kFatal;
  std::string message;
};

/// The value of an operation that can fail, or its Error. Member names are those of std::expected.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {
  }  // NOLINT(google-explicit-constructor): a value is a result
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {
  }  // NOLINT(google-explicit-constructor): an error is a result

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  /// Precondition: has_value().
  T& value() & { return assert(has_value()), *std::get_if<0>(&state_); }
  const T& value() const& { return assert(has_value()), *std::get_if<0>(&state_); }
  T&& value() && { return assert(has_value()), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// Precondition: !has_value().
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// The outcome of an operation that has no value.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error)
      : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor): an error is a result

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }

  /// Precondition: !has_value().
  const Error& error() const { return assert(error_), *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace fleet_edge
