#include "simulators/ledger.h"

#include <string_view>

namespace fleet_edge::simulators {

std::string_view NameOf(AlertChange change) {
  return change == AlertChange::kFiring ? "firing" : "resolved";
}

std::string_view NameOf(Stamp stamp) {
  switch (stamp) {
    case Stamp::kArrival:
      return "arrival";
    case Stamp::kLook:
      return "look";
    case Stamp::kSource:
      break;
  }
  return "source";
}

std::string_view NameOf(LedgerNote::Kind kind) {
  return kind == LedgerNote::Kind::kKill ? "kill" : "start";
}

}  // namespace fleet_edge::simulators
