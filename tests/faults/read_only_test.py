"""The outbox's disk can't be written for a while: the agent says so, keeps what its memory holds, counts the rest, and goes on by itself."""

import json
import random
import signal
import subprocess

from support import faults
from support.file_watch import wait_for_file
from support.road_test import PROGRAMS, RoadTest

SECONDS = 60
MEMORY = 1 << 20  # bytes, as configured
CONFIG = """vehicle: {{id: tanker-1}}
drivers: [{{replay: {{path: {folder}/drive.csv, speed: {speed}}}}}]
outbox: {{directory: {disk}/outbox, quota: 64MiB, memory: 1MiB}}
status: {{file: {folder}/status.json}}
uplink: {{kafka: {{bootstrap.servers: "{hub}"}}}}
"""


class ReadOnlyTest(RoadTest):
    """With a hub that answers nothing until the end, so that all that comes must be kept."""

    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        self.hub, self.address = self.road.hub()
        self.hub.signal(signal.SIGSTOP)

    def start(self, rows, apart, speed):
        """An agent that reads three values a row, which nothing can compress; rows are `apart` seconds."""
        value = random.Random(1).random
        lines = (f"{row * apart:.6f},{400 * value():.2f},{400 * value():.2f},{8000 * value():.2f}\n" for row in range(rows))
        (self.folder / "drive.csv").write_text("time,vehicle_speed_kmh,gnss_speed_kmh,engine_rpm\n" + "".join(lines))
        config = self.folder / "fleet-edge.yaml"
        config.write_text(CONFIG.format(folder=self.folder, disk=self.disk, speed=speed, hub=self.address))
        self.agent = self.road.run_agent(config)

    def wait_for(self, condition):
        """The status for which `condition` holds."""
        found = []

        def holds(text):
            found[:] = [json.loads(text)] if text else []
            return found and condition(found[0])
        wait_for_file(self.folder / "status.json", holds, SECONDS)
        return found[0]

    def failing(self, status):
        return [one for one in status["health"]["problems"] if one["id"] == "disk_failing"]

    def assert_it_is_told_and_bounded(self, why):
        """And what has no room is counted."""
        status = self.wait_for(lambda status: self.failing(status) and status["records"]["dropped_by"].get("telemetry.memory_full"))
        problem = self.failing(status)[0]
        self.assertEqual(problem["severity"], "critical")
        self.assertIn(why, problem["what"])
        self.assertIn("mount it writable", problem["mend"])
        self.assertLessEqual(status["outbox"]["memory_bytes"], MEMORY)
        self.assertEqual(status["records"]["residual"], 0)
        self.agent.expect(r"health: disk_failing: .*Mend: ", SECONDS)
        return status

    def screen(self):
        """Of `fleet-edge status`, and its exit code."""
        done = subprocess.run([PROGRAMS / "fleet-edge", "status", "--dir", self.disk / "outbox"], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.stdout, done.returncode

    def assert_it_recovers(self, fault):
        status = self.wait_for(lambda status: not self.failing(status)
                               and 0 < status["outbox"]["committed_records"] == status["outbox"]["records"])
        self.assertEqual(status["outbox"]["error"], "")
        self.agent.expect("health: disk_failing is over after", SECONDS)
        self.hub.signal(signal.SIGCONT)
        books = self.wait_for(lambda status: status["records"]["queued"] == 0)["records"]
        self.assertGreater(books["acknowledged"], 0)
        self.assertEqual(books["accepted"] + books["recovered"], books["acknowledged"] + books["dropped"])
        self.assertEqual(set(books["dropped_by"]), {"telemetry.memory_full"})
        faults.report(fault, 1)

    def fresh_box(self):
        """An agent whose outbox was never there."""
        (self.folder / "fresh.yaml").write_text((self.folder / "fleet-edge.yaml").read_text().replace("/outbox,", "/,"))
        return subprocess.run([PROGRAMS / "fleet-edge", "run", "-c", self.folder / "fresh.yaml"], capture_output=True, text=True,
                              timeout=SECONDS)

    @faults.needs_root
    def test_the_disk_is_mounted_read_only_at_the_start_and_writable_later(self):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", self.disk], check=True)
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.disk], check=True)
        self.start(rows=100, apart=1e-5, speed="max")  # what an earlier life has left
        self.wait_for(lambda status: status["records"]["accepted"] >= 300)
        self.assertEqual(self.agent.terminate(), 0)
        subprocess.run(["mount", "-o", "remount,ro", self.disk], check=True)
        fresh = self.fresh_box()
        self.assertIn("Read-only file system. Mount its disk writable", fresh.stderr)
        self.start(rows=300_000, apart=1e-5, speed="max")
        self.assert_it_is_told_and_bounded("its disk is mounted read-only")
        screen, code = self.screen()
        self.assertEqual(code, 4)
        self.assertRegex(screen, r"^NO ANSWER  the disk of .* is mounted read-only.*\n  mend: mount it writable")
        subprocess.run(["mount", "-o", "remount,rw", self.disk], check=True)
        self.assert_it_recovers("disk read-only from the start on, then writable")
        self.agent.expect("this agent can be asked now", SECONDS)
        self.assertIn("tanker-1", self.screen()[0])

    @faults.needs("strace")
    def test_the_disk_becomes_read_only_under_the_agent_and_writable_again(self):
        """The kernel refuses to remount what is open for writing, so its calls are answered as it would."""
        self.start(rows=300_000, apart=1e-4, speed=1)
        self.wait_for(lambda status: status["outbox"]["committed_records"] > 0)
        database = self.disk / "outbox" / "outbox.db"
        calls = "pwrite64,fdatasync,ftruncate"
        strace = subprocess.Popen(["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(self.agent.pid), "-P", database,
                                   "-P", f"{database}-wal", "-e", f"trace={calls}", "-e", f"inject={calls}:error=EROFS"])
        self.addCleanup(strace.wait)
        self.addCleanup(strace.terminate)
        before = self.assert_it_is_told_and_bounded("disk I/O error")
        screen, code = self.screen()
        self.assertEqual(code, 3)
        self.assertRegex(screen, r"\nCRITICAL  disk_failing ")
        strace.terminate()  # it lets go of the agent
        strace.wait()
        self.assertGreater(before["outbox"]["committed_records"], 0, "what was on disk stays there")
        self.assert_it_recovers("disk read-only under the agent for a while")


if __name__ == "__main__":
    faults.main()
