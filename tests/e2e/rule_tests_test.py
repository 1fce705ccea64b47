"""`fleet-edge test` and Debian's promtool agree about test files: what is right, and what isn't."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support.page import commands, write_files
from support.promtool import find_promtool

FLEET_EDGE = (pathlib.Path(os.environ["FLEET_EDGE_BIN"]) / "fleet-edge").resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "rules" / "testing" / "data"
PROMTOOL = find_promtool()
SECONDS = 60

# One wrong expectation of each kind: file, what is right, what is wrong instead.
PLANTED = [
    ("alert's label", "alerts", "severity: critical, bank: left", "severity: critical, bank: right"),
    ("alert's annotation", "alerts", "Coolant at 110 °C", "Coolant at 111 °C"),
    ("alert too many", "alerts", "{eval_time: 3m, alertname: CoolantSilent, exp_alerts: []}",
     "{eval_time: 3m, alertname: CoolantSilent, exp_alerts: [{}]}"),
    ("alert too few", "alerts", "- exp_labels: {zone: \"1\", of: cargo}", "[]"),
    ("alert's time", "alerts", "eval_time: 4m30s", "eval_time: 3m59s"),
    ("alert's template", "templates", "hot: 45.0 °C", "hot: 45 °C"),
    ("alert's external label", "templates", "vehicle: tanker-1,", "vehicle: tanker-2,"),
    ("state of ALERTS", "alerts", 'alertstate="pending"', 'alertstate="firing"'),
    ("sample's value", "notation", "labels: c\n            value: 1", "labels: c\n            value: 1.0000000000000002"),
    ("sample's name", "notation", "{labels: a, value: 8}", "{labels: b, value: 8}"),
    ("sample's label", "notation", 'labels: b{zone="1"}\n', 'labels: b{zone="3"}\n'),
    ("sample too many", "notation", "eval_time: 2m\n        exp_samples:\n",
     "eval_time: 2m\n        exp_samples: [{labels: ended, value: 1}]\n"),
    ("sample too few", "notation", "exp_samples: [{labels: odd, value: -3}]", "exp_samples: []"),
    ("sample's infinity", "notation", "value: -.inf", "value: .inf"),
    ("input series", "notation", "0+10x5", "0+11x5"),
    ("order of groups", "order", "[maker, reader]", "[reader, maker]"),
]


def run(*command):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=SECONDS)


class Files(unittest.TestCase):
    def ours(self, *arguments):
        return run(FLEET_EDGE, "test", *arguments)

    def assert_ours(self, code, *arguments):
        done = self.ours(*arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def assert_promtool(self, code, *files):
        done = run(PROMTOOL, "test", "rules", *files)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)

    def copy_of_data(self):
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="fleet-edge-e2e-")))
        return pathlib.Path(shutil.copytree(DATA, folder / "data"))


@unittest.skipUnless(PROMTOOL, "promtool is missing: scripts/setup_promtool fetches it")
class CommonTest(Files):
    """The common subset: files without keys of ours, where Prometheus 2 and 3 agree."""

    def test_both_pass_what_is_right(self):
        files = sorted(DATA.glob("common/*.yaml"))
        self.assertGreater(len(files), 3)
        self.assert_ours(0, *files)
        self.assert_promtool(0, *files)

    def test_both_find_every_kind_of_wrong_expectation(self):
        for what, name, right, wrong in PLANTED:
            with self.subTest(what):
                file = self.copy_of_data() / "common" / f"{name}.yaml"
                text = file.read_text()
                self.assertIn(right, text)
                file.write_text(text.replace(right, wrong, 1))
                done = self.assert_ours(1, file)
                self.assertRegex(done.stdout, r"(?m)^FAILED .*\n  \S+:\d+:\d+: .*\n(      .*\n)*    [-+] ")
                self.assert_promtool(1, file)


class OursTest(Files):
    """What promtool 2.42 has not."""

    def test_ours_pass(self):
        self.assert_ours(0, *sorted(DATA.glob("ours/*.yaml")))

    def test_wrong_notifications_are_found(self):
        for right, wrong in [("at: 30s, state: resolved", "at: 40s, state: resolved"),
                             ("at: 70s, state: firing", "at: 70s, state: resolved"),
                             ("receiver: driver, exp_notifications: []", "receiver: fleet, exp_notifications: []"),
                             ("          - {at: 100s, state: resolved}\n", ""),
                             ("{at: 10s, state: firing}", "{at: 10s, state: firing, exp_labels: {a: b}}")]:
            with self.subTest(wrong):
                file = self.copy_of_data() / "ours" / "notified.yaml"
                text = file.read_text()
                self.assertEqual(text.count(right), 1)
                file.write_text(text.replace(right, wrong))
                self.assertRegex(self.assert_ours(1, file).stdout, r"notified.yaml:\d+:\d+: notification ")

    def test_a_recording_that_is_missing_fails_its_test(self):
        data = self.copy_of_data()
        (data / "drive.csv").unlink()
        self.assertRegex(self.assert_ours(1, data / "ours" / "recorded.yaml").stdout, r"input .*drive\.csv")


class CommandTest(Files):
    """What people type and see."""

    def wrong(self):
        file = self.copy_of_data() / "common" / "order.yaml"
        file.write_text(file.read_text().replace("value: 40", "value: 41"))
        return file

    def test_run_takes_the_tests_whose_name_matches(self):
        out = self.assert_ours(0, DATA / "common" / "alerts.yaml", "--run", "silent$|^rec").stdout
        self.assertEqual(re.findall(r"(?m)^ok +\S+: (.*) \(\d+ ms\)$", out), ["goes silent", "recorded series"])
        self.assertIn("2 tests passed", out)
        self.assert_ours(2, DATA / "common" / "alerts.yaml", "--run", "(")

    def test_color_is_for_terminals_and_who_asks_for_it(self):
        self.assertNotIn("\x1b", self.assert_ours(1, self.wrong()).stdout)
        self.assertIn("\x1b[31mFAILED", self.assert_ours(1, self.wrong(), "--color", "always").stdout)
        self.assert_ours(2, self.wrong(), "--color", "sometimes")

    def test_an_object_a_line_for_programs(self):
        file = self.wrong()
        out = self.assert_ours(1, file, DATA / "common" / "alerts.yaml", "no.yaml", "--json").stdout
        objects = [json.loads(line) for line in out.splitlines()]
        mismatch = objects[0]
        self.assertEqual(mismatch, {
            "type": "mismatch", "file": str(file), "line": 12, "column": 15, "test": "made, then seen",
            "kind": "expression", "subject": "seen", "at": "1m", "expected": ["seen 41"], "got": ["seen 40"]})
        self.assertEqual([each["ok"] for each in objects if each["type"] == "test"], [False] + [True] * 4)
        self.assertEqual([each["severity"] for each in objects if each["type"] == "finding"], ["warning", "error"])
        self.assertEqual(objects[-1], {"type": "summary", "passed": 4, "failed": 1, "unusable_files": 1})

    def test_what_is_wrong_with_a_file_is_told_with_its_place(self):
        data = self.copy_of_data()
        test = data / "common" / "order.yaml"
        test.write_text(test.read_text().replace("interval: 1m\n    input", "intervall: 1m\n    input"))
        self.assertRegex(self.assert_ours(1, test).stderr,
                         r"order.yaml:8:5: error: unknown key 'intervall'\. Did you mean 'interval'\?")
        rules = data / "rules" / "templates.yaml"
        rules.write_text(rules.read_text().replace("cargo_celsius >", "cargo_celsius >>"))
        self.assertRegex(self.assert_ours(1, data / "common" / "templates.yaml").stderr,
                         r"rules/templates.yaml:5:\d+: error: ")


class PageTest(Files):
    """docs/rule-tests.md runs as it stands."""

    def test_the_example(self):
        page = (ROOT / "docs" / "rule-tests.md").read_text()
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="fleet-edge-e2e-")))
        write_files(page, folder)
        right = (folder / "overheat.test.yaml").read_text()
        (folder / "wrong.test.yaml").write_text(right.replace("Coolant at 109", "Coolant at 110"))
        shown = commands(page)
        self.assertEqual(len(shown), 2)
        for command, expected in shown:
            done = subprocess.run([FLEET_EDGE, *command], cwd=folder, capture_output=True, text=True,
                                  timeout=SECONDS)
            self.assertEqual(re.sub(r"\(\d+ ms\)", "(0 ms)", done.stdout), expected)


if __name__ == "__main__":
    unittest.main()
