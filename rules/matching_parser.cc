#include "rules/matching_parser.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/expr.h"
#include "rules/projection.h"
#include "rules/token_reader.h"

namespace fleet_edge::rules {
namespace {

constexpr std::array<std::string_view, 3> kForeign{"fill", "fill_left", "fill_right"};

void RefuseForeign(const TokenReader& reader) {
  for (const std::string_view word : kForeign) {
    if (!reader.NextIsWord(word) || !reader.FollowedBy("(")) continue;
    reader.Refuse("'" + std::string(word) + "' is not supported",
                  "Give what is missing by `or`, like (a or b * 0) + b");
  }
}

void RefuseGrouping(const TokenReader& reader, std::string what, std::string mend) {
  const std::string word = "'" + Lower(reader.Next().text) + "' ";
  reader.Refuse(word + std::move(what), std::move(mend));
}

void CheckIncluded(const TokenReader& reader, const Matching& matching) {
  if (matching.labels.kind != LabelChoice::Kind::kOnly) return;
  for (const std::string& name : matching.included) {
    if (std::ranges::find(matching.labels.names, name) == matching.labels.names.end()) continue;
    reader.Refuse("the label '" + name + "' stands both in 'on' and in the grouping",
                  "Remove it from the grouping: elements that meet agree in it");
  }
}

}  // namespace

Matching TakeMatching(TokenReader& reader, BinaryOp op) {
  Matching matching;
  const bool on = reader.NextIsWord("on");
  const bool chosen = on || reader.NextIsWord("ignoring");
  if (chosen) {
    reader.Take();
    matching.labels = {on ? LabelChoice::Kind::kOnly : LabelChoice::Kind::kExcept,
                       reader.TakeLabelNames()};
  }
  const bool left = reader.NextIsWord("group_left");
  if (left || reader.NextIsWord("group_right")) {
    if (IsSetOperator(op))
      RefuseGrouping(reader, "behind a set operator, which always matches many to many",
                     "Remove it");
    if (!chosen)
      RefuseGrouping(reader, "without 'on' or 'ignoring'", "Write on (…) or ignoring () before it");
    reader.Take();
    matching.cardinality =
        left ? Matching::Cardinality::kManyToOne : Matching::Cardinality::kOneToMany;
    if (reader.NextIs("(")) matching.included = reader.TakeLabelNames();
    CheckIncluded(reader, matching);
  }
  RefuseForeign(reader);
  return matching;
}

}  // namespace fleet_edge::rules
