"""Lives of the outbox driver: how they are ended, and what must be true of them afterwards."""

import collections
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import unittest

from support.faults import PROGRAMS, SEED

DRIVER = PROGRAMS.parent / "tests" / "outbox_driver"
DURABLE_WITHIN_MS = 400
LANES = ("alert", "status", "telemetry")
SLACK_MS = 250  # for a machine that has others to serve
DRAIN_SECONDS = 60

Batch = collections.namedtuple("Batch", "lane epoch seq")
Gap = collections.namedtuple("Gap", "lane epoch first last reason records")
Verdict = collections.namedtuple("Verdict", "offered arrived lost younger announced salvage_lost")


class Life:
    """What one run of the driver said, and how it ended."""

    def __init__(self, stdout, code):
        self.code = code
        self.offered = {}  # by batch: time in µs, crc
        self.records = {}  # by batch that was offered
        self.committed = {}  # by batch: its records
        self.refused = []  # reasons of the commits that failed
        self.salvages = []  # batches saved, batches lost
        self.late = False  # the database could not be opened at the start
        self.books = None
        self.last = 0  # time of the last thing that it said
        for line in stdout.splitlines():
            self._read(line)

    @property
    def killed(self):
        return self.code < 0

    def _read(self, line):
        time, what, *rest = line.split(" ")
        self.last = max(self.last, int(time))
        if what == "offered":
            self.offered[_batch(rest)] = (int(time), rest[4])
            self.records[_batch(rest)] = int(rest[3])
        elif what == "committed":
            self.committed[_batch(rest)] = int(rest[3])
        elif what == "refused":
            self.refused.append(" ".join(rest))
            self.late |= "is not open" in self.refused[-1]
        elif what == "salvaged":
            self.salvages.append((int(rest[0]), int(rest[1])))
        elif what == "late":
            self.late = True
        elif what == "books":
            self.books = dict(zip(("accepted", "recovered", "acknowledged", "queued", "dropped", "residual"),
                                  map(int, rest)))


class Lives:
    """All lives on one outbox and one hub. `disk` is the outbox's folder, `home` that of the hub's file."""

    def __init__(self, home, disk=None, durable_within_ms=DURABLE_WITHIN_MS):
        self.home = pathlib.Path(home)
        self.home.mkdir(exist_ok=True)
        self.durable_within_ms = durable_within_ms
        self.disk = pathlib.Path(disk or self.home / "outbox")
        self.hub = self.home / "hub"
        self.lives = []

    def command(self, *options):
        return [str(DRIVER), "--directory", str(self.disk), "--hub", str(self.hub),
                "--durable-within-ms", str(self.durable_within_ms), *map(str, options)]

    def run(self, *options, under=(), seconds=DRAIN_SECONDS):
        """One life to its own end, or to that which `under` (a strace command) gives it."""
        done = subprocess.run([*map(str, under), *self.command(*options)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=seconds + 30, check=False)
        return self.add(done.stdout, done.returncode, done.stderr)

    def run_until(self, moment, *options, end=None):
        """One life that lasts `moment` seconds; `end(process)` ends it, by default a SIGKILL."""
        with subprocess.Popen(self.command(*options), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            try:
                stdout, stderr = process.communicate(timeout=moment)
            except subprocess.TimeoutExpired:
                (end or subprocess.Popen.kill)(process)
                stdout, stderr = process.communicate()
            return self.add(stdout, process.returncode, stderr)

    def drain(self, *options):
        """A life that makes nothing new and delivers what is left."""
        life = self.run("--seed", 0, *options)
        if life.code != 0:
            raise AssertionError(f"what is left is not delivered, exit code {life.code}: {life.stderr}")
        return life

    def arrived(self):
        """By batch, in the order of its first arrival: crc."""
        first = {}
        for line in self.hub.read_text().splitlines():
            fields = line.split(" ")
            if fields[0] != "gap":
                first.setdefault(_batch(fields), fields[4])
        return first

    def gaps(self):
        """What the hub was told it will not get."""
        lanes = {"fleet.alerts.v1": "alert", "fleet.status.v1": "status", "fleet.telemetry.v1": "telemetry"}
        for line in self.hub.read_text().splitlines():
            if line.startswith("gap "):
                _, topic, epoch, first, last, reason, records = line.split(" ")
                yield Gap(lanes[topic], int(epoch), int(first), int(last), reason, int(records))

    def announced(self):
        """The batches of gaps()."""
        return {Batch(gap.lane, gap.epoch, seq) for gap in self.gaps() for seq in range(gap.first, gap.last + 1)}

    def arrived_records(self):
        """In all that came, repeated ones too."""
        lines = map(str.split, self.hub.read_text().splitlines())
        return sum(int(fields[3]) for fields in lines if fields[0] in LANES)

    def committed_records(self):
        return sum(self._committed().values())

    def missing_records(self):
        """Of committed batches that did not arrive."""
        arrived = self.arrived()
        return sum(count for batch, count in self._committed().items() if batch not in arrived)

    def _committed(self):
        """Records by batch."""
        return {batch: count for life in self.lives for batch, count in life.committed.items()}

    def verify(self):
        """Holds the hub against all that was said. AssertionError when a promise is broken."""
        arrived, announced = self.arrived(), self.announced()
        committed = set().union(*(life.committed for life in self.lives))
        lost, younger, offered = [], 0, 0
        for life in self.lives:
            offered += len(life.offered)
            for batch, (time, crc) in life.offered.items():
                if batch in arrived:
                    assert arrived[batch] == crc, f"altered: {batch}"
                elif batch in announced:
                    pass
                elif batch in committed or not life.killed:
                    lost.append(batch)
                elif life.last - time > (self.durable_within_ms + SLACK_MS) * 1000:
                    lost.append(batch)
                else:
                    younger += 1
            assert not life.books or life.books["residual"] == 0, f"the books don't match: {life.books}"
        self._check_order(arrived)
        salvage_lost = sum(lost for life in self.lives for _, lost in life.salvages)
        return Verdict(offered, len(arrived), lost, younger, len(announced), salvage_lost)

    def _check_order(self, arrived):
        """A start whose database opens late has sent its own batches before those of earlier starts."""
        late = any(life.late for life in self.lives)
        newest = {}
        for batch in arrived:
            lane = (batch.lane, batch.epoch) if late else batch.lane
            assert newest.get(lane, (0, 0)) < (batch.epoch, batch.seq), f"out of order: {batch}"
            newest[lane] = (batch.epoch, batch.seq)

    def add(self, stdout, code, stderr):
        """Takes note of a life that has ended."""
        # Through strace a death by signal is 128 + its number, or strace dies by the same.
        life = Life(stdout, -signal.SIGKILL if code == 128 + signal.SIGKILL else code)
        life.stderr = stderr
        self.lives.append(life)
        return life


class LivesTest(unittest.TestCase):
    """A test of lives in a folder of its own, which is kept when it fails."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fleet-edge-faults-"))
        self.random = random.Random(SEED)
        self.addCleanup(self._clean)

    def _clean(self):
        outcome = self._outcome.result
        if any(test is self for test, _ in outcome.failures + outcome.errors):
            print(f"{self.id()}: SEED={SEED}; outbox and hub are in {self.folder}", flush=True)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def assert_nothing_lost(self, verdict):
        self.assertEqual(verdict.lost, [], f"{len(verdict.lost)} lost")


def _batch(fields):
    return Batch(fields[0], int(fields[1]), int(fields[2]))
