#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/yaml.h"

namespace fleet_edge::agent {

/// The files that a configuration was read from, so that a finding made later names its place. A
/// value.
class ConfigSource {
 public:
  struct File {
    std::string path;
    YamlNode root;
  };

  /// A place in one of the files. `node` is null when the key is nowhere; lives as long as the
  /// source is unchanged.
  struct Place {
    std::string file;
    Position position;
    const YamlNode* node = nullptr;
  };

  using Path = std::initializer_list<std::string_view>;

  void Add(File file) { files_.push_back(std::move(file)); }
  const std::vector<File>& files() const { return files_; }

  /// Where `path`'s value stands, in the file that has the last word on it; else the nearest
  /// section above it that is there.
  Place Find(Path path) const;

 private:
  std::vector<File> files_;
};

}  // namespace fleet_edge::agent
