#include "core/section.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/diagnostic.h"
#include "core/time.h"
#include "core/yaml.h"

namespace fleet_edge {
namespace {

struct Batch {
  Duration max_age = std::chrono::seconds{1};
  Bytes max_bytes = KiB(64);
};

void Describe(Section& section, Batch& batch) {
  section.Key("max_age", batch.max_age, "Sealed at this age.");
  section.Key("max_bytes", batch.max_bytes, "Sealed at this size.");
}

struct Config {
  std::string name;
  bool enabled = true;
  std::uint16_t port = 1883;
  double factor = 1.5;
  Batch batch;
  std::vector<std::string> files;
  std::map<std::string, std::string> kafka;
  std::optional<Batch> spare;
  std::vector<Batch> more;
};

void Describe(Section& section, Config& config) {
  section.Require("name", config.name, "Its name.");
  section.Key("enabled", config.enabled, "Whether it runs.");
  section.Key("port", config.port, "Where it listens.");
  section.Key("factor", config.factor, "A factor.");
  section.Key("batch", config.batch, "Batches.");
  section.Key("files", config.files, "Files.");
  section.Key("kafka", config.kafka, "Any property.");
  section.Key("spare", config.spare, "Another batch.");
  section.Key("more", config.more, "Further batches.");
  if (config.port == 0) section.Fail("port", "0 is no port", "Write one from 1 to 65535");
}

struct Outcome {
  Config config;
  std::vector<std::string> findings;
};

Outcome ReadConfig(const std::string& text) {
  Outcome outcome;
  Diagnostics diagnostics;
  const YamlNode node = ParseYaml(text, "test.yaml", diagnostics);
  const Section::Context context{"test.yaml", diagnostics};
  if (diagnostics.empty()) Section::Read(node, context, outcome.config);
  for (const Diagnostic& diagnostic : diagnostics) outcome.findings.push_back(ToString(diagnostic));
  return outcome;
}

TEST_CASE("Section: every form of value is read") {
  const auto [config, findings] = ReadConfig(R"(
name: tanker
enabled: false
port: 8883
factor: 2.25
batch: {max_age: 1m30s, max_bytes: 1MiB}
files: [a.yaml, b.yaml]
kafka: {bootstrap.servers: "hub:9093", linger.ms: 5}
)");
  CHECK(findings == std::vector<std::string>{});
  CHECK(config.name == "tanker");
  CHECK_FALSE(config.enabled);
  CHECK(config.port == 8883);
  CHECK(config.factor == 2.25);
  CHECK(config.batch.max_age == std::chrono::seconds{90});
  CHECK(config.batch.max_bytes == MiB(1));
  CHECK(config.files == std::vector<std::string>{"a.yaml", "b.yaml"});
  CHECK(config.kafka.at("linger.ms") == "5");
}

TEST_CASE("Section: what is not there keeps its default") {
  const auto [config, findings] = ReadConfig("name: x");
  CHECK(findings.empty());
  CHECK(config.batch.max_bytes == KiB(64));
  CHECK(config.port == 1883);
}

TEST_CASE("Section: all mistakes are found in one go, each with its place and its mend") {
  const auto findings = ReadConfig(R"(enabeld: true
port: 70000
batch:
  max_age: soon
  max_bytes: [1]
files: a.yaml
)")
                            .findings;
  CHECK(findings == std::vector<std::string>{
                        "test.yaml:1:1: error: key 'name' is missing. Add `name: …`",
                        "test.yaml:2:7: error: '70000' is out of range. Write a smaller number",
                        "test.yaml:4:12: error: 'soon' is not a duration. Write a number with its "
                        "unit, like 500ms, 10s or 1h30m",
                        "test.yaml:5:14: error: expected a value, got a list. Write one value",
                        "test.yaml:6:8: error: expected a list, got a value. Write `[a, b]` or "
                        "lines that begin with `- `",
                        "test.yaml:1:1: error: unknown key 'enabeld'. Did you mean 'enabled'?"});
}

TEST_CASE("Section: a check between keys points at the key's value") {
  CHECK(ReadConfig("name: x\nport: 0\n").findings ==
        std::vector<std::string>{"test.yaml:2:7: error: 0 is no port. Write one from 1 to 65535"});
}

TEST_CASE("Section: an unknown key that resembles none is answered with the list") {
  const auto findings = ReadConfig("name: x\nbatch: {zzzzzzzz: 1}\n").findings;
  CHECK(findings ==
        std::vector<std::string>{
            "test.yaml:2:9: error: unknown key 'zzzzzzzz'. Allowed here: max_age max_bytes"});
}

TEST_CASE("Section: the reference comes from the same declarations") {
  const auto docs = Flatten(Section::Reference<Config>());
  REQUIRE(docs.size() == 15);
  CHECK(docs[0].path == "name");
  CHECK(docs[0].required);
  CHECK(docs[2].default_value == "1883");
  CHECK(docs[5].path == "batch.max_age");
  CHECK(docs[5].default_value == "1s");
  CHECK(docs[10].path == "spare.max_age");
  CHECK(docs[13].path == "more[].max_age");
}

}  // namespace
}  // namespace fleet_edge
