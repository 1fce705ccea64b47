#include "agent/config/reference.h"

#include <string>
#include <string_view>
#include <vector>

#include "agent/config/config.h"
#include "core/section.h"
#include "drivers/table.h"

namespace fleet_edge::agent {
namespace {

constexpr std::string_view kIntroduction = R"(# Configuration

What `fleet-edge run -c FILE` and `fleet-edge check -c FILE` read: one YAML file, and `conf.d/*.yaml` beside it in the order of
their names, as one: a later file's keys win over an earlier one's, key by key in every mapping; a list replaces the earlier one
whole. A small one that does something:

```yaml
vehicle: {id: tanker-17}
drivers:
  - mqtt:
      broker: mqtt://127.0.0.1:1883
      topics:
        - {filter: 'cargo/{zone}', codec: value, signal: cargo_celsius}   # each message a number
uplink: {kafka: {bootstrap.servers: "hub.example:9092"}}
```

Durations are written `500ms`, `10s`, `1h30m`; sizes `64KiB`, `512MiB`. An unknown key is an error. `fleet-edge check` lists
everything that is wrong, with line and column. `fleet-edge config show` prints every value in force and where it comes from,
with secrets hidden. An editor that speaks YAML's language server completes and checks keys by `fleet-edge config schema >
fleet-edge.schema.json` and the line `# yaml-language-server: $schema=fleet-edge.schema.json` at the file's top.

In values, never in keys:

| written | stands for |
| --- | --- |
| `${NAME}` | the environment's variable NAME; none is an error |
| `${NAME:-default}` | the same, or `default` when it is not set or empty |
| `${credential:NAME}` | the credential NAME, a secret: the file of that name in `$CREDENTIALS_DIRECTORY`, where systemd's `LoadCredential=` puts it, without the newline at its end. Outside a service: in `/run/credentials/fleet-edge.service` |
| `$${` | `${`; any other `$` is one |

What is put in is text: neither YAML nor looked at for a further `${`. Rule files are not configuration: a `$` there is Prometheus's.

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
  AppendTable(Flatten(Section::Reference<Config>()), text);
  for (const drivers::DriverKind& kind : drivers::DriverKinds()) {
    text += "\n## Driver `" + std::string(kind.kind) + "`\n\n" + std::string(kind.help) + "\n\n";
    AppendTable(Flatten(kind.reference()), text);
  }
  return text;
}

}  // namespace fleet_edge::agent
