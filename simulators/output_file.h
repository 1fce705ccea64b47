#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace fleet_edge::simulators {

/// A file that is written from its beginning. Owned once; one thread.
class OutputFile {
 public:
  /// Replaces what is there. Throws std::runtime_error.
  explicit OutputFile(const std::string& path);

  /// Both throw std::runtime_error when the disk is full.
  void Write(std::string_view text);
  void Flush();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace fleet_edge::simulators
