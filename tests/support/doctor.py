"""What the tests of `fleet-edge doctor` share: broken set-ups, each with one thing wrong, that it must name."""

import contextlib
import functools
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import termios
import threading
import time
import tty
import unittest

PROGRAM = pathlib.Path(os.environ["FLEET_EDGE_BIN"]) / "fleet-edge"
SECONDS = 40  # for an examination, which is bounded by 30
CLOSED = "127.0.0.1:1"


def sentence():
    """Of a receiver that stands in Berlin, now."""
    now = time.time()
    body = time.strftime("GPRMC,%H%M%S", time.gmtime(now)) + f".{int(now * 10) % 10}0,A,5230.0000,N,01324.0000,E,10.0,"
    body += time.strftime("90.0,%d%m%y,,,A", time.gmtime(now))
    check = functools.reduce(lambda known, byte: known ^ byte, body.encode())
    return f"${body}*{check:02X}\r\n".encode()


def noise():
    """What a receiver's sentences are at another rate."""
    return bytes(range(128, 256)) + b"\n" + bytes(range(1, 9)) + b"\n"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Pty:
    """A serial port; what `speak` makes is written to it again and again, with pauses as a receiver's."""

    def __init__(self, speak=None):
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self.path = os.ttyname(slave)
        self._slave = slave  # closed before anybody looks: who has it open is busy with it
        self._speak = speak
        self._stop = threading.Event()
        self._writer = threading.Thread(target=self._write)

    def __enter__(self):
        os.set_blocking(self._master, False)
        self._writer.start()
        return self

    @property
    def speed(self):
        """As the one who reads has set it: a constant of termios."""
        return termios.tcgetattr(self._master)[4]

    def leave_to_others(self):
        os.close(self._slave)
        self._slave = None

    def _write(self):
        while self._speak and not self._stop.wait(0.4):
            with contextlib.suppress(OSError):
                os.write(self._master, self._speak())

    def __exit__(self, *_):
        self._stop.set()
        self._writer.join()
        os.close(self._master)
        if self._slave is not None:
            os.close(self._slave)


class TlsServer:
    """Shakes hands with a certificate, and hangs up."""

    def __init__(self, certificate):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                with contextlib.suppress(OSError):
                    self._context.wrap_socket(client, server_side=True).close()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


class DoctorTest(unittest.TestCase):
    """A configuration in a folder of its own, and what the doctor says to it."""

    known_wrong = {"clock_not_set", "disk_volatile"}  # on the machine of the test

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fleet-edge-doctor-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        self.config = self.folder / "my.yaml"

    def write(self, hub, *, drivers=(), outbox=None, extra="", **properties):
        kafka = {"bootstrap.servers": hub, **{name.replace("_", "."): str(value)
                                               for name, value in properties.items()}}
        self.config.write_text(
            f"vehicle: {{id: tanker-1}}\ndrivers: {json.dumps(list(drivers))}\n"
            f"outbox: {{directory: {outbox or self.folder / 'outbox'}, quota: 16MiB}}\n"
            f"http: {{listen: '127.0.0.1:{free_port()}'}}\n{extra}"
            f"uplink:\n  kafka: {json.dumps(kafka)}\n")

    def doctor(self, *options, user="root", environment=None):
        """Its exit code and its findings."""
        done = subprocess.run(
            [PROGRAM, "doctor", "-c", self.config, "--json", "--user", user, *map(str, options)],
            capture_output=True, text=True, timeout=SECONDS, check=False,
            env={**os.environ, **(environment or {})})
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(lines[-1]["type"], "summary", done.stderr)
        self.assertEqual(lines[-1]["exit_code"], done.returncode)
        self.assertEqual(done.stderr, "")
        for one in lines[:-1]:
            if one["result"] in ("error", "warning"):
                print(f"  {self.id().split('.test_')[-1]}: {one['result']} {one['title']}: {one['what']} "
                      f"[{one['id']}]\n    → {one['mend']}", flush=True)
        return done.returncode, lines[:-1]

    def assert_names(self, check, identifier, word, *options, what="", **arguments):
        """The one thing that is wrong, whatever the clock of this machine; its findings."""
        code, findings = self.doctor(*options, **arguments)
        wrong = [one for one in findings if one["result"] in ("error", "warning")
                 and one["id"] not in self.known_wrong and not one["what"].startswith("no drivers")]
        self.assertEqual({(one["check"], one["id"]) for one in wrong}, {(check, identifier)}, wrong)
        self.assertTrue([one for one in wrong if word in one["mend"] and what in one["what"]], wrong)
        self.assertEqual(code, 3 if any(one["result"] == "error" for one in findings) else 1)
        return findings

    def serial(self, speak=None):
        port = self.enterContext(Pty(speak))
        port.leave_to_others()
        return port.path

    def mosquitto(self, config=""):
        """The port of a broker that runs."""
        port = free_port()
        file = self.folder / "mosquitto.conf"
        file.write_text(f"listener {port} 127.0.0.1\n{config or 'allow_anonymous true'}\n"
                        + ("user root\n" if os.geteuid() == 0 else ""))
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        broker = subprocess.Popen([program, "-c", file], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(broker.stderr.close)
        self.addCleanup(broker.wait)
        self.addCleanup(broker.terminate)
        while "running" not in broker.stderr.readline():
            self.assertIsNone(broker.poll(), "mosquitto doesn't run")
        return port
