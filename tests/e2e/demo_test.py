"""The demo itself, as `make demo | cat` shows it."""

import os
import signal
import unittest

from support import ROOT
from support.road_test import PROGRAMS, RoadTest
from demo.process import Process

SECONDS = 60


class DemoTest(RoadTest):
    def demo(self, *options):
        demo = Process("demo", ["python3", ROOT / "simulators/demo.py", "--build", PROGRAMS.parent,
                                "--keep", self.folder / "trip", *options], self.folder)
        self.processes.append(demo)
        return demo

    def test_a_trip_in_a_pipe_ends_with_a_table_of_zeros(self):
        demo = self.demo()
        code = demo.wait(SECONDS)
        text = demo.log.read_text()
        self.assertEqual(code, 0, text)
        for name in ("lost", "duplicated", "altered", "missing", "too many", "out of order"):
            self.assertRegex(text, rf"\n  {name} +0  ok\n")
        self.assertRegex(text, "hub down")
        self.assertNotIn("\x1b", text)

    def test_ctrl_c_ends_the_demo_and_all_that_it_started(self):
        demo = self.demo()
        demo.expect("hub up", SECONDS)
        children = self.children(demo.pid)
        self.assertGreaterEqual(len(children), 5)
        demo.signal(signal.SIGINT)
        self.assertEqual(demo.wait(SECONDS), 128 + signal.SIGINT)
        self.assertEqual([pid for pid in children if os.path.exists(f"/proc/{pid}")], [])

    def test_programs_that_are_not_built_are_named_with_the_mend(self):
        demo = self.demo("--build", self.folder)
        self.assertEqual(demo.wait(SECONDS), 1)
        demo.expect("fleet-edge, fleet-sim, fleet-hub", 0)
        demo.expect("make build", 0)

    @staticmethod
    def children(pid):
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
            return [int(child) for child in children.read().split()]


if __name__ == "__main__":
    unittest.main()
