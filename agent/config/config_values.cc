#include "agent/config/config_values.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/config/rule_files.h"
#include "core/result.h"

namespace fleet_edge::agent {
namespace {

constexpr std::string_view kOpen = "${";
constexpr std::string_view kEscaped = "$${";
constexpr std::string_view kCredential = "credential:";
constexpr std::string_view kDefault = ":-";
/// Where systemd keeps those of the running service: for whoever checks its configuration.
constexpr const char* kServiceCredentials = "/run/credentials/fleet-edge.service";

constexpr const char* kForms = "Write ${NAME}, ${NAME:-default} or ${credential:NAME}; $${ is a ${";

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool IsVariableName(std::string_view name) {
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
         std::ranges::all_of(name, IsWordCharacter);
}

/// A file's name that stays in its folder.
bool IsCredentialName(std::string_view name) {
  return !name.empty() && name.front() != '.' && std::ranges::all_of(name, [](char c) {
    return IsWordCharacter(c) || c == '-' || c == '.';
  });
}

Result<std::string> ReadCredential(const std::string& name) {
  const char* const given = std::getenv("CREDENTIALS_DIRECTORY");
  if (given == nullptr && access(kServiceCredentials, X_OK) != 0) {
    return Error{Error::Code::kRetry,
                 errno == EACCES ? "it is the service's own, and this user may not read it"
                                 : "it is the service's own, and there while the service runs"};
  }
  const std::string path =
      (std::filesystem::path(given != nullptr ? given : kServiceCredentials) / name).string();
  Result<std::string> text = ReadFile(path);
  if (!text) return Error{text.error().code, path + " " + text.error().message};
  return text;
}

class Expansion {
 public:
  Expansion(const ValueSources& sources, std::vector<ExpansionError>& errors)
      : sources_(sources), errors_(errors) {}

  ExpandedValue Expand(std::string_view text) {
    while (!text.empty()) {
      const std::size_t at = std::min(text.find('$'), text.size());
      value_.text += text.substr(0, at);
      text.remove_prefix(at);
      if (text.starts_with(kEscaped)) {
        value_.text += kOpen;
        text.remove_prefix(kEscaped.size());
      } else if (text.starts_with(kOpen)) {
        const std::size_t end = text.find('}');
        if (end == std::string_view::npos) {
          errors_.push_back({"a ${ without its }", kForms});
          return {};
        }
        Put(text.substr(kOpen.size(), end - kOpen.size()));
        text.remove_prefix(end + 1);
      } else {
        value_.text += text.substr(0, 1);
        text.remove_prefix(std::min<std::size_t>(1, text.size()));
      }
    }
    return std::move(value_);
  }

 private:
  /// `what` stands between the braces.
  void Put(std::string_view what) {
    if (what.starts_with(kCredential)) {
      PutCredential(std::string(what.substr(kCredential.size())));
      return;
    }
    const std::size_t colon = what.find(kDefault);
    const std::string name(what.substr(0, colon));
    if (!IsVariableName(name)) {
      errors_.push_back({"'${" + std::string(what) + "}' names nothing", kForms});
      return;
    }
    const std::optional<std::string> found = sources_.environment(name);
    if (colon != std::string_view::npos && (!found || found->empty())) {
      value_.text += what.substr(colon + kDefault.size());
      value_.origins.push_back("default of " + name);
    } else if (found) {
      value_.text += *found;
      value_.origins.push_back("environment " + name);
    } else {
      errors_.push_back(
          {"the environment has no " + name,
           "Set it (in a unit: `Environment=" + name + "=…`), or write ${" + name + ":-default}"});
    }
  }

  void PutCredential(const std::string& name) {
    if (!IsCredentialName(name)) {
      errors_.push_back({"'" + name + "' can't name a credential",
                         "Use letters, digits, `_`, `-` and `.`, no `.` first"});
      return;
    }
    Result<std::string> found = sources_.credential(name);
    if (!found && found.error().code == Error::Code::kRetry) {
      errors_.push_back(
          {.what = "the credential '" + name + "' is not known here: " + found.error().message,
           .mend = "To try it, too, name a folder that has it by "
                   "$CREDENTIALS_DIRECTORY",
           .unknown = true});
      return;
    }
    if (!found) {
      errors_.push_back({"no credential '" + name + "': " + found.error().message,
                         "Give it to the service (in its unit: `LoadCredential=" + name +
                             ":/path/of/the/file`), or name its folder by $CREDENTIALS_DIRECTORY"});
      return;
    }
    std::string text = std::move(found).value();
    if (text.ends_with('\n')) text.pop_back();
    if (text.find('\0') != std::string::npos) {
      errors_.push_back({"the credential '" + name + "' is no text: it holds a NUL", "Store text"});
      return;
    }
    value_.text += text;
    value_.origins.push_back("credential " + name);
    value_.secrets.push_back(std::move(text));
  }

  const ValueSources& sources_;
  std::vector<ExpansionError>& errors_;
  ExpandedValue value_;
};

}  // namespace

ValueSources ValueSources::OfProcess() {
  return {.environment = [](const std::string& name) -> std::optional<std::string> {
            const char* const value = std::getenv(name.c_str());
            return value == nullptr ? std::nullopt : std::optional<std::string>(value);
          },
          .credential = ReadCredential};
}

ExpandedValue ExpandValue(std::string_view text, const ValueSources& sources,
                          std::vector<ExpansionError>& errors) {
  return Expansion(sources, errors).Expand(text);
}

}  // namespace fleet_edge::agent
