"""`make soak MINUTES=n`: one long trip through all faults at random, the ledger all along, and what the agent takes.

Each fault ends before the next one begins, so that a table can tell them apart. SEED=n repeats their order.
"""

import collections
import os
import pathlib
import signal
import time

from support import faults
from support.ext4 import Ext4
from support.kafka import Kafka
from support.proxy import Proxy
from clock_test import WallClockRoad
from support.road_test import PROGRAMS
from trips import ProxyTripTest

MINUTES = float(os.environ.get("MINUTES", "60"))
MIB = 1 << 20
# What the defaults promise: memory for 4 MiB of batches beside the program itself, a journal of some 4 MiB.
BOUNDS = {"RSS, MiB": 64, "file descriptors": 64, "threads": 24, "database, MiB": 48, "journal, MiB": 8}


@faults.needs_root
@faults.needs("losetup", "mkfs.ext4")
class Soak(ProxyTripTest):
    def setUp(self):
        self.disk = self.enterContext(Ext4(self.folder, 64))  # goes when its programs are gone
        super().setUp()
        self.done = collections.Counter()
        self.worst = collections.Counter()
        self.road = WallClockRoad(PROGRAMS, self.folder, self.processes)
        self.road.set_clock(0)
        (self.disk.path / "outbox").mkdir()
        os.sync()
        (self.folder / "tanker-1").mkdir()
        (self.folder / "tanker-1" / "outbox").symlink_to(self.disk.path / "outbox")
        self.proxy = self.enterContext(Proxy())
        self.kafka = self.enterContext(Kafka(proxy=self.proxy.port))
        self.link(up=True)
        self.addCleanup(self.table)

    def test_soak(self):
        print(f"soak: {MINUTES:g} minutes, SEED={faults.SEED}, in {self.folder}", flush=True)
        self.leave(self.proxy.address, self.kafka.address, int(MINUTES * 60))
        ways = [self.kill_agent, self.stop_agent, self.freeze_agent, self.cut_power, self.lose_disk, self.fill_disk,
                self.kill_broker, self.freeze_broker, self.throttle, self.cut_link, self.swallow,
                self.reset_connections, self.lose_answers, self.step_clock]
        end = time.monotonic() + MINUTES * 60 - 10
        round_of = []
        while time.monotonic() < end and self.simulator.running:
            # All of them in each round, each time in another order.
            round_of = round_of or self.random.sample(ways, len(ways))
            way = round_of.pop()
            way()
            self.done[way.__name__.replace("_", " ")] += 1
            self.status(lambda status: status["hub"]["link"] == "up" and status["records"]["queued"] < 200, 60)
            self.messages(self.random.randrange(20, 200))
        self.verdict("soak", sum(self.done.values()))

    def messages(self, count):
        arrived = super().messages(count)
        self.measure()
        return arrived

    def some_messages(self):
        self.messages(self.random.randrange(20, 400))

    def kill_agent(self):
        self.kill()
        self.back()

    def stop_agent(self):
        self.assertEqual(self.agent.terminate(), 0)
        (self.config.parent / "status.json").unlink()
        self.agent = self.road.agent(self.config)

    def freeze_agent(self):
        self.agent.signal(signal.SIGSTOP)
        self.some_messages()
        (self.config.parent / "status.json").unlink()
        self.agent.signal(signal.SIGCONT)
        # What was sent meanwhile is accepted only now, and verify knows when it was sent alone: until it is promised,
        # no other fault.
        self.status(lambda status: status["hub"]["link"] == "up")
        self.messages(120)

    def cut_power(self):
        self.disk.cut_power()
        self.replace_disk()

    def lose_disk(self):
        """It is read-only until the power is off and on again; the hub is there."""
        self.disk.meet_error()
        self.some_messages()
        self.replace_disk()

    def replace_disk(self):
        self.kill()
        self.disk.unmount()
        self.disk.mount()
        self.back()

    def kill_broker(self):
        self.kafka.kill()
        self.some_messages()
        self.kafka.start()

    def freeze_broker(self):
        self.kafka.pause()
        self.some_messages()
        self.kafka.resume()

    def throttle(self):
        self.kafka.configure("clients", "fleet-edge", producer_byte_rate=400)
        self.some_messages()
        self.kafka.configure("clients", "fleet-edge", producer_byte_rate=1 << 40)

    def cut_link(self):
        self.link(up=False)
        self.some_messages()
        self.link(up=True)

    def swallow(self):
        self.proxy.swallow(True)
        self.some_messages()
        self.proxy.swallow(False)

    def reset_connections(self):
        for _ in range(10):
            self.proxy.reset()
            self.messages(10)

    def lose_answers(self):
        for _ in range(5):
            self.proxy.cut_after(self.random.randrange(2_500))
            self.proxy.wait_for_cut(5)
        self.proxy.cut_after(1 << 40)

    def step_clock(self):
        self.road.set_clock(self.random.choice([-1, 1]) * self.random.randrange(10 * 365 * 24 * 3600))
        self.some_messages()
        self.road.set_clock(0)

    def fill_disk(self):
        self.link(up=False)
        filler = self.disk.fill()
        self.some_messages()
        filler.unlink()
        self.link(up=True)

    def measure(self):
        """Also in the middle of a fault."""
        process = pathlib.Path(f"/proc/{self.agent.pid}")
        fields = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        journal = self.disk.path / "outbox" / "outbox.db-wal"
        now = {"RSS, MiB": int(fields["VmHWM"].split()[0]) >> 10, "threads": int(fields["Threads"]),
               "file descriptors": len(list((process / "fd").iterdir())),
               "database, MiB": round((self.disk.path / "outbox" / "outbox.db").stat().st_size / MIB, 1),
               "journal, MiB": round(journal.stat().st_size / MIB, 1) if journal.exists() else 0}
        for name, value in now.items():
            self.worst[name] = max(self.worst[name], value)
            self.assertLessEqual(value, BOUNDS[name], name)

    def table(self):
        print("\n  fault                     times")
        for name, times in sorted(self.done.items()):
            print(f"  {name:<24}{times:>7}")
        print("\n  of the agent             most  bound")
        for name, bound in BOUNDS.items():
            print(f"  {name:<24}{self.worst[name]:>5}{bound:>7}")


if __name__ == "__main__":
    faults.main()
