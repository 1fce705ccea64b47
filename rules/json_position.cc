#include "rules/json_position.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>

#include "core/diagnostic.h"
#include "rules/text_position.h"

namespace fleet_edge::rules {
namespace {

constexpr int kDeepest = 1000;

/// Goes through a JSON text by its outer form: brackets, strings, separators.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }

  void SkipBlanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  /// Goes beyond the next value. False when there is none: at() is where it should be.
  bool SkipValue(int depth = 0) {
    SkipBlanks();
    if (at_ == text_.size() || depth > kDeepest) return false;
    switch (text_[at_]) {
      case '{':
        return SkipItems('}', [&] { return SkipKey() && SkipValue(depth + 1); });
      case '[':
        return SkipItems(']', [&] { return SkipValue(depth + 1); });
      case '"':
        return SkipString();
      default:
        return SkipWord();
    }
  }

  /// From before an object or an array to before its value at `key` or at that index. False when
  /// there is none; at() is as before.
  bool Enter(std::string_view key) {
    const std::size_t begin = at_;
    SkipBlanks();
    if (at_ < text_.size() && (text_[at_] == '{' ? EnterMember(key) : EnterElement(key))) {
      return true;
    }
    at_ = begin;
    return false;
  }

 private:
  bool Take(char c) {
    SkipBlanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  template <typename SkipItem>
  bool SkipItems(char end, const SkipItem& skip_item) {
    ++at_;
    if (Take(end)) return true;
    do {
      if (!skip_item()) return false;
    } while (Take(','));
    return Take(end);
  }

  bool SkipKey() {
    SkipBlanks();
    return SkipString() && Take(':');
  }

  bool SkipString() {
    if (at_ == text_.size() || text_[at_] != '"') return false;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '"') {
        at_ = i + 1;
        return true;
      }
    }
    return false;
  }

  /// A number, `true`, `false` or `null`.
  bool SkipWord() {
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
    const std::string_view word = text_.substr(at_, end - at_);
    if (word != "true" && word != "false" && word != "null") {
      double number = 0;
      const auto [last, error] = std::from_chars(word.data(), word.data() + word.size(), number);
      if (error == std::errc::invalid_argument || last != word.data() + word.size()) return false;
    }
    at_ = end;
    return true;
  }

  bool EnterMember(std::string_view key) {
    ++at_;
    do {
      SkipBlanks();
      const std::size_t begin = at_;
      if (!SkipKey()) return false;
      if (text_.substr(begin + 1).starts_with(key) && text_[begin + 1 + key.size()] == '"') {
        return true;
      }
    } while (SkipValue() && Take(','));
    return false;
  }

  bool EnterElement(std::string_view index) {
    std::size_t left = 0;
    std::from_chars(index.data(), index.data() + index.size(), left);
    if (!Take('[')) return false;
    for (; left > 0; --left) {
      if (!SkipValue() || !Take(',')) return false;
    }
    return true;
  }

  const std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Position PositionInJson(std::string_view json, std::string_view pointer) {
  Scanner scanner(json);
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    if (!scanner.Enter(pointer.substr(0, end))) break;
    pointer.remove_prefix(end);
  }
  scanner.SkipBlanks();
  return PositionInText(json, scanner.at());
}

Position PositionOfJsonError(std::string_view json) {
  Scanner scanner(json);
  if (!scanner.SkipValue()) return PositionInText(json, scanner.at());
  scanner.SkipBlanks();
  return scanner.at() == json.size() ? Position{} : PositionInText(json, scanner.at());
}

}  // namespace fleet_edge::rules
