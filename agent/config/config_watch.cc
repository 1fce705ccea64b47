#include "agent/config/config_watch.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "agent/config/config_file.h"
#include "agent/text/digest.h"
#include "core/diagnostic.h"

namespace fleet_edge::agent {
namespace {

/// The configuration's file, and the fragments that lie or may come to lie beside it.
std::vector<std::string> Patterns(const std::string& path) {
  const auto fragments = std::filesystem::path(path).parent_path() / "conf.d" / "*.yaml";
  return {path, fragments.string()};
}

}  // namespace

ConfigWatch::ConfigWatch(const std::vector<std::string>& files, std::string hash)
    : path_(files.empty() ? std::string() : files.front()),
      hash_(std::move(hash)),
      files_(Patterns(path_)) {}

const ConfigWatch::State& ConfigWatch::Look() {
  if (!files_.Changed()) return state_;
  state_ = {};
  if (Sha256(ReadConfigText(path_)) == hash_) return state_;
  const LoadedConfig now = LoadConfig(path_, Purpose::kLook);
  const auto mistake =
      std::ranges::find(now.findings, Diagnostic::Severity::kError, &Diagnostic::severity);
  if (mistake != now.findings.end()) state_.mistake = ToString(*mistake);
  state_.differs = true;
  return state_;
}

}  // namespace fleet_edge::agent
