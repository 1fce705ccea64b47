#include "agent/config/rule_files.h"

#include <glob.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "agent/text/digest.h"
#include "core/result.h"
#include "rules/rule_text.h"

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

namespace {

namespace fs = std::filesystem;

/// The geofences beside the files of `paths`: folder by folder, by name within one.
std::vector<std::string> GeofenceFilesBeside(const std::vector<std::string>& paths) {
  std::vector<fs::path> folders;
  for (const std::string& path : paths) {
    const fs::path folder = fs::path(path).parent_path();
    if (std::ranges::find(folders, folder) == folders.end()) folders.push_back(folder);
  }
  std::vector<std::string> found;
  for (const fs::path& folder : folders) {
    const auto begin = static_cast<std::ptrdiff_t>(found.size());
    std::error_code error;
    for (fs::directory_iterator at(folder.empty() ? fs::path(".") : folder, error), end;
         !error && at != end; at.increment(error)) {
      if (at->path().extension() == rules::kGeofenceExtension) {
        found.push_back((folder / at->path().filename()).string());
      }
    }
    std::sort(found.begin() + begin, found.end());
  }
  return found;
}

}  // namespace

std::vector<std::string> FindRuleFiles(const std::vector<std::string>& patterns) {
  std::vector<std::string> paths;
  const auto add = [&](const std::vector<std::string>& more) {
    for (const std::string& path : more) {
      if (std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
    }
  };
  for (const std::string& pattern : patterns) add(ExpandGlob(pattern));
  add(GeofenceFilesBeside(paths));
  return paths;
}

Result<std::vector<rules::RuleText>> ReadRuleFiles(const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    if (ExpandGlob(pattern).empty()) {
      return Error{Error::Code::kFatal, "no file matches " + pattern};
    }
  }
  std::vector<rules::RuleText> files;
  for (std::string& path : FindRuleFiles(patterns)) {
    Result<std::string> text = ReadFile(path);
    if (!text) return Error{text.error().code, path + ": " + text.error().message};
    files.push_back({std::move(path), std::move(text).value()});
  }
  return files;
}

std::string RulesHash(const std::vector<rules::RuleText>& rules) {
  std::string all;
  for (const rules::RuleText& file : rules) all += file.text;
  return Sha256(all);
}

}  // namespace fleet_edge::agent
