"""`fleet-edge init` on a box of this test's own: its devices, by a folder in place of /; its questions, on a terminal."""

import contextlib
import os
import pathlib
import pty
import select
import shutil
import subprocess
import tempfile
import threading
import tty
import unittest

PROGRAM = pathlib.Path(os.environ["FLEET_EDGE_BIN"]) / "fleet-edge"
SECONDS = 40
SENTENCE = b"$GPGLL,5230.0000,N,01324.0000,E,120000.00,A,A*6A\r\n"


class InitTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fleet-edge-init-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.file = self.folder / "my.yaml"

    def box(self):
        """A root with a receiver that speaks, a port that doesn't, a CAN interface and a probe."""
        root = self.folder / "root"
        for name, kind in (("can0", "280"), ("eth0", "1")):
            (root / "sys/class/net" / name).mkdir(parents=True)
            (root / "sys/class/net" / name / "type").write_text(f"{kind}\n")
        (root / "sys/bus/w1/devices/28-0000075a5b2c").mkdir(parents=True)
        ports = root / "dev/serial/by-id"
        ports.mkdir(parents=True)
        self.port(ports / "usb-receiver", SENTENCE)
        self.port(ports / "usb-silent", b"")
        return root

    def port(self, path, text):
        master, slave = os.openpty()
        tty.setraw(slave)
        path.symlink_to(os.ttyname(slave))
        os.set_blocking(master, False)
        stop = threading.Event()

        def write():
            while not stop.wait(0.1):
                with contextlib.suppress(OSError):
                    os.write(master, text)

        writer = threading.Thread(target=write)
        writer.start()
        for undo in (lambda: os.close(master), lambda: os.close(slave), writer.join, stop.set):
            self.addCleanup(undo)

    def init(self, *options):
        return subprocess.run([PROGRAM, "init", "-o", self.file, *map(str, options)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=SECONDS, check=False)

    def test_it_writes_what_it_finds_and_checks_it(self):
        done = self.init("--hub", "hub:9092", "--vehicle", "tanker-17", "--yes", "--root", self.box())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        text = self.file.read_text()
        for part in ("usb-receiver", "baud: 9600", "interface: can0", "28-0000075a5b2c", "# - obd", "usb-silent",
                     "'tanker-17'", "'hub:9092'"):
            self.assertIn(part, text)
        self.assertNotIn("eth0", text)
        self.assertIn("no errors", done.stdout)

    def test_a_file_that_is_there_is_left_alone_unless_forced(self):
        self.file.write_text("mine\n")
        options = ("--hub", "hub:9092", "--driver", "can:can0")
        done = self.init(*options)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--force", done.stderr)
        self.assertEqual(self.file.read_text(), "mine\n")
        self.assertEqual(self.init(*options, "--force").returncode, 0)
        self.assertIn("can0", self.file.read_text())

    def test_without_a_terminal_the_hub_must_be_told(self):
        done = self.init("--driver", "can:can0")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--hub", done.stderr)

    def test_it_asks_on_a_terminal(self):
        root = self.box()
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(PROGRAM, [str(PROGRAM), "init", "-o", str(self.file), "--root", str(root)])
        answers = [(b"name [", b"cab-3\n"), (b"host:port [", b"hub.test:9093\n"), (b"usb-receiver", b"\n"),
                   (b"can0", b"n\n"), (b"28-0000075a5b2c", b"yes\n")]
        seen = b""
        while select.select([terminal], [], [], SECONDS)[0]:
            try:
                seen += os.read(terminal, 1024)
            except OSError:
                break  # it has ended
            if answers and answers[0][0] in seen.rpartition(b"\n")[2] and seen.endswith(b"]: "):
                os.write(terminal, answers.pop(0)[1])
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, seen)
        self.assertEqual(answers, [])
        text = self.file.read_text()
        self.assertIn("'cab-3'", text)
        self.assertIn("'hub.test:9093'", text)
        self.assertIn("usb-receiver", text)
        self.assertNotIn("interface: can0", text)


if __name__ == "__main__":
    unittest.main()
