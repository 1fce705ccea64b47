"""Rules on real recordings, whose answers are known, by `fleet-edge replay`."""

import json
import unittest
from datetime import datetime

from support import ROOT
from support.road_test import PROGRAMS, SECONDS, RoadTest
from demo.process import Process

CYCLES = ROOT / "simulators" / "recordings"
DRIVE = ROOT / "tests" / "data" / "obd" / "drive1.csv"

EPA_CYCLE = """
      time: {column: cycSecs, unit: s}
      signals: {vehicle_speed_kmh: {column: cycMps, unit: m/s}}
"""
OBD_DRIVE = """
      period: 1s
      signals:
        engine_coolant_celsius: {column: COOLANT_TEMPERATURE ()}
        vehicle_speed_kmh: {column: VEHICLE_SPEED ()}
"""


class KnownAnswersTest(RoadTest):
    def replay(self, recording, columns, expression):
        """The changes of the alert `Alert` on the recording."""
        (self.folder / "rules.yaml").write_text(
            "groups:\n- name: known\n  interval: 1s\n  rules:\n"
            f"  - {{alert: Alert, expr: '{expression}', labels: {{severity: info}},"
            " annotations: {summary: known}}\n")
        config = self.folder / "replay.yaml"
        config.write_text(f"vehicle: {{id: known}}\ndrivers:\n  - replay:\n      path: {recording}{columns}"
                          "rules: [rules.yaml]\n")
        replay = Process("replay", [PROGRAMS / "fleet-edge", "replay", recording, "--json",
                                    "--config", config], self.folder)
        self.processes.append(replay)
        self.assertEqual(replay.wait(SECONDS), 0, "\n".join(replay.lines))
        return [json.loads(line) for line in replay.stdout]

    def braking(self, cycle, limit):
        return self.replay(CYCLES / f"{cycle}.csv", EPA_CYCLE,
                           f"deriv(vehicle_speed_kmh[2s]) / 3.6 <= {limit}")

    def test_nobody_brakes_harshly_on_udds(self):
        self.assertEqual(self.braking("udds", -2.7), [])

    def test_harsh_braking_on_us06_occurs_twice(self):
        changes = self.braking("us06", -2.7)
        self.assertEqual([change["state"] for change in changes], ["firing", "resolved"] * 2)

    def test_us06_slows_down_by_two_metres_a_second_in_27_seconds(self):
        changes = self.braking("us06", -2.0)
        times = [datetime.fromisoformat(change["time"]) for change in changes]
        firing = sum((end - begin).total_seconds() for begin, end in zip(times[::2], times[1::2]))
        self.assertEqual(firing, 27)

    def test_an_engine_that_never_overheated_raises_no_alert(self):
        self.assertEqual(self.replay(DRIVE, OBD_DRIVE, "avg_over_time(engine_coolant_celsius[10s]) >= 105"), [])

    def test_the_same_engine_was_warm_as_the_recording_says(self):
        warmest = max(float(line.split(",")[3]) for line in DRIVE.read_text().splitlines()[1:])
        changes = self.replay(DRIVE, OBD_DRIVE, "max_over_time(engine_coolant_celsius[10s]) >= 80")
        self.assertGreaterEqual(warmest, 80)
        self.assertEqual(changes[0]["state"], "firing")


if __name__ == "__main__":
    unittest.main()
