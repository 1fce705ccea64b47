#include "rules/anomaly_node.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/labels.h"
#include "core/time.h"
#include "rules/anomaly_baseline.h"
#include "rules/byte_stream.h"
#include "rules/evaluation.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/factory_context.h"
#include "rules/label_pool.h"
#include "rules/node.h"
#include "rules/selector_nodes.h"
#include "rules/window_functions.h"

namespace fleet_edge::rules {
namespace {

/// One series' baseline as it survives a restart.
struct SavedBaseline {
  Labels labels;  // with the name
  AnomalyBaseline::Memory memory;
};

bool CanBe(const AnomalyBaseline::Memory& memory) {
  const bool numbers = std::isfinite(memory.mean) && memory.weight >= 0 && memory.variance >= 0;
  return numbers && std::isfinite(memory.weight) && memory.learned >= Duration{0};
}

template <typename Stream>
void Walk(Stream& stream, In<Stream, SavedBaseline>& saved) {
  Walk(stream, saved.labels);
  auto& memory = saved.memory;
  Walk(stream, memory.weight);
  Walk(stream, memory.mean);
  Walk(stream, memory.variance);
  auto learned = memory.learned.count();
  Walk(stream, learned);
  if constexpr (Stream::kReads) memory.learned = Duration{learned};
  Walk(stream, memory.learned_at);
  Walk(stream, memory.newest);
  Walk(stream, memory.compared_at);
}

constexpr std::size_t kHalfLife = 1;
constexpr std::size_t kMinSigma = 2;
constexpr double kLongestHalfLifeS = 365.0 * 86'400;

std::optional<double> LiteralOf(const Expr& expr) {
  const auto* const literal = std::get_if<NumberLiteral>(&expr.node);
  return literal == nullptr ? std::nullopt : std::optional(literal->value);
}

}  // namespace

void AnomalyNode::Compute(Evaluation& evaluation, Vector& result) {
  for (const Windows::Item& item : windows_.At(evaluation)) {
    const std::optional<double> mean = AvgOverTime(item.window);
    if (!mean) continue;
    const std::optional<double> score =
        baselines_[item.labels].Compare(*mean, evaluation.at, settings_);
    if (score) result.push_back({item.labels->nameless, *score});
  }
}

std::string AnomalyNode::Remember() const {
  std::vector<SavedBaseline> all;
  all.reserve(baselines_.size());
  for (const auto& [labels, baseline] : baselines_) {
    all.push_back({labels->labels, baseline.memory()});
  }
  std::ranges::sort(all, {}, &SavedBaseline::labels);
  Writer writer;
  if (!all.empty()) WalkAll(writer, all);
  return writer.Take();
}

bool AnomalyNode::Recall(std::string_view bytes, LabelPool& pool) {
  Reader reader(bytes);
  std::vector<SavedBaseline> all;
  WalkAll(reader, all);
  if (!reader.ok() || !reader.at_end()) return false;
  if (!std::ranges::all_of(all, CanBe, &SavedBaseline::memory)) return false;
  for (const auto& [labels, memory] : all) {
    baselines_[pool.Intern(labels)] = AnomalyBaseline(memory);
  }
  return true;
}

std::unique_ptr<Node> MakeAnomalyZscore(FactoryContext& context) {
  const CallExpr& call = context.call();
  const double half_life_s = context.Number(kHalfLife);
  return std::make_unique<AnomalyNode>(
      context.Range(0), AnomalyBaseline::Settings{
                            .half_life = Duration{std::llround(half_life_s * 1e6)},
                            .window = std::get<RangeSelector>(call.arguments.front()->node).range,
                            .min_sigma = context.Number(kMinSigma)});
}

void CheckAnomalyZscore(const CallExpr& call, std::vector<ExpressionError>& errors) {
  const Expr& half_life = *call.arguments[kHalfLife];
  const std::optional<double> seconds = LiteralOf(half_life);
  // A microsecond is the least that a Duration holds.
  if (!seconds || !(*seconds >= 1e-6 && *seconds <= kLongestHalfLifeS)) {
    errors.push_back({half_life.offset,
                      "the half-life of 'anomaly_zscore' is no literal above 0 and up to a year",
                      "Write one, like 30m"});
  }
  const Expr& min_sigma = *call.arguments[kMinSigma];
  const std::optional<double> sigma = LiteralOf(min_sigma);
  if (!sigma || !(*sigma >= 0 && std::isfinite(*sigma))) {
    errors.push_back({min_sigma.offset,
                      "the least sigma of 'anomaly_zscore' is no literal of 0 or more",
                      "Write one in the signal's unit, like 0.5"});
  }
}

}  // namespace fleet_edge::rules
