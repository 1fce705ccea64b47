"""docs/replay.md runs as it stands."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from support.page import commands, write_files

FLEET_EDGE = (pathlib.Path(os.environ["FLEET_EDGE_BIN"]) / "fleet-edge").resolve()
PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "replay.md"
SECONDS = 60


class ReplayPageTest(unittest.TestCase):
    def test_each_command_prints_what_the_page_shows(self):
        page = PAGE.read_text()
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="fleet-edge-e2e-")))
        write_files(page, folder)
        shown = commands(page)
        self.assertGreaterEqual(len(shown), 4)
        for command, expected in shown:
            with self.subTest(command):
                done = subprocess.run([FLEET_EDGE, *command], cwd=folder, capture_output=True, text=True,
                                      timeout=SECONDS)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stdout + done.stderr, expected)


if __name__ == "__main__":
    unittest.main()
