#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace fleet_edge::agent {

/// Where a `${…}` of the configuration gets its value. A value.
struct ValueSources {
  /// Of a variable; nothing when it is not set.
  std::function<std::optional<std::string>(const std::string& name)> environment;

  /// Of a credential, as it is stored. Errors: the reason, for people; kRetry when it is the
  /// service's own and can't be looked at from here.
  std::function<Result<std::string>(const std::string& name)> credential;

  /// The process's environment, and the files of $CREDENTIALS_DIRECTORY, where systemd's
  /// `LoadCredential=` puts them; outside a service those of the running one.
  static ValueSources OfProcess();
};

/// A value with all its `${…}` replaced.
struct ExpandedValue {
  std::string text;
  std::vector<std::string> origins;  ///< `environment HUB`, `credential mqtt`; empty: as written
  std::vector<std::string> secrets;  ///< what came from credentials
};

/// What can't be replaced, and the mend.
struct ExpansionError {
  std::string what;
  std::string mend;
  bool unknown = false;  ///< no mistake: the service has it, and it can't be looked at from here
};

/// Replaces in `text`
///
///   ${NAME}             by the environment's variable NAME,
///   ${NAME:-default}    by `default` (up to the next `}`) when NAME is not set or empty,
///   ${credential:NAME}  by the credential NAME without the newline at its end,
///   $${                 by ${
///
/// What was put in is not looked at again. Any other `$` stands for itself. Problems go to
/// `errors`, and `text` is then of no use.
ExpandedValue ExpandValue(std::string_view text, const ValueSources& sources,
                          std::vector<ExpansionError>& errors);

}  // namespace fleet_edge::agent
