#pragma once

#include <string>
#include <string_view>

#include "tests/support/temp_folder.h"

namespace fleet_edge::drivers {

/// A file with the given content that goes away with this.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content) : path_(folder_.Write("file", content)) {}

  const std::string& path() const { return path_; }

 private:
  const TempFolder folder_;
  const std::string path_;
};

}  // namespace fleet_edge::drivers
