"""Each scenario of the library: recorded, replayed through the rules it names, and judged by what it expects."""

import pathlib
import re
import subprocess
import tempfile
import unittest

from support import ROOT
from support.road_test import PROGRAMS

LIBRARY = sorted((ROOT / "simulators" / "scenarios").glob("*.yaml"))


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
        text = (ROOT / "simulators/scenarios/pump-fails.yaml").read_text()
        scenario.write_text(text.replace("event: pump_fails, at: 40m", "event: tunnel, at: 59m"))
        verdict = self.judge(scenario, "", self.record(scenario)[""])
        self.assertEqual(verdict.returncode, 1)
        self.assertIn("EngineHot must fire and does not", verdict.stdout)

    def test_an_expectation_taken_out_makes_its_alert_one_too_many(self):
        scenario = self.folder / "changed.yaml"
        text = (ROOT / "simulators/scenarios/tunnel.yaml").read_text()
        scenario.write_text(re.sub(r"(?s)  must:.*", "", text))
        verdict = self.judge(scenario, "", self.record(scenario)[""])
        self.assertEqual(verdict.returncode, 1)
        self.assertIn("fires and must not", verdict.stdout)

    def test_the_same_seed_writes_the_same_recording(self):
        scenario = ROOT / "simulators/scenarios/bad-day.yaml"
        first = {vehicle: path.read_bytes() for vehicle, path in self.record(scenario).items()}
        self.assertEqual(first, {vehicle: path.read_bytes() for vehicle, path in self.record(scenario).items()})
        self.assertEqual(sorted(first), ["tanker-1", "tanker-2"])

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


if __name__ == "__main__":
    unittest.main()
