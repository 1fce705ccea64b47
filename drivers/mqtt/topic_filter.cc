#include "drivers/mqtt/topic_filter.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/result.h"

namespace fleet_edge::drivers {
namespace {

constexpr std::size_t kMaxBytes = 65'535;  // §1.5.3: the length of a string takes two bytes

/// Takes the first level off `rest`; `more` tells whether any is left.
std::string_view TakeLevel(std::string_view& rest, bool& more) {
  const std::size_t slash = rest.find('/');
  const std::string_view level = rest.substr(0, slash);
  more = slash != std::string_view::npos;
  rest.remove_prefix(more ? slash + 1 : rest.size());
  return level;
}

Error Refused(std::string message) { return {Error::Code::kDrop, std::move(message)}; }

/// §4.7.2: wildcards in the first level don't match topics that begin with `$`.
bool IsHiddenFrom(std::string_view first_level, std::string_view topic) {
  return topic.starts_with('$') && (first_level == "+" || first_level == "#");
}

}  // namespace

Result<TopicFilter> TopicFilter::Parse(std::string_view text) {
  if (text.empty()) return Refused("a topic filter can't be empty");
  if (text.size() > kMaxBytes) return Refused("a topic filter has at most 65535 bytes");
  if (text.find('\0') != std::string_view::npos) {
    return Refused("a topic filter can't hold a zero character");
  }
  TopicFilter filter;
  bool more = true;
  while (more) {
    std::string level(TakeLevel(text, more));
    if (level.starts_with('{') && level.ends_with('}')) {
      std::string name = level.substr(1, level.size() - 2);
      if (!IsLabelName(name)) return Refused("'" + level + "' holds no label name");
      if (std::ranges::find(filter.label_names_, name) != filter.label_names_.end()) {
        return Refused("'" + level + "' stands twice");
      }
      filter.label_names_.push_back(std::move(name));
      filter.label_levels_.push_back(filter.levels_.size());
      level = "+";
    } else if (level == "#" && more) {
      return Refused("'#' must be the last level");
    } else if (level.size() > 1 && level.find_first_of("+#{}") != std::string::npos) {
      return Refused("a wildcard must be a level of its own, but one is in '" + level + "'");
    }
    if (!filter.levels_.empty()) filter.subscription_ += '/';
    filter.subscription_ += level;
    filter.levels_.push_back(std::move(level));
  }
  return filter;
}

bool TopicFilter::Matches(std::string_view topic) const {
  if (IsHiddenFrom(levels_.front(), topic)) return false;
  bool more = true;
  for (const std::string& wanted : levels_) {
    if (wanted == "#") return true;  // §4.7.1.2: `a/#` matches `a` as well
    if (!more) return false;
    const std::string_view level = TakeLevel(topic, more);
    if (wanted != "+" && wanted != level) return false;
  }
  return !more;
}

Labels TopicFilter::Capture(std::string_view topic) const {
  Labels labels;
  bool more = true;
  std::size_t at = 0;
  for (std::size_t i = 0; i < label_names_.size(); ++i, ++at) {
    for (; at < label_levels_[i]; ++at) TakeLevel(topic, more);
    labels.Set(label_names_[i], TakeLevel(topic, more));
  }
  return labels;
}

bool TopicFilter::Overlaps(const TopicFilter& other) const {
  const std::string_view mine = levels_.front();
  const std::string_view theirs = other.levels_.front();
  if (IsHiddenFrom(mine, theirs) || IsHiddenFrom(theirs, mine)) return false;
  const std::size_t shared = std::min(levels_.size(), other.levels_.size());
  for (std::size_t i = 0; i < shared; ++i) {
    const std::string& a = levels_[i];
    const std::string& b = other.levels_[i];
    if (a == "#" || b == "#") return true;
    if (a != "+" && b != "+" && a != b) return false;
  }
  if (levels_.size() == other.levels_.size()) return true;
  const auto& longer = levels_.size() > shared ? levels_ : other.levels_;
  return longer.size() == shared + 1 && longer.back() == "#";
}

}  // namespace fleet_edge::drivers
