#include "agent/service/journal.h"

#include <doctest/doctest.h>

#include <string>

namespace fleet_edge::agent {

TEST_CASE("Journal: an entry has its text and its priority") {
  const JournalEntry entry = MakeJournalEntry('4', "the hub is gone");
  CHECK(entry ==
        JournalEntry{"SYSLOG_IDENTIFIER=fleet-edge", "PRIORITY=4", "MESSAGE=the hub is gone"});
}

TEST_CASE("Journal: a driver's line can be found by the driver's name") {
  const JournalEntry entry = MakeJournalEntry('6', "driver cargo probes: reads its device");
  CHECK(entry.at(2) == "FLEET_EDGE_DRIVER=cargo probes");
  CHECK(entry.at(3) == "MESSAGE=driver cargo probes: reads its device");
}

TEST_CASE("Journal: a line about health can be found by what is wrong") {
  const JournalEntry hub = MakeJournalEntry('4', "health: hub_unreachable: down. Mend: wait");
  CHECK(hub.size() == 4);
  CHECK(hub.at(2) == "FLEET_EDGE_HEALTH=hub_unreachable");
  CHECK(MakeJournalEntry('6', "health: hub_unreachable is over after 3m").at(2) == hub.at(2));
  CHECK(MakeJournalEntry('3', "health: hub_unreachable is critical now: down").at(2) == hub.at(2));
  const JournalEntry worse = MakeJournalEntry('3', "health: hub_unreachable (h:1) is critical now");
  CHECK(worse.at(3) == "FLEET_EDGE_SUBJECT=h:1");
  const JournalEntry driver = MakeJournalEntry('4', "health: driver_silent (cargo probes): for 3m");
  CHECK(driver.at(2) == "FLEET_EDGE_HEALTH=driver_silent");
  CHECK(driver.at(3) == "FLEET_EDGE_SUBJECT=cargo probes");
}

TEST_CASE("Journal: a line that only begins like one about a driver has no field") {
  CHECK(MakeJournalEntry('6', "driver ").size() == 3);
  CHECK(MakeJournalEntry('6', "driver : nobody").size() == 3);
  CHECK(MakeJournalEntry('6', "drivers 3, rules 2: all run").size() == 3);
}

TEST_CASE("Journal: what comes from outside stays one entry, and within its bound") {
  CHECK(MakeJournalEntry('4', "a\nPRIORITY=0").size() == 3);
  const std::string text = MakeJournalEntry('4', std::string(1'000'000, 'x')).back();
  CHECK(text.size() < kLongestJournalText + 40);
  CHECK(text.ends_with("(cut)"));
}

TEST_CASE("Journal: a field of one line is written as it is, one of several with its length") {
  CHECK(JournalDatagram({"PRIORITY=4", "MESSAGE=a=b"}) == "PRIORITY=4\nMESSAGE=a=b\n");
  const std::string length("\x03\0\0\0\0\0\0\0", 8);
  CHECK(JournalDatagram({"MESSAGE=a\nb", "PRIORITY=4"}) ==
        "MESSAGE\n" + length + "a\nb\nPRIORITY=4\n");
}

}  // namespace fleet_edge::agent
