"""SIGHUP takes all rule files over, or none."""

import signal
import unittest

from support.road_test import SECONDS, RoadTest
from demo.road import RULES


class ReloadTest(RoadTest):
    def setUp(self):
        super().setUp()
        self.road.mosquitto()
        self.rules = self.folder / "rules.yaml"
        self.rules.write_text(RULES.read_text())
        _, hub = self.road.hub()
        self.agent = self.road.agent(self.road.configure("tanker-1", hub, self.rules))
        self.listener = self.road.listener("vehicles/tanker-1/alerts/#")

    def reload(self, text, answer):
        self.rules.write_text(text)
        seen = len(self.agent.lines)
        self.agent.signal(signal.SIGHUP)
        return self.agent.expect(answer, SECONDS, seen)

    def test_a_file_with_a_mistake_changes_nothing(self):
        mistake = RULES.read_text().replace("avg_over_time(", "average_over_time(", 1)
        self.reload(mistake, r"rules\.yaml:\d+:\d+: error: .*average_over_time")
        self.reload(RULES.read_text(), "(?i)rules.*(reloaded|loaded|taken)")
        self.reload(mistake, r"rules\.yaml:\d+:\d+: error: .*average_over_time")
        self.road.simulate("--duration", "20s", "--hz", 2)
        self.listener.expect("alerts/EngineOverheat", SECONDS)

    def test_a_good_file_is_taken_over_without_a_restart(self):
        renamed = RULES.read_text().replace("alert: EngineOverheat", "alert: EngineTooHot")
        self.reload(renamed, "(?i)rules.*(reloaded|loaded|taken)")
        self.road.simulate("--duration", "20s", "--hz", 2)
        self.listener.expect("alerts/EngineTooHot", SECONDS)


if __name__ == "__main__":
    unittest.main()
