#include "agent/reference.h"

#include <string>
#include <string_view>
#include <vector>

#include "agent/config.h"
#include "core/section.h"
#include "drivers/table.h"

namespace fleet_edge::agent {
namespace {

constexpr std::string_view kIntroduction = R"(# Configuration

What `fleet-edge run -c FILE` and `fleet-edge check -c FILE` read: one YAML file, and `conf.d/*.yaml` beside it, whose keys
win over the file's and over those of fragments before them by name, key by key. A list and `vehicle.labels` replace the earlier
one whole.

Durations are written `500ms`, `10s`, `1h30m`; sizes `64KiB`, `512MiB`. An unknown key is an error. `fleet-edge check` lists
everything that is wrong, with line and column.

This page is made by `fleet-edge reference` from the declarations that parse the file; a test holds them together.
)";

/// Text that may hold what a Markdown table would take for its own.
std::string Cell(std::string_view text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? std::string("\\|") : std::string(1, c);
  return cell;
}

void AppendTable(const std::vector<Section::KeyDoc>& keys, std::string& out) {
  out += "| key | default | meaning |\n| --- | --- | --- |\n";
  for (const Section::KeyDoc& key : keys) {
    const std::string value = key.required                ? "required"
                              : key.default_value.empty() ? ""
                                                          : "`" + Cell(key.default_value) + "`";
    out += "| `" + key.path + "` | " + value + " | " + Cell(key.help) + " |\n";
  }
}

}  // namespace

std::string ConfigurationReference() {
  std::string text(kIntroduction);
  text += "\n## The file\n\n";
  AppendTable(Section::Reference<Config>(), text);
  for (const drivers::DriverKind& kind : drivers::DriverKinds()) {
    text += "\n## Driver `" + std::string(kind.kind) + "`\n\n" + std::string(kind.help) + "\n\n";
    AppendTable(kind.reference(), text);
  }
  return text;
}

}  // namespace fleet_edge::agent
