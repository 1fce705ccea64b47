#include "simulators/ledger.h"

#include <string_view>

namespace fleet_edge::simulators {

std::string_view NameOf(AlertChange change) {
  return change == AlertChange::kFiring ? "firing" : "resolved";
}

std::string_view NameOf(LedgerNote::Kind kind) {
  return kind == LedgerNote::Kind::kKill ? "kill" : "start";
}

}  // namespace fleet_edge::simulators
