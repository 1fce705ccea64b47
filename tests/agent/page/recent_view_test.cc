#include "agent/page/recent_view.h"

#include <doctest/doctest.h>

#include <string>

#include "agent/health/agent_view.h"
#include "core/clock.h"

namespace fleet_edge::agent {

TEST_CASE("RecentView: who looks at about the same time sees one view, who looks later a new one") {
  HandClock clock;
  int made = 0;
  RecentView recent(
      [&made] {
        AgentView view;
        view.vehicle = std::to_string(++made);
        return view;
      },
      clock);
  CHECK(made == 0);
  CHECK(recent().vehicle == "1");
  clock.Advance(RecentView::kFreshFor - Duration{1});
  CHECK(recent().vehicle == "1");
  clock.Advance(Duration{1});
  CHECK(recent().vehicle == "2");
  CHECK(made == 2);
}

}  // namespace fleet_edge::agent
