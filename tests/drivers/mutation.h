#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace fleet_edge::drivers {

/// The lines of all files of tests/drivers/corpus/`decoder`, in order of their names.
inline std::vector<std::string> Corpus(const std::string& decoder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator("tests/drivers/corpus/" + decoder)) {
    paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<std::string> lines;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
  }
  return lines;
}

/// Spoils a few bytes of `line`: overwrites, inserts, removes, doubles or cuts off.
inline std::string Mutate(std::string line, std::mt19937& random) {
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  for (std::size_t times = 1 + below(4); times > 0; --times) {
    const std::size_t at = below(line.size() + 1);
    const char byte =
        below(2) == 0 ? "\",.:{}[]$*-+eE09\\ \t"[below(19)] : static_cast<char>(below(256));
    switch (below(5)) {
      case 0:
        line.insert(at, 1, byte);
        break;
      case 1:
        if (at < line.size()) line.erase(at, 1 + below(4));
        break;
      case 2:
        line.insert(at, line.substr(at, below(20)));
        break;
      case 3:
        line.resize(at);
        break;
      default:
        if (at < line.size()) line[at] = byte;
    }
  }
  return line;
}

}  // namespace fleet_edge::drivers
