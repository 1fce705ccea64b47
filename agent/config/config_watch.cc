#include "agent/config/config_watch.h"

#include <algorithm>
#include <string>
#include <utility>

#include "agent/config/config_file.h"
#include "agent/text/digest.h"
#include "core/diagnostic.h"

namespace fleet_edge::agent {

ConfigWatch::ConfigWatch(std::string path, std::string hash)
    : path_(std::move(path)), hash_(std::move(hash)), files_(ConfigPatterns(path_)) {}

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
