// What a scrape costs the agent beside the copy of its view: 200 series into text. Target: 5 ms.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "agent/health/agent_view.h"
#include "agent/metrics/metrics.h"

namespace fleet_edge {
namespace {

constexpr std::string_view kPrometheus =
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

/// Some 70 series are always there; these are the rest.
agent::AgentView View() {
  agent::AgentView view{.vehicle = "tanker-17", .version = "1.2.3"};
  for (int driver = 0; driver < 5; ++driver) {
    const std::string name = "driver-" + std::to_string(driver);
    view.drivers.push_back({.name = name, .kind = "can"});
    for (int signal = 0; signal < 27; ++signal) {
      view.counters.push_back({"fleet_edge_input_rejected_total",
                               {{"driver", name},
                                {"reason", "out_of_range"},
                                {"signal", "signal_" + std::to_string(signal)}},
                               12'345});
    }
  }
  return view;
}

void WriteMetrics(benchmark::State& state, std::string_view accept) {
  const agent::AgentView view = View();
  agent::Metrics metrics({});
  std::size_t bytes = 0;
  for (auto _ : state) bytes = metrics.Write(view, accept).text.size();
  const std::string text = "\n" + metrics.Write(view, accept).text;
  std::size_t series = 0;
  for (std::size_t at = 0; (at = text.find('\n', at)) + 1 < text.size(); ++at) {
    series += text[at + 1] != '#' ? 1 : 0;
  }
  state.counters["bytes"] = static_cast<double>(bytes);
  state.counters["series"] = static_cast<double>(series);
}

BENCHMARK_CAPTURE(WriteMetrics, open_metrics, kPrometheus)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(WriteMetrics, old_text, "")->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace fleet_edge
