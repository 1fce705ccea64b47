"""What the unit allows in memory and CPU, taken by a program in the agent's place that knows no measure."""

import re
import sys
import time

from support import box, control_groups
from support.control_groups import ControlGroups

IN_ITS_PLACE = "[Service]\nType=exec\nWatchdogSec=0\nExecStart=\nExecStart=/bin/sh -c '{}'\n"


class LimitsTest(box.BoxTest):
    def setUp(self):
        self.groups = self.enterContext(ControlGroups())
        self.machine_command = self.groups.command
        super().setUp()
        self.groups.open_in(self.machine)
        self.install()

    def group(self, controller, file):
        return self.machine.path(f"/sys/fs/cgroup/{controller}/system.slice/fleet-edge.service/{file}").read_text()

    def test_who_takes_more_memory_than_the_unit_allows_is_ended_and_started_again(self):
        self.assertEqual(int(self.property("MemoryMax")), 128 << 20)
        self.drop_in(IN_ITS_PLACE.format("exec tail /dev/zero"))
        self.systemctl("start", "fleet-edge")
        self.journal.await_entry("Main process exited, code=killed, status=9/KILL")  # by nobody but the kernel
        self.journal.await_entry("Scheduled restart job")

    def test_who_takes_more_cpu_than_the_unit_allows_is_held_back(self):
        self.assertEqual(self.property("CPUQuotaPerSecUSec"), "750ms")
        # On a busy machine nobody gets so much: a twentieth is to be had anywhere.
        self.drop_in(IN_ITS_PLACE.format("while :; do :; done") + "CPUQuota=5%\n")
        self.systemctl("start", "fleet-edge")
        deadline = time.monotonic() + box.SECONDS
        throttled = 0
        while throttled < 10 and time.monotonic() < deadline:  # periods of 100 ms
            throttled = int(re.search(r"nr_throttled (\d+)", self.group("cpu", "cpu.stat"))[1])
        self.assertGreaterEqual(throttled, 10)
        self.assertEqual(int(self.group("cpu", "cpu.cfs_quota_us")), 5_000)

    def test_the_agent_on_a_trip_stays_far_below(self):
        self.surroundings()
        self.start()
        self.await_session()
        self.assertEqual(self.trip(10).wait(box.SECONDS), 0)
        peak = int(self.group("memory", "memory.max_usage_in_bytes"))
        self.assertLess(peak, 64 << 20)
        self.assertEqual(int(self.group("memory", "memory.failcnt")), 0)


if __name__ == "__main__":
    if why := control_groups.missing():
        print(f"not run: {why}", file=sys.stderr)
        sys.exit(box.SKIPPED)
    box.main()
