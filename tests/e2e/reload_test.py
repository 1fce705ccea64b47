"""SIGHUP takes all rule files over, or none."""

import signal
import unittest

from support.road_test import SECONDS, RoadTest
from demo.road import RULES

TAKEN_OVER = r"\d+ rules reloaded"


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

    def test_a_file_with_a_mistake_changes_nothing_and_a_good_one_is_taken_over(self):
        self.road.simulate("--duration", "25s", "--hz", 2)
        mistake = RULES.read_text().replace("avg_over_time(", "average_over_time(", 1)
        self.reload(mistake, r"rules\.yaml:\d+:\d+: error: .*average_over_time")
        self.listener.expect("alerts/EngineOverheat .*firing", SECONDS)

        renamed = RULES.read_text().replace("alert: EngineOverheat", "alert: EngineTooHot")
        self.reload(renamed, TAKEN_OVER)
        self.listener.expect("alerts/EngineTooHot .*firing", SECONDS)


if __name__ == "__main__":
    unittest.main()
