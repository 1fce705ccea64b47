#include "rules/label_pool.h"

#include <cstdint>
#include <utility>

#include "core/labels.h"

namespace fleet_edge::rules {

LabelPool::LabelPool() : empty_(nullptr) { empty_ = Intern({}); }

const LabelSet* LabelPool::Intern(const Labels& labels) {
  if (const auto found = index_.find(labels); found != index_.end()) return found->second;
  LabelSet set{labels, nullptr, 0};
  if (!labels.Get(kNameLabel).empty()) {
    Labels nameless = labels;
    nameless.Remove(kNameLabel);
    set.nameless = Intern(nameless);
  }
  set.id = static_cast<std::uint32_t>(sets_.size());
  LabelSet& made = sets_.emplace_back(std::move(set));
  if (made.nameless == nullptr) made.nameless = &made;
  index_.emplace(labels, &made);
  return &made;
}

}  // namespace fleet_edge::rules
