"""Calls to the disk fail one by one: nothing is lost, and the agent goes on by itself."""

import shutil

from lives import Lives, LivesTest
from support import faults

CYCLE = ("--batches", 30, "--pace-ms", 2, "--link", "flapping", "--seed", 7)
CALLS = {
    "EIO": ("pwrite64", "fdatasync", "ftruncate", "pread64"),
    "ENOSPC": ("pwrite64", "fdatasync"),
    "EROFS": ("pwrite64", "ftruncate"),
}


class DiskErrorTest(LivesTest):
    def broken(self, name, call, error, when):
        """A life whose calls fail so, and a drain."""
        lives = Lives(self.folder / name, durable_within_ms=20)
        # The outbox's own files alone: others are not its disk.
        lives.run("--batches", 3, "--link", "down", "--seed", 1)
        life = lives.run(*CYCLE, under=[
            "strace", "-f", "-qq", "--seccomp-bpf", "-o", lives.home / "strace", "-P", lives.disk / "outbox.db",
            "-P", lives.disk / "outbox.db-wal", "-e", f"trace={call}",
            "-e", f"inject={call}:error={error}:when={when}"])
        hit = "INJECTED" in (lives.home / "strace").read_text()
        self.assertEqual(life.code, 0, f"{name}: {life.stderr}")
        lives.drain()
        self.assert_nothing_lost(lives.verify())
        shutil.rmtree(lives.home)
        return hit

    @faults.needs("strace")
    def test_each_call_fails_once(self):
        for error, calls in CALLS.items():
            count = 0
            for call in calls:
                step = 1 if faults.FULL else 6
                at = self.random.randrange(step) + 1
                while self.broken(f"{error}-{call}-{at}", call, error, at):
                    at += step
                    count += 1
            faults.report(f"{error} at each {', '.join(calls)}", count)

    @faults.needs("strace")
    def test_the_disk_fails_for_a_while(self):
        for error, calls in CALLS.items():
            count = faults.runs(4, 40)
            for number in range(count):
                at = self.random.randrange(1, 30)
                self.broken(f"{error}-{number}", self.random.choice(calls[:2]), error,
                            f"{at}..{at + self.random.randrange(2, 20)}")
            faults.report(f"{error} for a while", count)


if __name__ == "__main__":
    faults.main()
