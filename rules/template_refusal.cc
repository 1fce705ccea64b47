#include "rules/template_refusal.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/nearest.h"
#include "rules/expression_error.h"
#include "rules/template_function.h"

namespace fleet_edge::rules {
namespace {

/// What Go or Prometheus knows and this does not, with what comes nearest.
struct Foreign {
  std::string_view name;
  std::string_view mend;
};

constexpr std::string_view kNoQuery =
    "Put the query into the rule's expression: $value is its result";
constexpr std::string_view kWrittenOut = "Write the text out where it is used";
constexpr std::string_view kPlain = "Remove it: texts go out as they stand";
constexpr std::string_view kLabel = "Name the label: $labels.x";
constexpr std::string_view kDuration = "Use humanizeDuration";
constexpr std::string_view kTime = "Use humanizeTimestamp of a value in seconds";
constexpr std::string_view kPrintf = "Use printf";
constexpr std::string_view kChooseLabel = "Use label_replace in the rule's expression";
constexpr std::string_view kUrl = "Write {{ $externalURL }}";
constexpr std::array kForeign{
    Foreign{"query", kNoQuery},
    Foreign{"first", kNoQuery},
    Foreign{"value", "Write $value"},
    Foreign{"label", kLabel},
    Foreign{"strvalue", kLabel},
    Foreign{"sortByLabel", kNoQuery},
    Foreign{"range", kNoQuery},
    Foreign{"break", kNoQuery},
    Foreign{"continue", kNoQuery},
    Foreign{"template", kWrittenOut},
    Foreign{"define", kWrittenOut},
    Foreign{"block", kWrittenOut},
    Foreign{"tmpl", kWrittenOut},
    Foreign{"args", kWrittenOut},
    Foreign{"safeHtml", kPlain},
    Foreign{"html", kPlain},
    Foreign{"js", kPlain},
    Foreign{"urlquery", kPlain},
    Foreign{"urlQueryEscape", kPlain},
    Foreign{"graphLink", kUrl},
    Foreign{"tableLink", kUrl},
    Foreign{"externalURL", kUrl},
    Foreign{"pathPrefix", kUrl},
    Foreign{"toTime", kTime},
    Foreign{"now", kTime},
    Foreign{"toDuration", kDuration},
    Foreign{"parseDuration", kDuration},
    Foreign{"print", kPrintf},
    Foreign{"println", kPrintf},
    Foreign{"index", kLabel},
    Foreign{"slice", "Use printf \"%.3s\" for the first characters"},
    Foreign{"len", "Compare with \"\" instead"},
    Foreign{"call", kPrintf},
    Foreign{"nil", "Compare with \"\" instead"},
    Foreign{"stripPort", kChooseLabel},
    Foreign{"stripDomain", kChooseLabel},
    Foreign{"match", "Match labels in the rule's expression, or compare with eq"},
    Foreign{"reReplaceAll", kChooseLabel},
};

constexpr std::array<std::string_view, 8> kWords{"if",  "else", "end",  "with",
                                                 "and", "or",   "true", "false"};

}  // namespace

void RefuseTemplateName(const std::string& name, std::size_t offset) {
  const auto* const foreign = std::ranges::find(kForeign, name, &Foreign::name);
  if (foreign != kForeign.end()) {
    throw ExpressionError{offset, "'" + name + "' in a template is not supported here",
                          std::string(foreign->mend)};
  }
  std::vector<std::string_view> known(kWords.begin(), kWords.end());
  for (const TemplateFunction& function : TemplateFunctions()) known.push_back(function.name);
  const std::string_view near = Nearest(name, known);
  throw ExpressionError{offset, "'" + name + "' is no function of templates",
                        near.empty() ? "Write {{ $value }}, {{ $labels.name }}, or {{ printf "
                                       "\"%.1f\" $value }}"
                                     : "Did you mean '" + std::string(near) + "'?"};
}

}  // namespace fleet_edge::rules
