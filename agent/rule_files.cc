#include "agent/rule_files.h"

#include <glob.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "rules/engine.h"

namespace fleet_edge::agent {

std::vector<std::string> ExpandGlob(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> paths;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    const std::span<char*> all(found.gl_pathv, found.gl_pathc);
    paths.assign(all.begin(), all.end());
  }
  globfree(&found);
  return paths;
}

Result<std::string> ReadFile(const std::string& path) {
  const auto fail = [&] {
    return Error{Error::Code::kFatal, std::string("can't be read: ") + std::strerror(errno)};
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"),
                                                             std::fclose);
  if (!file) return fail();
  std::string text;
  std::string chunk(1 << 16, '\0');
  while (std::feof(file.get()) == 0) {
    const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), file.get());
    if (std::ferror(file.get()) != 0) return fail();
    text.append(chunk, 0, size);
  }
  return text;
}

Result<std::vector<rules::RuleText>> ReadRuleFiles(const std::vector<std::string>& patterns) {
  std::vector<rules::RuleText> files;
  for (const std::string& pattern : patterns) {
    std::vector<std::string> paths = ExpandGlob(pattern);
    if (paths.empty()) return Error{Error::Code::kFatal, "no file matches " + pattern};
    for (std::string& path : paths) {
      const auto same = [&](const rules::RuleText& file) { return file.file == path; };
      if (std::ranges::any_of(files, same)) continue;
      Result<std::string> text = ReadFile(path);
      if (!text) return Error{text.error().code, path + ": " + text.error().message};
      files.push_back({std::move(path), std::move(text).value()});
    }
  }
  return files;
}

}  // namespace fleet_edge::agent
