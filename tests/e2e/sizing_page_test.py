"""The figures of docs/sizing.md are what its programs print: some rows are measured again."""

import re
import subprocess
import unittest

from support import ROOT
from support.guide import blocks
from support.road_test import PROGRAMS

PAGE = (ROOT / "docs" / "sizing.md").read_text()
TRIAL = PROGRAMS.resolve().parent / "bench" / "sizing_trial"
ROWS = [("5", "1", "60"), ("20", "0.1", "60"), ("20", "1", "10"), ("100", "0.1", "60")]  # quick ones
SECONDS = 120


def figures(text, row):
    """Bytes a reading, link, flash."""
    found = re.search(r"^\| {} \| {} Hz \| {} s \| (\S+) \| (\S+) \| (\S+) \|$".format(*row), text, re.MULTILINE)
    return [float(figure) for figure in found.groups()]


class SizingPageTest(unittest.TestCase):
    def test_rows_of_the_table_are_measured_again(self):
        for row in ROWS:
            with self.subTest(row):
                done = subprocess.run([TRIAL, *row], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
                                      timeout=SECONDS)
                for shown, measured in zip(figures(PAGE, row), figures(done.stdout, row), strict=True):
                    self.assertAlmostEqual(measured, shown, delta=max(0.03 * shown, 0.011))

    def test_each_command_is_one_that_make_bench_runs(self):
        run = (ROOT / "tests" / "bench" / "run").read_text()
        commands = [block.text.split()[0] for block in blocks("sizing.md") if block.kind == "sh bench"]
        self.assertEqual(len(commands), 3)
        for command in commands:
            self.assertIn(command.rsplit("/", 1)[1], run)


if __name__ == "__main__":
    unittest.main()
