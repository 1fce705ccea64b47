#include "rules/label_template.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <string_view>

#include "core/labels.h"
#include "rules/expression_error.h"
#include "rules/go_format.h"

namespace fleet_edge::rules {
namespace {

std::string Expand(std::string_view text, double value = 0, const Labels& labels = {}) {
  return LabelTemplate::Parse(text).Expand(value, labels);
}

std::string Refusal(std::string_view text) {
  try {
    LabelTemplate::Parse(text);
    return "fine";
  } catch (const ExpressionError& error) {
    return std::to_string(error.offset) + ": " + error.what;
  }
}

}  // namespace

TEST_CASE("Template: value and labels in plain text") {
  CHECK(Expand("no places") == "no places");
  CHECK(Expand("{{ $value }} in {{$labels.zone}}{{ .Labels.none }}!", 1.5, {{"zone", "2"}}) ==
        "1.5 in 2!");
  CHECK(Expand("{{ .Value }}", 7) == "7");
}

TEST_CASE("Template: printf in both forms") {
  CHECK(Expand("{{ $value | printf \"%.1f °C\" }}", 104.96) == "105.0 °C");
  CHECK(Expand("{{ printf \"%6.2f|\" $value }}", -1.5) == " -1.50|");
  CHECK(Expand("{{ printf `%-4s|%%` $labels.z }}", 0, {{"z", "ab"}}) == "ab  |%");
}

TEST_CASE("Template: numbers look as in Go") {
  CHECK(ToGoText(0) == "0");
  CHECK(ToGoText(100000) == "100000");
  CHECK(ToGoText(123456.7) == "123456.7");
  CHECK(ToGoText(1e6) == "1e+06");
  CHECK(ToGoText(-123456789) == "-1.23456789e+08");
  CHECK(ToGoText(0.0001) == "0.0001");
  CHECK(ToGoText(0.00001) == "1e-05");
  CHECK(ToGoText(std::nan("")) == "NaN");
  CHECK(ToGoText(-HUGE_VAL) == "-Inf");
  CHECK(Expand("{{ printf \"%.2f %%\" $value }}", HUGE_VAL) == "+Inf %");
  CHECK(Expand("{{ printf \"%e\" $value }}", 12345.678) == "1.234568e+04");
  CHECK(Expand("{{ printf \"%.3g\" $value }}", 12345.678) == "1.23e+04");
  CHECK(Expand("{{ printf \"%+05.0f\" $value }}", 42) == "+0042");
}

TEST_CASE("Template: what is not supported is refused by name, with its place") {
  CHECK(Refusal("x {{ $value | humanize }}") ==
        "14: 'humanize' in a template is not supported here");
  CHECK(Refusal("{{ if $value }}a{{ end }}") == "3: 'if' in a template is not supported here");
  CHECK(Refusal("{{ $externalLabels.a }}") ==
        "3: '$externalLabels.a' in a template is not supported");
  CHECK(Refusal("{{ $labels }}") == "3: '$labels' in a template is not supported");
  CHECK(Refusal("a {{ $value") == "2: '{{' has no '}}'");
  CHECK(Refusal("{{ }}") == "2: '{{ }}' says nothing");
  CHECK(Refusal("{{ \"a }}") == "3: the string that begins here has no end");
}

TEST_CASE("Template: a format must print what it is given, once") {
  CHECK(Refusal("{{ printf \"%d\" $value }}") == "10: format '%d' does not print this");
  CHECK(Refusal("{{ printf \"%s\" $value }}") == "10: format '%s' does not print this");
  CHECK(Refusal("{{ printf \"%f\" $labels.a }}") == "10: format '%f' does not print this");
  CHECK(Refusal("{{ printf \"%f %f\" $value }}") == "10: format '%f %f' does not print this");
  CHECK(Refusal("{{ printf \"none\" $value }}") == "10: format 'none' does not print this");
  CHECK(Refusal("{{ printf \"%999999999999f\" $value }}") ==
        "10: format '%999999999999f' does not print this");
}

}  // namespace fleet_edge::rules
