#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/config/config_file.h"
#include "core/diagnostic.h"

namespace fleet_edge::agent {

/// A part of the configuration as it is in force, with where it comes from. A value.
struct EffectiveValue {
  enum class Kind : std::uint8_t { kValue, kUnset, kMapping, kList };

  Kind kind = Kind::kUnset;
  std::string key;                      ///< empty: an item of a list
  std::string text;                     ///< of a value; kHidden for a secret
  bool secret = false;                  ///< of a value
  std::string file;                     ///< that says so; empty: none does
  Position position;                    ///< in `file`
  std::vector<std::string> origins;     ///< besides the file: `default`, `environment HUB`, …
  std::vector<EffectiveValue> entries;  ///< of a mapping or a list
};

/// What stands in the place of a secret.
inline constexpr const char* kHidden = "***";

/// All keys, those that are left to their default as well, in the order of their declaration.
/// Precondition: `loaded` has no errors.
EffectiveValue Effective(const LoadedConfig& loaded);

/// As YAML that can be read again, secrets apart; each value's origin is a comment at its line's
/// end, with files' names counted from `folder`.
std::string EffectiveYaml(const EffectiveValue& config, const std::string& folder);

/// A JSON object a line and value: key (the path's parts), value, origin, secret.
std::string EffectiveJson(const EffectiveValue& config);

}  // namespace fleet_edge::agent
