#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleet_edge::rules {

/// The names of series that rules can find on a vehicle: the signals of the catalogue and of its
/// drivers, what the rules record, and the series of alerts. Used by advice.
class KnownSeries {
 public:
  /// `produced`: the signals of the vehicle's drivers; nothing when nobody knows which these are.
  explicit KnownSeries(const std::optional<std::vector<std::string>>& produced);

  void AddRecorded(std::string name) { of_rules_.insert(std::move(name)); }

  /// True for what rules record, and for the series of alerts.
  bool IsMadeByRules(std::string_view name) const { return of_rules_.contains(name); }

  /// What is wrong with a rule that asks for `name`.
  struct Doubt {
    std::string what;
    std::string mend;
    bool of_vehicle = false;  ///< it is the configuration that lacks something
  };

  /// Nothing when `name` is known, and produced as far as that can be told.
  std::optional<Doubt> DoubtAbout(std::string_view name) const;

 private:
  std::string Mend(std::string_view name) const;

  using Names = std::set<std::string, std::less<>>;

  Names of_rules_{"ALERTS", "ALERTS_FOR_STATE"};
  Names of_drivers_;
  bool drivers_known_;
};

}  // namespace fleet_edge::rules
