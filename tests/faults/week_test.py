"""A box is offline for a week, and then drained: whole, or with a quota that is too small, whose gaps are announced.

The outbox is the real one; its clock is cranked, and its disk is memory, where there is such a one: a week's commits
would take their time.
"""

import os
import shutil
import tempfile

from lives import Lives, LivesTest
from support import faults

WEEK_MS = 7 * 24 * 3600 * 1000
# As who saves data sends: a batch each ten seconds, or each minute.
PACE_MS = 10_000 if faults.FULL else 60_000
SIZE = 2_400  # of the largest batch, in bytes
SECONDS = 600


MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None


class WeekTest(LivesTest):
    def setUp(self):
        super().setUp()
        self.disk = tempfile.mkdtemp(prefix="fleet-edge-faults-", dir=MEMORY)
        self.addCleanup(shutil.rmtree, self.disk)

    def week(self, quota_mib):
        """A life of a week without a hub, drained at its end."""
        lives = Lives(self.folder, self.disk, durable_within_ms=2_000)
        life = lives.run("--batches", WEEK_MS // PACE_MS, "--pace-ms", PACE_MS, "--hand-clock", "--link", "away",
                         "--size", SIZE, "--alert-every", 100, "--quota-kib", quota_mib << 10, seconds=SECONDS)
        self.assertEqual(life.code, 0, life.stderr)
        self.assert_nothing_lost(lives.verify())
        self.assertEqual(life.books["queued"], 0)
        return lives, life

    def test_within_quota_all_of_it_arrives(self):
        lives, life = self.week(512)
        self.assertEqual(set(lives.arrived()), set(life.offered))
        self.assertEqual(list(lives.gaps()), [])
        self.assertEqual(life.books["dropped"], 0)
        faults.report("a week offline, within quota", 1, result=f"{len(life.offered)} batches arrived, no gap")

    def test_what_a_small_quota_drops_is_announced_exactly(self):
        lives, life = self.week(24 if faults.FULL else 4)
        missing = life.offered.keys() - lives.arrived().keys()
        self.assertGreater(len(missing), len(life.offered) // 4)
        self.assertEqual(lives.announced(), missing)
        # The oldest telemetry has gone that was not on its way to the hub, and nothing else has.
        self.assertEqual({batch.lane for batch in missing}, {"telemetry"})
        self.assertEqual(max(batch.seq for batch in missing) - min(batch.seq for batch in missing) + 1, len(missing))
        self.assertEqual({gap.reason for gap in lives.gaps()}, {"quota"})
        records = sum(life.records[batch] for batch in missing)
        self.assertEqual(sum(gap.records for gap in lives.gaps()), records)
        self.assertEqual(life.books["dropped"], records)
        faults.report("a week offline, with a small quota", 1,
                      result=f"{len(missing)} of {len(life.offered)} batches dropped, each announced")


if __name__ == "__main__":
    faults.main()
