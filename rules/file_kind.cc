#include "rules/file_kind.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/section.h"
#include "core/yaml.h"

namespace fleet_edge::rules {
namespace {

/// A kind of file by keys that only it has.
struct Known {
  std::optional<FileKind> kind;  ///< nothing: neither rules nor tests
  std::array<std::string_view, 2> keys;
  std::string_view what;
  std::string_view mend;
};

constexpr std::array kKnown{
    Known{FileKind::kRules,
          {"groups", "groups"},
          "this is a file of rules",
          "Check it with `fleet-edge check --rules FILE`; a file of tests names it under "
          "`rule_files:`"},
    Known{FileKind::kTests,
          {"tests", "rule_files"},
          "this is a file of tests",
          "Run it with `fleet-edge test FILE`"},
    Known{std::nullopt,
          {"drivers", "uplink"},
          "this is a configuration",
          "Check it, and the rules it names, with `fleet-edge check -c FILE`"},
};

bool Fits(const Known& known, const YamlNode& document) {
  return std::ranges::any_of(known.keys,
                             [&](std::string_view key) { return document.Find(key) != nullptr; });
}

}  // namespace

bool IsOfOtherKind(const YamlNode& document, FileKind wanted, const Section::Context& context) {
  const auto* const is = std::ranges::find_if(
      kKnown, [&](const Known& known) { return known.kind != wanted && Fits(known, document); });
  const bool is_wanted_too = std::ranges::any_of(
      kKnown, [&](const Known& known) { return known.kind == wanted && Fits(known, document); });
  if (is == kKnown.end() || is_wanted_too) return false;
  context.Fail(document.position, std::string(is->what), std::string(is->mend));
  return true;
}

}  // namespace fleet_edge::rules
