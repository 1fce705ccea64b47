// Evaluates expressions by the rule engine, in the form of tests/oracle/prometheus: reads cases as
// JSON lines, answers each with one line. See README.md.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/labels.h"
#include "core/quality.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/engine.h"
#include "rules/function.h"
#include "rules/query.h"
#include "rules/rule_text.h"

namespace fleet_edge::rules {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kStale = "stale";

/// A sample or a stale marker on its way into the engine.
struct Given {
  const Series* series;
  UtcTime time;
  std::string value;
};

/// A rule file, and where its instants begin.
struct Rules {
  std::string file;
  Duration interval;
  UtcTime from;
};

struct Case {
  Duration lookback;
  std::vector<Given> given;  // series by series
  std::vector<std::string> expressions;
  std::vector<UtcTime> instants;
  std::optional<Rules> rules;

  Engine::Options Options() const {
    Engine::Options options{.lookback = lookback};
    if (rules) {
      options.interval = rules->interval;
      options.lateness = Duration{0};
    }
    return options;
  }
};

UtcTime ToTime(std::int64_t milliseconds) {
  return UtcTime{std::chrono::milliseconds{milliseconds}};
}

Labels ToLabels(const dom::element& object, std::string& name) {
  Labels labels;
  for (const auto [key, value] : object.get_object()) {
    if (key == "__name__") {
      name = std::string_view(value);
    } else {
      labels.Set(key, std::string_view(value));
    }
  }
  return labels;
}

Case Read(const dom::element& line, SeriesRegistry& registry) {
  Case made{std::chrono::milliseconds{line["lookback_ms"].get_int64().value()}, {}, {}, {}, {}};
  for (const dom::element one : line["series"]) {
    std::string name;
    const Labels labels = ToLabels(one["labels"], name);
    const Series* const series = registry.Find(name, labels);
    for (const dom::element sample : one["samples"]) {
      made.given.push_back({series, ToTime(sample.at(0).get_int64()),
                            std::string(sample.at(1).get_string().value())});
    }
  }
  for (const dom::element one : line["expressions"]) {
    made.expressions.emplace_back(one.get_string().value());
  }
  for (const dom::element one : line["instants_ms"]) {
    made.instants.push_back(ToTime(one.get_int64()));
  }
  dom::object rules;
  if (line["rules"].get(rules) == simdjson::SUCCESS) {
    made.rules = {std::string(rules["file"].get_string().value()),
                  std::chrono::milliseconds{rules["interval_ms"].get_int64().value()},
                  ToTime(rules["from_ms"].get_int64())};
  }
  return made;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      quoted += "\\u00";
      quoted += kHex[byte >> 4U];
      quoted += kHex[byte & 15U];
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string ToText(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> buffer{};
  return {buffer.data(), std::to_chars(buffer.begin(), buffer.end(), value).ptr};
}

std::string ErrorText(std::string_view what) { return "{\"error\":" + Quoted(what) + "}"; }

std::string ToText(const QueryResult& result) {
  if (result.failure) return ErrorText(*result.failure);
  std::string text = R"({"type":")";
  text += result.type == ValueType::kScalar ? "scalar" : "vector";
  text += R"(","elements":[)";
  std::string_view comma;
  for (const auto& [labels, value] : result.elements) {
    text += comma;
    text += R"({"labels":{)";
    std::string_view inner_comma;
    for (const auto& [name, label] : labels) {
      text.append(inner_comma).append(Quoted(name)).append(":").append(Quoted(label));
      inner_comma = ",";
    }
    text.append(R"(},"value":")").append(ToText(value)).append("\"}");
    comma = ",";
  }
  return text + "]}";
}

/// The engine over one case. An expression that the engine refuses has an error at each instant.
class Trial {
 public:
  explicit Trial(const dom::element& line)
      : case_(Read(line, registry_)),
        engine_(registry_, case_.Options()),
        results_(case_.expressions.size()) {
    std::ranges::stable_sort(case_.instants);
    Load();
  }

  std::string Answer() {
    if (case_.rules) AdvanceTo(case_.rules->from);
    for (std::size_t i = 0; i < case_.instants.size(); ++i) {
      AdvanceTo(case_.instants[i]);
      for (std::size_t query = 0; query < loaded_.size(); ++query) {
        results_[loaded_[query]].push_back(ToText(engine_.Ask(query, case_.instants[i])));
      }
    }
    std::string text = R"({"results":[)";
    for (std::size_t i = 0; i < results_.size(); ++i) {
      text += i == 0 ? "[" : ",[";
      for (std::size_t j = 0; j < results_[i].size(); ++j) {
        text.append(j == 0 ? "" : ",").append(results_[i][j]);
      }
      text += "]";
    }
    return text + "]}";
  }

 private:
  /// Loads those that have no error alone: all share nodes and windows then.
  void Load() {
    std::vector<RuleText> queries;
    for (std::size_t i = 0; i < case_.expressions.size(); ++i) {
      const RuleText query{"expression", case_.expressions[i]};
      const Diagnostics findings = Engine(registry_, {}).Load({}, {query});
      if (!HasErrors(findings)) {
        queries.push_back(query);
        loaded_.push_back(i);
        continue;
      }
      const auto error =
          std::ranges::find(findings, Diagnostic::Severity::kError, &Diagnostic::severity);
      results_[i].assign(case_.instants.size(), ErrorText(ToString(*error)));
    }
    std::vector<RuleText> files;
    if (case_.rules) files.push_back({"rules", case_.rules->file});
    const Diagnostics findings = engine_.Load(files, queries);
    const auto error =
        std::ranges::find(findings, Diagnostic::Severity::kError, &Diagnostic::severity);
    if (error == findings.end()) return;
    loaded_.clear();
    for (auto& results : results_) {
      results.assign(case_.instants.size(), ErrorText(ToString(*error)));
    }
  }

  /// Feeds what was measured since the last call, series by series, then evaluates the rules.
  void AdvanceTo(UtcTime until) {
    for (const Given& given : case_.given) {
      if (given.time <= now_ || given.time > until) continue;
      const bool in_time =
          given.value == kStale
              ? engine_.End(*given.series, given.time)
              : engine_.Add({given.series, given.time, std::strtod(given.value.c_str(), nullptr),
                             Quality::kGood});
      if (!in_time) throw std::runtime_error("a sample of " + ToString(*given.series) + " is late");
    }
    now_ = until;
    engine_.AdvanceTo(until, changes_);
  }

  SeriesRegistry registry_;
  Case case_;
  Engine engine_;
  UtcTime now_ = UtcTime::min();
  Changes changes_;
  std::vector<std::size_t> loaded_;  // by place among the queries, that among the expressions
  std::vector<std::vector<std::string>> results_;  // by expression, then by instant
};

}  // namespace
}  // namespace fleet_edge::rules

int main() {
  try {
    std::ios::sync_with_stdio(false);
    simdjson::dom::parser parser;
    for (std::string line; std::getline(std::cin, line);) {
      std::cout << fleet_edge::rules::Trial(parser.parse(line).value()).Answer() << std::endl;
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "evaluate: " << error.what() << '\n';
    return 1;
  }
}
