#include "rules/projection.h"

#include <string>

#include "core/labels.h"
#include "rules/label_pool.h"

namespace fleet_edge::rules {

const LabelSet* Projection::operator()(const LabelSet* from) {
  const bool only = choice_.kind == LabelChoice::Kind::kOnly;
  if (choice_.names.empty()) {
    if (only) return pool_.empty();
    return choice_.keeps_name ? from : from->nameless;
  }
  const auto [entry, is_new] = known_.try_emplace(from, nullptr);
  if (!is_new) return entry->second;
  Labels labels;
  if (only) {
    for (const std::string& name : choice_.names) labels.Set(name, from->labels.Get(name));
  } else {
    labels = choice_.keeps_name ? from->labels : from->nameless->labels;
    for (const std::string& name : choice_.names) labels.Remove(name);
  }
  return entry->second = pool_.Intern(labels);
}

}  // namespace fleet_edge::rules
