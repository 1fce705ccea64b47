// Prints how well departures from normal are seen, as Markdown: anomaly_report [vehicle hours]
// [trials of each fault] [seconds between readings] [unseen|chosen-on]. Run in the repository's
// root.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/anomaly/fault.h"
#include "tests/anomaly/nab.h"
#include "tests/anomaly/score.h"

namespace fleet_edge::anomaly {
namespace {

std::string Seconds(std::optional<double> value) {
  return value ? std::to_string(static_cast<int>(*value)) + " s" : "–";
}

void PrintFalseAlarms(const Settings& settings, double vehicle_hours) {
  const Score score = CountFalseAlarms(settings, vehicle_hours);
  std::printf(
      "\n%.0f vehicle hours without a fault, a reading each %d s\n\n"
      "| detector | false alarms per 1,000 h: container | coolant |\n| --- | --- | --- |\n",
      score.vehicle_hours, settings.period_s);
  for (std::size_t i = 0; i < Detectors().size(); ++i) {
    const double thousands = score.vehicle_hours / 1'000;
    std::printf("| %s | %.2f | %.2f |\n", Detectors()[i].title.c_str(),
                score.false_alarms_container[i] / thousands,
                score.false_alarms_coolant[i] / thousands);
  }
}

void PrintFaults(const Settings& settings, int trials) {
  std::printf(
      "\n%d trials of each fault, a reading each %d s\n\n"
      "| fault | detector | within 30 s of showing | never | after showing: median | 95 %% | "
      "after the fault began: median |\n| --- | --- | --- | --- | --- | --- | --- |\n",
      trials, settings.period_s);
  for (const FaultKind kind : kFaultKinds) {
    const std::vector<Sight> sights = WatchFaults(settings, kind, trials);
    for (std::size_t i = 0; i < sights.size(); ++i) {
      const Sight& sight = sights[i];
      std::printf("| %s | %s | %.1f %% | %d | %s | %s | %s |\n",
                  std::string(ToString(kind)).c_str(), Detectors()[i].title.c_str(),
                  100.0 * sight.within_30s / sight.trials,
                  sight.trials - static_cast<int>(sight.delays_s.size()),
                  Seconds(QuantileOf(sight.delays_s, 0.5)).c_str(),
                  Seconds(QuantileOf(sight.delays_s, 0.95)).c_str(),
                  Seconds(QuantileOf(sight.begins_s, 0.5)).c_str());
    }
  }
}

void PrintNab() {
  std::printf(
      "\nNAB, machine_temperature_system_failure\n\n"
      "| detector | labelled windows hit | false alarms | hours from the window's begin |\n"
      "| --- | --- | --- | --- |\n");
  for (const NabResult& result : RunNab()) {
    std::string delays;
    for (const std::optional<double>& delay : result.delays_h) {
      char text[16];
      std::snprintf(text, sizeof text, "%.1f ", delay.value_or(0));
      delays += delay ? text : "– ";
    }
    std::printf("| %s | %d of %zu | %d | %s|\n", result.title.c_str(), result.hits(),
                result.delays_h.size(), result.false_alarms, delays.c_str());
  }
}

int Main(int argc, char** argv) {
  const double vehicle_hours = argc > 1 ? std::atof(argv[1]) : 10'000;
  const int trials = argc > 2 ? std::atoi(argv[2]) : 100;
  const bool chosen_on = argc > 4 && std::string_view(argv[4]) == "chosen-on";
  const Settings settings{.period_s = argc > 3 ? std::max(std::atoi(argv[3]), 1) : 1,
                          .tankers = chosen_on ? Tankers::kChosenOn : Tankers::kUnseen};
  PrintNab();
  PrintFalseAlarms(settings, vehicle_hours);
  PrintFaults(settings, trials);
  return 0;
}

}  // namespace
}  // namespace fleet_edge::anomaly

int main(int argc, char** argv) {
  try {
    return fleet_edge::anomaly::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
