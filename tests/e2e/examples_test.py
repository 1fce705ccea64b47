"""Every rule file and every recipe that ships passes its tests, ours and promtool's where it is plain Prometheus."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support import ROOT
from support.promtool import find_promtool
from support.road_test import PROGRAMS

FLEET_EDGE = PROGRAMS / "fleet-edge"
PROMTOOL = find_promtool()
EXAMPLES = ROOT / "rules" / "examples"
RECIPES = ROOT / "docs" / "recipes.md"


def run(*command, folder=ROOT):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def recipes():
    """Name, whether it is plain Prometheus, rules and test of each."""
    for section in re.split(r"(?m)^## ", RECIPES.read_text())[1:]:
        rules, test = re.findall(r"(?s)```yaml\n(.*?)```", section)
        yield section.splitlines()[0], "*Plain Prometheus.*" in section, rules, test


class ExamplesTest(unittest.TestCase):
    def assert_green(self, *command, folder=ROOT):
        code, text = run(*command, folder=folder)
        self.assertEqual(code, 0, text)
        return text

    def test_all_tests_pass(self):
        tests = sorted(EXAMPLES.glob("*/tests/*.yaml"))
        self.assertGreater(len(tests), 10)
        self.assert_green(FLEET_EDGE, "test", *tests, ROOT / "simulators/demo/tests/rules.yaml")

    @unittest.skipUnless(PROMTOOL, "promtool is missing: scripts/setup_promtool fetches it")
    def test_plain_ones_pass_under_promtool(self):
        self.assert_green(PROMTOOL, "test", "rules", *sorted(EXAMPLES.glob("*/tests/common*.yaml")))

    def test_each_set_is_free_of_findings(self):
        for folder in sorted(EXAMPLES.iterdir()):
            with self.subTest(folder.name):
                text = self.assert_green(FLEET_EDGE, "check", "--rules", *sorted(folder.glob("*.yaml")))
                self.assertNotIn("warning", text)

    def test_each_rule_file_has_a_test_file_that_names_each_of_its_rules(self):
        for rules in sorted(EXAMPLES.glob("*/*.yaml")):
            test = (rules.parent / "tests" / rules.name).read_text()
            for name in re.findall(r"(?m)^ +- (?:alert|record): (\S+)$", rules.read_text()):
                with self.subTest(f"{rules.parent.name}/{rules.name}: {name}"):
                    self.assertIn(name, test)

    def test_each_rule_stands_in_the_readme_of_its_set(self):
        for rules in sorted(EXAMPLES.glob("*/*.yaml")):
            page = (rules.parent / "README.md").read_text()
            for name in re.findall(r"(?m)^ +- alert: (\S+)$", rules.read_text()):
                with self.subTest(name):
                    self.assertIn(f"| {name} |", page)

    def test_a_changed_expectation_is_red(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "tanker"
            shutil.copytree(EXAMPLES / "tanker", copy)
            test = copy / "tests" / "common-cargo.yaml"
            test.write_text(test.read_text().replace("value: 30", "value: 31"))
            self.assertEqual(run(FLEET_EDGE, "test", test)[0], 1)
            if PROMTOOL:
                self.assertEqual(run(PROMTOOL, "test", "rules", test)[0], 1)

    def test_the_recipes_run_as_they_stand(self):
        for name, plain, rules, test in recipes():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                (pathlib.Path(folder) / "rules.yaml").write_text(rules)
                (pathlib.Path(folder) / "test.yaml").write_text(test)
                self.assert_green(FLEET_EDGE, "test", "test.yaml", folder=folder)
                if plain and PROMTOOL:
                    self.assert_green(PROMTOOL, "test", "rules", "test.yaml", folder=folder)


if __name__ == "__main__":
    unittest.main()
