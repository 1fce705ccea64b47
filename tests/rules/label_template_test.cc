#include "rules/label_template.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "core/labels.h"
#include "rules/expression_error.h"
#include "rules/external.h"

namespace fleet_edge::rules {
namespace {

const Labels kLabels{{"__name__", "cargo_celsius"},
                     {"zone", "2"},
                     {"name", "front-left axle"},
                     {"n", "1234567"},
                     {"bad", "abc"},
                     {"empty0", "0"},
                     {"u", "äö"}};
const External kExternal{.labels = {{"vehicle", "truck-7"}, {"site", "Köln"}},
                         .url = "http://hub.example/x"};

std::string Expand(std::string_view text, double value = 0, const Labels& labels = kLabels) {
  return LabelTemplate::Parse(text).Expand(
      {.value = value, .labels = labels, .external = kExternal, .alert = "Hot"});
}

std::string Refusal(std::string_view text) {
  try {
    LabelTemplate::Parse(text);
    return "fine";
  } catch (const ExpressionError& error) {
    return std::to_string(error.offset) + ": " + error.what + ". " + error.mend;
  }
}

/// The next field of a line of the table, its escapes resolved.
std::string TakeField(std::string_view& line) {
  std::string field;
  std::size_t at = 0;
  for (; at < line.size() && line[at] != '\t'; ++at) {
    if (line[at] != '\\') {
      field += line[at];
      continue;
    }
    ++at;
    field += line[at] == 'n' ? '\n' : line[at] == 't' ? '\t' : line[at];
  }
  line.remove_prefix(std::min(at + 1, line.size()));
  return field;
}

}  // namespace

TEST_CASE("Template: says what Prometheus 3 says") {
  std::ifstream table("tests/data/label_templates.tsv");
  std::string row;
  int rows = 0;
  while (std::getline(table, row)) {
    if (row.starts_with('#')) continue;
    std::string_view rest = row;
    const std::string text = TakeField(rest);
    const std::string value = TakeField(rest);
    const std::string expected = TakeField(rest);
    CAPTURE(text);
    CAPTURE(value);
    CHECK(Refusal(text) == "fine");
    CHECK(Expand(text, std::strtod(value.c_str(), nullptr)) == expected);
    ++rows;
  }
  CHECK(rows > 300);
}

TEST_CASE(
    "Template: what is not supported is refused by name, with its place and what is nearest") {
  CHECK(Refusal("x {{ range query `up` }}{{ . }}{{ end }}") ==
        "5: 'range' in a template is not supported here. Put the query into the rule's "
        "expression: $value is its result");
  CHECK(Refusal("{{ $value | humanise }}") ==
        "12: 'humanise' is no function of templates. Did you mean 'humanize'?");
  CHECK(Refusal("{{ humanize | first }}") == "3: 'humanize' has 0 values. Give it 1");
  CHECK(Refusal("{{ template \"x\" }}") ==
        "3: 'template' in a template is not supported here. Write the text out where it is used");
  CHECK(Refusal("{{ printf \"%v\" (index $labels \"x\") }}") ==
        "16: 'index' in a template is not supported here. Name the label: $labels.x");
  CHECK(Refusal("{{ toUpper humanize }}").starts_with("11: 'humanize' is a function, not a value"));
  CHECK(Refusal("{{ $x }}").starts_with("3: '$x' in a template is not declared. Known: $value"));
  CHECK(Refusal("{{ $x = 1 }}").starts_with("3: '$x' is not declared"));
  CHECK(Refusal("{{ .Valve }}").starts_with("3: '.Valve' in a template is not known"));
  CHECK(Refusal("{{ . }}").starts_with("3: '.' in a template is no value"));
  CHECK(Refusal("{{ with $value }}{{ .Labels.x }}{{ end }}")
            .starts_with("20: '.Labels.x' in a template asks for a part"));
  CHECK(Refusal("{{ $labels.a-b }}").starts_with("12: '-' follows '$labels.a' at once"));
  CHECK(Refusal("{{ $labels.a.b }}").starts_with("3: '$labels.a.b' in a template names no label"));
  CHECK(Refusal("{{ 'a' }}") ==
        "3: ''' begins nothing that a template holds. Write a text in double quotes");
  CHECK(Refusal("{{ 0x1f }}").starts_with("3: '0x1f' is no number that is supported here"));
  CHECK(Refusal("{{ $value - 1 }}").starts_with("10: '-' follows a value that takes none"));
}

TEST_CASE("Template: a broken form is refused where it breaks") {
  CHECK(Refusal("a {{ $value") == "2: '{{' has no '}}'. Close it");
  CHECK(Refusal("{{ }}").starts_with("2: '{{ }}' says nothing"));
  CHECK(Refusal("{{ \"a }}").starts_with("3: the string that begins here has no end"));
  CHECK(Refusal("{{/* a }}").starts_with("0: the comment that begins here does not end"));
  CHECK(Refusal("{{ (1 }}") == "3: '(' has no ')'. Close it");
  CHECK(Refusal("{{ 1) }}").starts_with("4: ')' is too much here"));
  CHECK(Refusal("{{ $value | }}").starts_with("12: what follows '|' is no function"));
  CHECK(Refusal("{{ $value | $labels.x }}").starts_with("12: what follows '|' is no function"));
  CHECK(Refusal("{{ if $value }}a") == "3: 'if' has no {{ end }}. End it");
  CHECK(Refusal("a{{ end }}") == "4: 'end' belongs to no if or with. Remove it");
  CHECK(Refusal("{{ if 1 }}{{ else }}{{ else }}{{ end }}").starts_with("23: a second 'else'"));
  CHECK(Refusal("{{ if }}{{ end }}").starts_with("6: a value is missing"));
  CHECK(Refusal("{{ if 1 }}{{ end 2 }}").starts_with("17: '2' is too much here"));
}

TEST_CASE("Template: what could only fail is refused") {
  CHECK(Refusal("{{ printf \"%d\" $value }}") ==
        "10: '%d' does not print a float64. Use one of %f %.1f %e %g %v");
  CHECK(Refusal("{{ printf \"%s\" $value }}").starts_with("10: '%s' does not print a float64"));
  CHECK(Refusal("{{ printf \"%f\" $labels.a }}") ==
        "10: '%f' does not print a string. Use %s or %v");
  CHECK(Refusal("{{ printf \"%f %f\" $value }}").starts_with("10: '%f' has no value to print"));
  CHECK(Refusal("{{ printf \"none\" $value }}").starts_with("10: the format prints 0 of 1 values"));
  CHECK(Refusal("{{ printf \"%999999999999f\" $value }}")
            .starts_with("10: '%999999999999f' is too wide"));
  CHECK(Refusal("{{ printf \"%\" $value }}").starts_with("10: '%' has no verb"));
  CHECK(Refusal("{{ printf $labels.x }}").starts_with("10: the format of 'printf' is no text"));
  CHECK(Refusal("{{ $value | printf }}").starts_with("19: the format of 'printf' is no text"));
  CHECK(Refusal("{{ if gt $value 100 }}a{{ end }}") ==
        "16: 'gt' compares a float64 with a int, which Go does not. Write the number with a "
        "point, like 100.0");
  CHECK(Refusal("{{ eq $labels.x 1 }}").starts_with("16: 'eq' compares a string with a int"));
  CHECK(Refusal("{{ toUpper $value }}").starts_with("11: 'toUpper' does not take a float64"));
  CHECK(Refusal("{{ humanize true }}").starts_with("12: 'humanize' does not take a bool"));
  CHECK(Refusal("{{ lt (or $value \"a\") 1 }}").starts_with("6: 'lt' does not take a value of"));
  CHECK(Refusal("{{ $x := 1 }}{{ $x = \"a\" }}").starts_with("16: '$x' holds a value of another"));
}

TEST_CASE("Template: nesting, variables and lengths have bounds") {
  std::string deep = "1";
  for (int i = 0; i < 31; ++i) deep = "(" + deep + ")";
  CHECK(Expand("{{ " + deep + " }}") == "1");
  CHECK(Refusal("{{ ((" + deep + ")) }}").find("nested too deeply") != std::string::npos);
  std::string branches;
  for (int i = 0; i < 10'000; ++i) branches += "{{if 1}}";
  CHECK(Refusal(branches.substr(0, 4000)).find("nested too deeply") != std::string::npos);
  CHECK(Refusal(branches).starts_with("4096: the text is longer than 4 KiB"));

  std::string variables;
  for (int i = 0; i < 65; ++i) variables += "{{ $x := 1 }}";
  CHECK(Refusal(variables).find("too many variables") != std::string::npos);

  const Labels wide{{"zone", std::string(3000, 'x')}};
  const std::string cut = Expand("{{ $labels.zone }}ä{{ $labels.zone }}", 0, wide);
  CHECK(cut.size() < 4200);
  CHECK(cut.ends_with("x… (cut at 4 KiB)"));

  std::string doubling = "{{ $x := \"aaaaaaaaaaaaaaaa\" }}";
  for (int i = 0; i < 60; ++i) doubling += "{{ $x = printf \"%s%s\" $x $x }}";
  CHECK(Expand(doubling + "{{ $x }}").size() < 4200);
}

TEST_CASE("Template: bytes that are no UTF-8 go through") {
  CHECK(Expand("{{ toUpper \"\\xff a\\xc3\" }}") == "\xff A\xc3");
  CHECK(Expand("\xff{{ printf \"%.1s|%3s\" \"\\xe4\" \"\\xe4\" }}").starts_with("\xff\xe4|"));
}

}  // namespace fleet_edge::rules
