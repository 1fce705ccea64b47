"""The whole agent is killed, frozen, or short of memory: the ledger holds, and it goes on."""

import pathlib
import signal

from support import faults
from support.memory_limit import MemoryLimit
from support.road_test import PROGRAMS
from trips import ProxyTripTest
from demo.road import Road

DURABLE_WITHIN = 2  # seconds, as configured
MEMORY_MIB = 32


class LimitedRoad(Road):
    """The agent has so much memory and no more."""

    limit = None

    def _start(self, name, command):
        if name.startswith("fleet-edge"):
            command = [*self.limit.command, *command]
        return super()._start(name, command)


class AgentTest(ProxyTripTest):
    def test_the_agent_is_killed_at_random_moments_with_the_link_up_and_down(self):
        count = faults.runs(5, 100)
        self.begin(10 * count)
        kills = 0
        while kills < count and self.simulator.running:
            self.link(up=self.random.random() < 0.5)
            # 40 a second, so that most of these lives have something that is older than durable_within.
            if self.messages(self.random.randrange(40 * 3 * DURABLE_WITHIN)):
                self.kill()
                self.back()
                kills += 1
        self.assertEqual(kills, count)
        self.link(up=True)
        self.simulator.terminate()
        self.verdict("SIGKILL of the agent, link up and down", count)

    def test_the_agent_is_frozen(self):
        seconds = 60 if faults.FULL else 4
        self.begin(seconds + 8)
        self.messages(40)
        self.agent.signal(signal.SIGSTOP)
        self.messages(40 * seconds)
        self.agent.signal(signal.SIGCONT)
        report = self.verdict(f"agent frozen (SIGSTOP) for {seconds} s")
        # Its broker has kept what came meanwhile.
        self.assertEqual(report["readings"]["unpromised"], 0)


@faults.needs_root
class MemoryTest(ProxyTripTest):
    def setUp(self):
        try:
            self.limit = self.enterContext(MemoryLimit(MEMORY_MIB << 20))  # goes when its programs are gone
        except OSError as error:
            self.skipTest(f"no memory cgroup can be made: {error}")
        super().setUp()
        self.road = LimitedRoad(PROGRAMS, self.folder, self.processes)
        self.road.limit = self.limit

    def test_the_agent_is_short_of_memory_while_the_hub_is_away(self):
        seconds = 60 if faults.FULL else 8
        self.begin(seconds + 4, hz=250)
        self.link(up=False)
        self.outage(1_000 * (seconds - 2))
        self.link(up=True)
        self.verdict(f"{MEMORY_MIB} MiB for the agent, 1000 messages/s, hub away", note=f", RSS {self.peak_mib():.0f} MiB")
        self.assertEqual(self.limit.kills, 0)
        self.assertLess(self.peak_mib(), MEMORY_MIB)

    def peak_mib(self):
        """The most memory that the agent has had as its own."""
        lines = pathlib.Path(f"/proc/{self.agent.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    faults.main()
