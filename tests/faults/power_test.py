"""The power is cut under an ext4 of the test's own; the disk is full, or read-only for a while."""

import subprocess
import unittest

from lives import Lives, LivesTest
from support import faults
from support.ext4 import Ext4


@faults.needs_root
@faults.needs("losetup", "mkfs.ext4")
class PowerTest(LivesTest):
    def setUp(self):
        super().setUp()
        self.disk = self.enterContext(Ext4(self.folder, 64))
        self.lives = Lives(self.folder / "home", self.disk.path / "outbox")

    def test_the_power_is_cut_at_random_moments(self):
        def cut(process):
            self.disk.cut_power()
            process.kill()

        count = faults.runs(12, 100)
        for number in range(1, count + 1):
            link = self.random.choice(["down", "flapping", "flapping"])
            life = self.lives.run_until(self.random.uniform(0.02, 1.0), "--batches", 100_000, "--pace-ms", 2,
                                        "--link", link, "--seed", number, end=cut)
            # Cut at its very start, it can't take the directory and says so.
            self.assertTrue(life.killed or not life.offered, life.stderr)
            self.disk.unmount()
            self.disk.mount()
        self.lives.drain()
        verdict = self.lives.verify()
        faults.report("power cut on ext4", count, len(verdict.lost), verdict.younger)
        self.assert_nothing_lost(verdict)
        self.assertFalse(any(life.salvages for life in self.lives.lives))

    def in_mid_stream(self, act, undo=None):
        """Once a batch is committed `act` is done, and undone when commits have failed. The life."""
        command = self.lives.command("--batches", 1_000, "--pace-ms", 2, "--link", "flapping", "--seed", 1,
                                     "--size", 300)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            stdout, refused = "", 0
            for line in process.stdout:
                stdout += line
                if act and " committed " in line:
                    act()
                    act = None
                refused += " refused " in line
                if undo and refused == 25:
                    undo()
                    undo = None
            life = self.lives.add(stdout, process.wait(), process.stderr.read())
        self.assertGreater(refused, 0)
        self.assertEqual(life.code, 0, life.stderr)
        return life

    def test_somebody_else_fills_the_disk(self):
        filler = []
        life = self.in_mid_stream(lambda: filler.append(self.disk.fill()), lambda: filler[0].unlink())
        verdict = self.lives.verify()
        self.assert_nothing_lost(verdict)
        self.assertEqual(life.books["residual"], 0)
        # To SQLite a full disk and a full quota are one error; only for the quota batches are dropped.
        self.assertTrue(all("full" in reason for reason in life.refused), life.refused)
        self.assertEqual(life.books["dropped"], 0)
        faults.report("disk filled by somebody else", 1, len(verdict.lost))

    def test_the_kernel_remounts_the_disk_read_only(self):
        life = self.in_mid_stream(self.disk.meet_error)
        self.assertIn("can't commit", life.stderr)
        self.disk.unmount()
        self.disk.mount()
        self.lives.drain()
        verdict = self.lives.verify()
        self.assert_nothing_lost(verdict)
        faults.report("the kernel remounts the disk read-only", 1, len(verdict.lost))

    def test_the_start_is_on_a_full_disk(self):
        self.lives.run("--batches", 100, "--link", "down")
        filler = self.disk.fill()
        life = self.lives.run("--batches", 200, "--link", "up", "--seed", 2)
        self.assertEqual(life.code, 0, life.stderr)
        filler.unlink()
        self.lives.drain()
        self.assert_nothing_lost(self.lives.verify())
        faults.report("start on a full disk", 1)

    def test_the_start_is_on_a_read_only_disk(self):
        self.lives.run("--batches", 100, "--link", "down")
        self.disk.read_only(True)
        life = self.lives.run("--batches", 100, "--link", "up", "--seed", 2)
        self.assertEqual(life.code, 0, life.stderr)
        self.disk.read_only(False)
        self.lives.drain()
        self.assert_nothing_lost(self.lives.verify())
        faults.report("start on a read-only disk", 1)


if __name__ == "__main__":
    faults.main()
