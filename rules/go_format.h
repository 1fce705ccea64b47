#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fleet_edge::rules {

/// A format of Go's printf with one verb, for a number (`%.1f`, `%e`, `%g`, `%v`) or a text (`%s`,
/// `%v`). Immutable.
class GoFormat {
 public:
  enum class Takes : std::uint8_t { kNumber, kText };

  /// Nothing when it holds no verb, several, or one that does not fit.
  static std::optional<GoFormat> Parse(std::string_view format, Takes takes);

  std::string Apply(double value) const;
  std::string Apply(std::string_view text) const;

 private:
  bool ReadVerb(std::string_view& rest, Takes takes);
  std::string Pad(std::string text, bool number) const;

  std::string before_;
  std::string after_;
  bool plus_ = false;
  bool left_ = false;
  bool zeros_ = false;
  int width_ = 0;
  int precision_ = -1;  // none given
  char verb_ = 'v';
};

/// A number as Go prints it by default: the shortest text that reads back, with an exponent below
/// 1e-4 and from 1e6 on.
std::string ToGoText(double value);

}  // namespace fleet_edge::rules
