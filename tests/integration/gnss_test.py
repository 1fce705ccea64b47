"""The drivers `gpsd` and `nmea` beside a real gpsd, all on pseudo-terminals that play what real receivers have said."""

import csv
import functools
import itertools
import json
import operator
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import tempfile
import threading
import time
import tty
import unittest

BIN = pathlib.Path(os.environ["FLEET_EDGE_BIN"])
LOGS = pathlib.Path(__file__).resolve().parent.parent / "data" / "gnss"
GPSD = next((path for path in ("/usr/sbin/gpsd", "/usr/local/sbin/gpsd") if os.path.exists(path)), None)
PATIENCE = 60  # seconds for what takes a few at most
PACE = 0.05  # seconds between two moments of a log

# A signal: gpsd's field, the column of its .chk, the unit's factor, and how far our value may be from it: gpsd prints 9, 4 and 3 decimals.
VALUES = {
    "latitude_deg": ("lat", "latitude_deg", 1, 1e-9),
    "longitude_deg": ("lon", "longitude_deg", 1, 1e-9),
    "altitude_m": ("altMSL", "altitude_m", 1, 1e-4),
    "heading_deg": ("track", "heading_deg", 1, 1e-4),
    "gnss_speed_kmh": ("speed", "speed_mps", 3.6, 3.6 * 0.00051),
}
LOST = ["$GPRMC,,V,,,,,,,,,,N*53", "$GPGGA,,,,,,0,,,,,,,,*66"]

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sentence(body):
    return f"${body}*{functools.reduce(operator.xor, body.encode()):02X}"


def drive():
    """One moment a second, without an end."""
    for second in itertools.count():
        clock = time.strftime("%H%M%S", time.gmtime(second))
        yield [sentence(f"GPGGA,{clock},4800.0,N,01200.0,E,1,09,0.9,350,M,,M,,"),
               sentence(f"GPRMC,{clock},A,4800.0,N,01200.0,E,10,90,211126,,,A")]


FIXES = drive()


class Receiver:
    """A GNSS receiver on a pseudo-terminal, behind a symbolic link as udev makes them."""

    def __init__(self, port):
        self.port = port
        self.plug()

    def plug(self):
        self.ours, self.theirs = os.openpty()
        tty.setraw(self.theirs)
        os.set_blocking(self.ours, False)
        os.fchmod(self.theirs, 0o666)  # gpsd gives up its rights once it has started
        self.port.unlink(missing_ok=True)
        self.port.symlink_to(os.ttyname(self.theirs))

    def unplug(self):
        self.port.unlink(missing_ok=True)
        os.close(self.theirs)
        os.close(self.ours)

    def say(self, sentences):
        try:
            os.read(self.ours, 4096)  # what gpsd asks a receiver
        except OSError:
            pass
        try:
            os.write(self.ours, "".join(sentence + "\r\n" for sentence in sentences).encode())
        except BlockingIOError:
            pass  # nobody listens


class Lines:
    """The lines of a process or a socket, as they come."""

    def __init__(self, file):
        self.file = file
        self.lines = []
        self.grown = threading.Condition()
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self):
        try:
            for line in self.file:
                with self.grown:
                    self.lines.append(line.strip())
                    self.grown.notify_all()
        except OSError:
            pass

    def expect(self, what, begin=0):
        """The place behind the first line from `begin` on of which `what` is true."""
        deadline = time.monotonic() + PATIENCE
        with self.grown:
            while True:
                for place, line in enumerate(self.lines[begin:], begin + 1):
                    if what(line):
                        return place
                left = deadline - time.monotonic()
                if left <= 0 or not self.grown.wait(left):
                    raise AssertionError("not said: " + "\n".join(self.lines[-20:]))

    def count(self):
        with self.grown:
            return len(self.lines)


class Driver(Lines):
    """driver_readings of one kind of driver; its lines are readings."""

    def __init__(self, kind, options):
        self.process = subprocess.Popen([BIN.parent / "tests/driver_readings", json.dumps({kind: options})], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        super().__init__(self.process.stdout)
        self.log = Lines(self.process.stderr)

    def values(self, signal_name):
        """The good ones, in order."""
        found = (re.fullmatch(rf"{signal_name} (\S+) good", line) for line in self.lines)
        return [float(match[1]) for match in found if match]

    def stop(self):
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        took = time.monotonic() - begin
        for lines in (self, self.log):
            lines.thread.join(PATIENCE)
            lines.file.close()
        return took


class Gpsd:
    """gpsd on these devices, with a client that keeps what it says."""

    def __init__(self, port, *devices, control=None):
        self.port = port
        self.control = control
        more = ["-F", control] if control else []
        # -b: asks nothing of the receivers, -s and -f: doesn't hunt for their rate.
        self.process = subprocess.Popen(
            [GPSD, "-N", "-n", "-b", "-s", "9600", "-f", "8N1", "-S", str(port), *more, *devices],
            stderr=subprocess.DEVNULL)
        self.socket = self._connect()
        self.socket.sendall(b'?WATCH={"enable":true,"json":true};\n')
        self.said = Lines(self.socket.makefile(encoding="utf-8"))
        self.said.expect(lambda line: '"WATCH"' in line)

    def _connect(self):
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), PATIENCE)
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
                self.process.poll()

    def add(self, device):
        """What `gpsdctl add` does, and udev with it when a receiver is plugged in."""
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(PATIENCE)
            control.connect(str(self.control))
            control.sendall(f"+{device}\r\n".encode())
            answer = control.recv(64)
        assert answer.startswith(b"OK"), answer

    def wake(self):
        """gpsd 3.22 sleeps until a device or a client speaks, and looks after a terminal that has hung up at some of these times alone."""
        self.socket.sendall(b"?DEVICES;\n")

    def fixes(self):
        """The last TPV of each time that has a fix, in order."""
        moments = {}
        for line in self.said.lines:
            message = json.loads(line)
            if message["class"] == "TPV" and message["mode"] >= 2 and "time" in message:
                moments[message["time"]] = message
        return list(moments.values())

    def kill(self):
        """Does nothing the second time."""
        if self.process.returncode is not None:
            return
        self.process.kill()
        self.process.wait()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.said.thread.join(PATIENCE)
        self.said.file.close()
        self.socket.close()


def moments(name):
    """A log's sentences, as they belong together: gaps lie before the sentence that tells a new time."""
    text = (LOGS / f"{name}.log").read_text(encoding="latin-1").replace("\r", "\n")
    sentences = [line for line in text.split("\n") if line.startswith("$")]

    def clock():
        last = ""
        for sentence in sentences:
            told = re.match(r"\$..(?:RMC|GGA|GNS),([\d.]+)", sentence)
            last = told[1] if told else last
            yield last, sentence
    return [[sentence for _, sentence in group]
            for _, group in itertools.groupby(clock(), key=lambda pair: pair[0])]


@unittest.skipUnless(GPSD, "no gpsd here: scripts/setup test installs it")
class GnssTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def receiver(self, name):
        receiver = Receiver(self.folder / name)
        self.addCleanup(receiver.unplug)
        return receiver

    def gpsd(self, *devices, port=None, control=None):
        gpsd = Gpsd(port or free_port(), *devices, control=control)
        self.addCleanup(gpsd.kill)
        return gpsd

    def driver(self, kind, options):
        driver = Driver(kind, options)
        self.addCleanup(lambda: driver.process.poll() is None and driver.stop())
        return driver

    def compare(self, name, count):
        """Our values of a log through gpsd and without it, moment by moment, against gpsd's and its `.chk`."""
        ours, theirs = self.receiver("ours"), self.receiver("theirs")
        gpsd = self.gpsd(theirs.port)
        through_gpsd = self.driver("gpsd", {"address": f"127.0.0.1:{gpsd.port}"})
        alone = self.driver("nmea", {"device": str(ours.port)})
        pairs = ((through_gpsd, theirs), (alone, ours))
        for driver, receiver in pairs:
            self.say_until(driver, receiver, itertools.repeat(LOST), "gnss_fix 1 good")
        for sentences in moments(name):
            ours.say(sentences)
            theirs.say(sentences)
            select.select([], [], [], PACE)
        for driver, receiver in pairs:
            self.say_until(driver, receiver, itertools.repeat(LOST), "gnss_fix 1 good")
        fixes = gpsd.fixes()
        self.assertEqual(len(fixes), count)
        with open(LOGS / f"{name}.tpv.csv", encoding="ascii") as file:
            known = list(csv.DictReader(file))
        self.assertEqual(len(known), count)
        for signal_name, (field, column, scale, near) in VALUES.items():
            told = [fix[field] * scale for fix in fixes if field in fix]
            chk = [float(row[column]) * scale for row in known if row[column]]
            self.assert_near(f"{name}: {signal_name} through gpsd", through_gpsd.values(signal_name), told, 1e-9)
            self.assert_near(f"{name}: {signal_name} alone", alone.values(signal_name), told, near)
            self.assert_near(f"{name}: {signal_name} of the .chk", alone.values(signal_name), chk, near)

    def assert_near(self, what, ours, theirs, near):
        apart = [f"{place}: {our}, not {their}" for place, (our, their) in enumerate(zip(ours, theirs))
                 if abs(our - their) > near]
        self.assertEqual(apart, [], what)
        self.assertEqual(len(ours), len(theirs), what)

    def test_a_log_with_a_status_that_contradicts_its_mode(self):
        self.compare("haicom-305N", 67)

    def test_a_log_of_a_receiver_with_rtk(self):
        self.compare("nmea-fuzzy-cases", 14)

    def test_a_log_with_the_time_before_the_first_fix(self):
        self.compare("quectel-eg25-g", 23)

    def test_a_log_with_two_talkers_a_moment(self):
        self.compare("telit-pls83-w", 10)

    def test_gpsd_is_killed_and_comes_back(self):
        receiver = self.receiver("theirs")
        gpsd = self.gpsd(receiver.port)
        driver = self.driver("gpsd", {"address": f"127.0.0.1:{gpsd.port}", "stale_after": "2s"})
        read = self.read(driver, receiver)
        gpsd.kill()
        driver.expect(lambda line: line == "latitude_deg 48 stale", read)
        self.gpsd(receiver.port, port=gpsd.port)
        self.read(driver, receiver)
        self.assertLess(driver.stop(), 1)

    def test_gpsd_loses_its_receiver_and_is_given_it_again(self):
        os.chmod(self.folder, 0o755)
        receiver = self.receiver("theirs")
        gpsd = self.gpsd(receiver.port, control=self.folder / "control")
        driver = self.driver("gpsd", {"address": f"127.0.0.1:{gpsd.port}", "stale_after": "2s"})
        read = self.read(driver, receiver)
        receiver.unplug()
        driver.expect(lambda line: line == "latitude_deg 48 stale", read)
        deadline = time.monotonic() + PATIENCE
        while not any("gpsd has no device" in line for line in driver.log.lines):
            self.assertLess(time.monotonic(), deadline, "\n".join(driver.log.lines))
            gpsd.wake()
            select.select([], [], [], 0.1)
        receiver.plug()
        gpsd.add(receiver.port)
        self.read(driver, receiver)

    def test_a_receiver_is_unplugged_and_comes_back_as_another_terminal(self):
        receiver = self.receiver("ours")
        driver = self.driver("nmea", {"device": str(receiver.port), "stale_after": "2s"})
        read = self.read(driver, receiver)
        receiver.unplug()
        driver.expect(lambda line: line == "latitude_deg 48 stale", read)
        receiver.plug()
        self.read(driver, receiver)
        self.assertLess(driver.stop(), 1)

    def read(self, driver, receiver):
        """Has the receiver speak until the driver reads it; the place behind that reading."""
        return self.say_until(driver, receiver, FIXES, "latitude_deg 48 good")

    def say_until(self, driver, receiver, what, line):
        begin = driver.count()
        deadline = time.monotonic() + PATIENCE
        while line not in driver.lines[begin:]:
            self.assertLess(time.monotonic(), deadline, "\n".join(driver.log.lines))
            receiver.say(next(what))
            select.select([], [], [], 0.3)
        return driver.expect(lambda said: said == line, begin)


if __name__ == "__main__":
    unittest.main()
