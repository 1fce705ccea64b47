"""Each scenario of the library: recorded, replayed through the rules it names, and judged by what it expects."""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest

from support import ROOT
from support.road_test import PROGRAMS, SECONDS, RoadTest

LIBRARY_FOLDER = ROOT / "simulators" / "scenarios"
LIBRARY = sorted(LIBRARY_FOLDER.glob("*.yaml"))


def run(*command, stdin=None):
    return subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False,
                          input=stdin)


def rules_of(scenario):
    return re.search(r"(?m)^  rules: (.+)$", scenario.read_text())[1]


class ScenariosTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def record(self, scenario):
        """The recordings of its vehicles, by the vehicle's name; by nothing when it is alone."""
        done = run(PROGRAMS / "fleet-sim", "record", "--scenario", scenario, "--out", self.folder / "trip.csv")
        self.assertEqual(done.returncode, 0, done.stderr)
        recordings = {path.name[len("trip."):-len(".csv")]: path for path in self.folder.glob("trip.*.csv")}
        return recordings or {"": self.folder / "trip.csv"}

    def judge(self, scenario, vehicle, recording):
        replay = run(PROGRAMS / "fleet-edge", "replay", recording, "--rules", rules_of(scenario), "--json")
        self.assertEqual(replay.returncode, 0, replay.stderr)
        return run(PROGRAMS / "fleet-sim", "judge", "--scenario", scenario, "--alerts", "-",
                   *(["--vehicle", vehicle] if vehicle else []), stdin=replay.stdout)

    def test_the_alerts_that_must_follow_do_and_no_others(self):
        self.assertGreaterEqual(len(LIBRARY), 10)
        for scenario in LIBRARY:
            with self.subTest(scenario.stem):
                for vehicle, recording in self.record(scenario).items():
                    verdict = self.judge(scenario, vehicle, recording)
                    self.assertEqual(verdict.returncode, 0, verdict.stdout + verdict.stderr)
                    recording.unlink()

    def test_a_trouble_taken_out_is_missed(self):
        scenario = self.folder / "changed.yaml"
        text = (LIBRARY_FOLDER / "pump-fails.yaml").read_text()
        scenario.write_text(text.replace("event: pump_fails, at: 40m", "event: tunnel, at: 59m"))
        verdict = self.judge(scenario, "", self.record(scenario)[""])
        self.assertEqual(verdict.returncode, 1)
        self.assertIn("EngineHot must fire and does not", verdict.stdout)

    def test_an_expectation_taken_out_makes_its_alert_one_too_many(self):
        scenario = self.folder / "changed.yaml"
        text = (LIBRARY_FOLDER / "tunnel.yaml").read_text()
        scenario.write_text(re.sub(r"(?s)  must:.*", "", text))
        verdict = self.judge(scenario, "", self.record(scenario)[""])
        self.assertEqual(verdict.returncode, 1)
        self.assertIn("fires and must not", verdict.stdout)

    def test_the_same_seed_writes_the_same_recording(self):
        scenario = LIBRARY_FOLDER / "bad-day.yaml"
        first = {vehicle: path.read_bytes() for vehicle, path in self.record(scenario).items()}
        self.assertEqual(first, {vehicle: path.read_bytes() for vehicle, path in self.record(scenario).items()})
        self.assertEqual(sorted(first), ["tanker-1", "tanker-2"])

    def test_a_receivers_log_and_a_buss_bring_the_same_alerts(self):
        for name, rules in (("pump-fails", "engine"), ("tunnel", "gnss")):
            scenario = LIBRARY_FOLDER / f"{name}.yaml"
            logs = [self.folder / f"{name}.nmea", self.folder / f"{name}.candump"]
            for log in logs:
                done = run(PROGRAMS / "fleet-sim", "record", "--scenario", scenario, "--out", log)
                self.assertEqual(done.returncode, 0, done.stderr)
            replay = run(PROGRAMS / "fleet-edge", "replay", *logs, "--rules", f"rules/examples/tanker/{rules}.yaml",
                         "--json")
            verdict = run(PROGRAMS / "fleet-sim", "judge", "--scenario", scenario, "--alerts", "-", stdin=replay.stdout)
            self.assertEqual(verdict.returncode, 0, verdict.stdout + replay.stderr)

    def test_each_scenario_stands_in_the_readme(self):
        page = (ROOT / "simulators" / "README.md").read_text()
        for scenario in LIBRARY:
            self.assertIn(f"| `{scenario.stem}` |", page)

    def test_a_mistake_is_told_with_its_place(self):
        scenario = self.folder / "wrong.yaml"
        scenario.write_text("about: Wrong\nvehicles: [{kind: tanker}]\nevents: [{event: explodes}]\n")
        done = run(PROGRAMS / "fleet-sim", "record", "--scenario", scenario, "--out", self.folder / "trip.csv")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"wrong\.yaml:3:\d+: error: there is no event 'explodes'")


class RunTest(RoadTest):
    """A scenario over MQTT, faster than the clock."""

    def sent(self, *pace):
        """What `fleet-sim run` prints, and the values that its ledger has, in the order sent."""
        self.road.mosquitto()
        simulator = self.road.simulate("--scenario", LIBRARY_FOLDER / "bad-day.yaml", *pace)
        self.assertEqual(simulator.wait(SECONDS), 0, simulator.log.read_text())
        lines = [json.loads(line) for line in self.road.ledger.read_text().splitlines()]
        self.assertIn("end", lines[-1])
        messages = [line for line in lines if isinstance(line, list)]
        self.assertEqual(lines[-1]["end"]["messages"], len(messages))
        return [json.loads(line) for line in simulator.stdout], messages

    def test_two_minutes_pass_in_four_seconds_and_a_harness_is_told_its_steps(self):
        steps, messages = self.sent("--speed", 30)
        self.assertEqual([(step["step"], step["change"], step["seconds"]) for step in steps],
                         [("roaming", "begins", 20), ("hub_down", "begins", 30), ("roaming", "ends", 40),
                          ("hub_down", "ends", 60), ("power_cut", "begins", 70), ("power_cut", "ends", 75)])
        self.assertEqual(steps[-1]["vehicle"], "tanker-2")
        # Two vehicles with four sensors, once a second; times are the plan's.
        self.assertEqual(len(messages), 120 * 2 * 4)
        self.assertAlmostEqual((messages[-1][1] - messages[0][1]) / 1e6, 120, delta=1)

    def test_as_fast_as_possible_brings_the_same_values(self):
        _, slower = self.sent("--speed", 60)
        _, fastest = self.sent("--as-fast-as-possible")
        self.assertEqual([message[2:] for message in slower], [message[2:] for message in fastest])


if __name__ == "__main__":
    unittest.main()
