#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "core/diagnostic.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/label_template.h"
#include "rules/parser.h"
#include "rules/rule_file.h"
#include "rules/type_check.h"
#include "tests/rules/expression_world.h"

namespace fleet_edge::rules {
namespace {

constexpr std::array<std::string_view, 6> kSeeds{
    "avg_over_time(engine_coolant_celsius[10s]) > 105 and "
    "count_over_time(engine_coolant_celsius[10s]) >= 5",
    "sum by (z) (x{a=~\"b|c\",d!=\"\\u00e4\"}) / on (z) -rate(y[1h30m]) ^ 2 % 0x1f",
    "1_000 + Inf * (NaN - 5m) == bool .5e-3",
    "a unless ignoring (b, c) {__name__=~'d.*'} or absent_over_time(e[600])",
    "max(deriv(vehicle_speed_kmh[2s])) without (z) / 3.6 <= -2.7 # comment",
    "stddev_over_time(x[5m:1m] offset 5m) @ end()"};
constexpr std::array<std::string_view, 24> kPieces{
    "(", ")", "[",  "]",    "{",        "}",      "10s", "1e999", "\"",
    "'", "`", "\\", " by ", " on ",     " bool ", "==",  "=~",    "avg_over_time",
    "-", "^", ",",  "\n",   "__name__", "\xff"};

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::size_t Below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

  std::string Bytes() {
    std::string text(Below(60), ' ');
    for (char& c : text) c = static_cast<char>(Below(256));
    return text;
  }

  std::string Mutated(std::string_view seed) {
    std::string text(seed);
    for (std::size_t left = 1 + Below(4); left > 0; --left) {
      const std::size_t at = Below(text.size() + 1);
      switch (Below(4)) {
        case 0:
          text.insert(at, kPieces.at(Below(kPieces.size())));
          break;
        case 1:
          text.erase(at, 1 + Below(5));
          break;
        case 2:
          text.insert(at, text.substr(Below(text.size() + 1), Below(30)));
          break;
        default:
          if (at < text.size()) text[at] = static_cast<char>(Below(256));
      }
    }
    return text;
  }

 private:
  std::mt19937_64 random_;
};

/// True when the text is an expression; then what is read of it reads the same again and evaluates.
bool Survives(ExpressionWorld& world, const std::string& text) {
  try {
    const ExprPtr expr = ParseExpression(text);
    if (!CheckTypes(*expr).empty()) return false;
    const std::string normal = ToString(*expr);
    INFO(normal);
    CHECK(ToString(*ParseExpression(normal)) == normal);
    world.Evaluate(text, 5);
    return true;
  } catch (const ExpressionError& error) {
    CHECK(error.offset <= text.size());
    CHECK_FALSE(error.what.empty());
    return false;
  }
}

}  // namespace

TEST_CASE("Robustness: no text breaks the expression parser, and what it accepts evaluates") {
  Mutator mutator(3);
  ExpressionWorld world;
  world.Series("x", {{"z", "1"}}, {1, 2, 3}).Series("engine_coolant_celsius", {}, {1, 2});
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text =
        i % 10 == 0 ? mutator.Bytes() : mutator.Mutated(kSeeds.at(mutator.Below(kSeeds.size())));
    if (Survives(world, text)) ++accepted;
  }
  CHECK(accepted > 500);
}

TEST_CASE("Robustness: no text breaks templates or rule files") {
  Mutator mutator(5);
  constexpr std::string_view kTemplate =
      "at {{ $value | printf \"%5.1f\" }} in {{ $labels.zone }} {{ printf `%v` .Value }}"
      "{{ if and (gt $value 1.0) $labels.zone -}} {{ $x := humanize $labels.zone }}{{ $x | title }}"
      "{{ else with .ExternalLabels.a }}{{ . }}{{/* c */}}{{ else }}{{ or 1 \"\\t\" }}{{ end }}";
  constexpr std::string_view kFile =
      "groups:\n  - name: g\n    interval: 1s\n    rules:\n      - alert: A\n        expr: |\n     "
      "     x >\n"
      "          1\n        labels: {a: 'b', c: \"{{ $value }}\"}\n        for: 5s\n      - "
      "{record: y, expr: sum(x)}\n";
  for (int i = 0; i < 10'000; ++i) {
    const std::string text = mutator.Mutated(kTemplate);
    try {
      LabelTemplate::Parse(text).Expand({1.5, {{"zone", "1"}}, {}, "A"});
    } catch (const ExpressionError& error) {
      CHECK(error.offset <= text.size());
    }
    Diagnostics diagnostics;
    ReadRuleFile({"f", mutator.Mutated(kFile)}, std::chrono::seconds{30}, {}, diagnostics);
    for (const Diagnostic& diagnostic : diagnostics) CHECK_FALSE(diagnostic.what.empty());
  }
}

}  // namespace fleet_edge::rules
