#include "simulators/expectation.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/labels.h"
#include "core/section.h"
#include "core/time.h"

namespace fleet_edge::simulators {
namespace {

std::string NameOf(const std::string& alert, const Labels& labels) {
  return alert + ToString(labels);
}

std::string Window(const Expectation::Alert& alert) {
  const std::string from = "from " + ToString(alert.from);
  return alert.within == Duration::zero() ? from : from + " within " + ToString(alert.within);
}

}  // namespace

bool Expectation::Alert::Fits(const std::string& name, const Labels& its) const {
  return name == alert && std::ranges::all_of(labels, [&its](const Labels::Pair& label) {
           return its.Get(label.first) == label.second;
         });
}

bool Expectation::Alert::Covers(Duration since_start) const {
  return since_start >= from && (within == Duration::zero() || since_start <= from + within);
}

std::vector<std::string> Expectation::Judge(const std::string& vehicle,
                                            const std::vector<Firing>& firings) const {
  const auto of_vehicle = [&vehicle](const Alert& alert) {
    return alert.vehicle.empty() || alert.vehicle == vehicle;
  };
  std::vector<std::string> wrong;
  for (const Alert& alert : must) {
    if (!of_vehicle(alert)) continue;
    const bool fired = std::ranges::any_of(firings, [&alert](const Firing& firing) {
      return alert.Fits(firing.alert, firing.labels) && alert.Covers(firing.since_start);
    });
    if (!fired) {
      wrong.push_back(vehicle + ": " + NameOf(alert.alert, alert.labels) +
                      " must fire and does not, " + Window(alert));
    }
  }
  for (const Firing& firing : firings) {
    const auto covers = [&](const Alert& alert) {
      return of_vehicle(alert) && alert.Fits(firing.alert, firing.labels) &&
             alert.Covers(firing.since_start);
    };
    if (std::ranges::any_of(must, covers) || std::ranges::any_of(may, covers)) continue;
    wrong.push_back(vehicle + ": " + NameOf(firing.alert, firing.labels) +
                    " fires and must not, at " + ToString(firing.since_start));
  }
  return wrong;
}

void Describe(Section& section, Expectation::Alert& alert) {
  section.Require("alert", alert.alert, "Its name.");
  section.Key("vehicle", alert.vehicle, "Of which; without it of each.");
  std::map<std::string, std::string> labels;
  section.Key("labels", labels, "Those that it has, among others.");
  for (const auto& [name, value] : labels) alert.labels.Set(name, value);
  section.Key("from", alert.from, "The window in which it fires begins here, since the start.");
  section.Key("within", alert.within, "… and is this long; without it, it lasts to the end.");
  if (section.reading()) alert.position = section.PositionOf("alert");
}

void Describe(Section& section, Expectation& expectation) {
  section.Require("rules", expectation.rules, "Rule files, a pattern; for who replays.");
  section.Key("must", expectation.must, "Each fires at least once in its window.");
  section.Key("may", expectation.may,
              "May fire in its window. What neither names must not fire at all.");
}

}  // namespace fleet_edge::simulators
