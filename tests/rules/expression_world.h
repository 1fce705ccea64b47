#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostic.h"
#include "core/labels.h"
#include "core/series.h"
#include "core/time.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/geofence.h"
#include "rules/geojson.h"
#include "rules/go_format.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/parser.h"
#include "rules/plan.h"
#include "rules/series_store.h"
#include "rules/type_check.h"
#include "tests/rules/rule_world.h"

namespace fleet_edge::rules {

/// Series with samples, and expressions on them; the lookback is 30 s.
class ExpressionWorld {
 public:
  /// Samples at start, start + 1, … seconds; NaN makes none.
  ExpressionWorld& Series(std::string_view name, const Labels& labels,
                          const std::vector<double>& values, double start = 1) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isnan(values[i])) Sample(name, labels, start + static_cast<double>(i), values[i]);
    }
    return *this;
  }

  ExpressionWorld& Sample(std::string_view name, const Labels& labels, double seconds,
                          double value) {
    samples_.push_back({registry_.Find(name, labels), {At(seconds), value}});
    return *this;
  }

  ExpressionWorld& Ends(std::string_view name, const Labels& labels, double seconds) {
    ends_.push_back({registry_.Find(name, labels), {At(seconds), 0}});
    return *this;
  }

  /// Geofences that expressions may name.
  ExpressionWorld& Geofences(std::string_view geojson) {
    Diagnostics findings;
    ReadGeoJson({"places.geojson", std::string(geojson)}, geofences_, findings);
    if (!findings.empty()) throw std::invalid_argument(ToString(findings.front()));
    return *this;
  }

  /// The result as sorted texts `name{label="x"} value`, or one text `failed: why`.
  Texts Evaluate(std::string_view text, double seconds) {
    const ExprPtr expr = ParseExpression(text);
    if (!CheckTypes(*expr).empty())
      throw std::invalid_argument("types do not fit: " + std::string(text));
    LabelPool pool;
    Plan plan(pool, geofences_);
    Node& node = plan.Add(*expr, 0, std::chrono::seconds{30});
    plan.Seal();
    SeriesStore store(1'000'000);
    store.Rewire(plan.selections(), pool, std::vector{kNever});
    for (const auto& [series, sample] : samples_) {
      if (StoredSeries* const stored = store.Find(*series)) store.Add(*stored, sample);
    }
    for (const auto& [series, sample] : ends_) store.MarkStale(*series, sample.time);
    Evaluation evaluation{At(seconds), 1, pool, std::nullopt};
    Texts texts;
    for (const Element& element : node.Evaluate(evaluation)) texts.push_back(ToText(element));
    if (evaluation.failure) return {"failed: " + *evaluation.failure};
    std::ranges::sort(texts);
    return texts;
  }

  /// The value of the only element; throws when there are none or several.
  double Value(std::string_view text, double seconds) {
    const Texts texts = Evaluate(text, seconds);
    if (texts.size() != 1) throw std::invalid_argument("not one element: " + std::string(text));
    return std::stod(texts.front().substr(texts.front().rfind(' ')));
  }

 private:
  struct Given {
    const fleet_edge::Series* series;
    rules::Sample sample;
  };

  static std::string ToText(const Element& element) {
    const std::string name(element.labels->labels.Get(kNameLabel));
    return name + ToString(element.labels->nameless->labels) + " " + ToGoText(element.value);
  }

  SeriesRegistry registry_;
  rules::Geofences geofences_;
  std::vector<Given> samples_;
  std::vector<Given> ends_;
};

inline constexpr double kNoSample = std::numeric_limits<double>::quiet_NaN();

}  // namespace fleet_edge::rules
