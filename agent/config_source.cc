#include "agent/config_source.h"

#include <cstddef>
#include <string_view>

#include "core/yaml.h"

namespace fleet_edge::agent {

ConfigSource::Place ConfigSource::Find(Path path) const {
  Place best;
  std::size_t best_depth = 0;
  for (const File& file : files_) {
    const YamlNode* node = &file.root;
    std::size_t depth = 0;
    for (const std::string_view key : path) {
      const YamlNode* const value = node->Find(key);
      if (value == nullptr) break;
      node = value;
      ++depth;
    }
    if (depth < best_depth) continue;
    best_depth = depth;
    best = {file.path, node->position, depth == path.size() ? node : nullptr};
  }
  return best;
}

}  // namespace fleet_edge::agent
