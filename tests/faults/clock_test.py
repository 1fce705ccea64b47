"""The wall clock is wrong, steps, or was never set; the clock since boot is right. Nothing expires, the ledger holds."""

import struct
import tempfile
import time

from support import faults
from support.kafka import Kafka
from support.road_test import PROGRAMS
from trips import TripTest
from demo.road import Road

LIBRARY = PROGRAMS.parent / "tests" / "wall_clock.so"
STEPS = "fleet_edge_clock_steps_total"
TEN_YEARS = 10 * 365 * 24 * 3600


class WallClockRoad(Road):
    """The agent's wall clock is off by what is in a file; all others have the right time."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._offset = self.folder / "wall-clock"

    def set_clock(self, seconds):
        """How far off the agent's clock is from now on. Written in place: it has the file mapped."""
        with open(self._offset, "r+b" if self._offset.exists() else "wb", buffering=0) as file:
            file.write(struct.pack("q", int(seconds * 1e6)))

    def _start(self, name, command):
        if name.startswith("fleet-edge"):
            command = ["env", f"LD_PRELOAD={LIBRARY}", f"WALL_CLOCK={self._offset}", *command]
        return super()._start(name, command)


class ClockTest(TripTest):
    def begin(self, offset, seconds):
        self.road = WallClockRoad(PROGRAMS, self.enterContext(tempfile.TemporaryDirectory()), self.processes)
        self.road.set_clock(offset)
        kafka = self.enterContext(Kafka())  # a real one refuses what comes from the future
        self.leave(kafka.address, kafka.address, seconds)

    def test_the_clock_was_never_set_then_is_and_steps(self):
        self.begin(-int(time.time()), 8)  # 1970
        for steps, offset in enumerate((0, TEN_YEARS, -TEN_YEARS, 0), 1):
            self.messages(40)
            self.road.set_clock(offset)
            self.status(lambda status, steps=steps: status["counters"][STEPS] == steps)
        self.messages(40)
        self.verdict("clock at 1970, then set, then steps of ten years")
        self.assertIn("refuses a request", self.agent.log.read_text())  # and nothing was dropped

    if faults.FULL:

        def test_the_clock_is_ten_years_off_at_the_start(self):
            for name, start in (("back", -TEN_YEARS), ("ahead", TEN_YEARS)):
                self.begin(start, 20)
                self.messages(300)
                self.road.set_clock(0)
                self.verdict(f"clock ten years {name} at the start, then set")
                self.status(lambda status: status["counters"][STEPS] > 0)
                self.agent.terminate()


if __name__ == "__main__":
    faults.main()
