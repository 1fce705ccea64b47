"""The outbox is killed: at random moments, and at each call that changes a file."""

import unittest

from lives import Lives, LivesTest
from support import faults

# The driver's calls that change files. strace counts each by itself.
CALLS = ("pwrite64", "fdatasync", "unlink", "ftruncate")
# Some commits with the hub away and back, checkpoint and end included.
CYCLE = ("--batches", 40, "--pace-ms", 2, "--link", "flapping", "--seed", 7)


def strace(folder, *rules):
    return ["strace", "-f", "-qq", "-o", folder / "strace", *rules]


class KillTest(LivesTest):
    def test_killed_at_random_moments_with_the_hub_up_and_down(self):
        lives, count = Lives(self.folder), faults.runs(20, 200)
        for number in range(1, count + 1):
            link = self.random.choice(["up", "down", "flapping", "flapping"])
            lives.run_until(self.random.uniform(0.02, 1.2), "--batches", 100_000, "--pace-ms", 2,
                            "--link", link, "--seed", number)
        lives.drain()
        verdict = lives.verify()
        faults.report("SIGKILL at random moments", count, len(verdict.lost), verdict.younger)
        self.assert_nothing_lost(verdict)
        self.assertEqual(sum(life.killed for life in lives.lives), count)

    @faults.needs("strace")
    def test_killed_at_every_call_of_a_cycle(self):
        count, lost, younger = 0, 0, 0
        for call in CALLS:
            step = 1 if faults.FULL or call != "pwrite64" else 4
            at, killed = self.random.randrange(step) + 1 - step, True
            while killed:
                at += step
                lives = Lives(self.folder / f"{call}-{at}", durable_within_ms=20)
                life = lives.run(*CYCLE, under=strace(
                    lives.home, "-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={at}"))
                killed = life.killed
                lives.drain()
                verdict = lives.verify()
                self.assert_nothing_lost(verdict)
                count, younger = count + killed, younger + verdict.younger
        faults.report(f"SIGKILL at each {', '.join(CALLS)} of a cycle", count, lost, younger)


if __name__ == "__main__":
    faults.main()
