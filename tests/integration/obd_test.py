"""The driver obd against ELM327-emulator, on a pseudo-terminal and over TCP; unplugged, and plugged in again."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

from support.file_watch import wait_for_file

FLEET_EDGE = (pathlib.Path(os.environ.get("FLEET_EDGE_BIN", ".")) / "fleet-edge").resolve()
SECONDS = 60
CONFIG = """
vehicle: {{id: car-1}}
uplink: {{kafka: {{bootstrap.servers: "127.0.0.1:{hub}"}}}}
outbox: {{directory: outbox, durable_within: 500ms}}
drivers:
  - obd: {{{source}}}
http: {{listen: ""}}
status: {{file: status.json}}
"""


def emulate(port, device):
    """An adapter and its vehicle, as stdin names it, line by line, until its end: on TCP when there is a port, else on a
    pseudo-terminal that the link `device` leads to."""
    from elm import Elm

    os.chdir(os.path.dirname(device))  # it leaves a log where it is
    adapter = Elm(net_port=port, net_interface="127.0.0.1" if port else None)
    # Before its thread asks for the terminal, too: of two who ask at once one gets none.
    terminal = None if port else adapter.get_pty()
    with adapter:
        if terminal:
            os.symlink(terminal, device)
        for scenario in sys.stdin:
            adapter.set_sorted_obd_msg(scenario.strip())
    os._exit(0)  # its threads wait for a client


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def speed(question):
    """The emulated vehicle's speed at the nth time that it is asked: a ramp up to 120 km/h and down, in steps of 4."""
    return 4 * abs(30 - (question + 30) % 60)


def rpm(question):
    return (2400 + 80 * abs(200 - (question + 200) % 400)) / 4


class ObdTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="fleet-edge-obd-")))
        self.device = self.folder / "ttyUSB0"
        self.adapter = None
        self.addCleanup(self.unplug)

    def plug_in(self, port=None, scenario="default"):
        self.adapter = subprocess.Popen(
            [sys.executable, pathlib.Path(__file__).resolve(), "emulate", str(port or ""), self.device],
            cwd=self.folder,  # it keeps a log there
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
        self.drive(scenario)

    def drive(self, scenario):
        self.adapter.stdin.write(scenario + "\n")
        self.adapter.stdin.flush()

    def unplug(self):
        if self.adapter:
            self.adapter.kill()
            self.adapter.wait()
            self.adapter.stdin.close()
        self.device.unlink(missing_ok=True)

    def start(self, source):
        (self.folder / "fleet-edge.yaml").write_text(CONFIG.format(hub=free_port(), source=source))
        log = (self.folder / "log").open("w")
        self.addCleanup(log.close)
        agent = subprocess.Popen([FLEET_EDGE, "run", "-c", "fleet-edge.yaml"], cwd=self.folder, stdout=log,
                                 stderr=log)
        self.addCleanup(agent.wait)
        self.addCleanup(agent.kill)

    def values(self, signal, quality="good"):
        """All that the outbox holds, in order."""
        done = subprocess.run([FLEET_EDGE, "outbox", "export", "--dir", "outbox"], cwd=self.folder,
                              capture_output=True, text=True)
        readings = [json.loads(line) for line in done.stdout.splitlines()]
        return [reading["value"] for reading in readings
                if reading.get("signal") == signal and reading["quality"] == quality]

    def await_values(self, signal, number):
        def enough(_):
            found = self.values(signal)
            return found if len(found) >= number else None

        return self.await_log(enough)

    def check_values(self, source, port=None):
        self.plug_in(port)
        self.start(source)
        speeds = self.await_values("vehicle_speed_kmh", 5)
        self.assertEqual(speeds, [speed(n) for n in range(1, len(speeds) + 1)])
        rpms = self.values("engine_rpm")
        self.assertEqual(rpms, [rpm(n) for n in range(1, len(rpms) + 1)])
        self.assertEqual(set(self.values("engine_coolant_celsius")), {0x7B - 40})
        self.assertEqual(set(self.values("ambient_celsius")), {0x43 - 40})
        self.assertEqual(set(self.values("battery_volts")), {14.81})  # 39D6: 14.806 V
        before = len(self.values("vehicle_speed_kmh"))
        self.unplug()
        self.await_log(lambda log: "Trying again" in log)
        self.plug_in(port)
        speeds = self.await_values("vehicle_speed_kmh", before + 5)
        self.assertEqual(speeds[-3:], [speed(speeds[-3] // 4 + n) for n in range(3)])

    def await_log(self, condition):
        """Looks each second, when the agent replaces its status file."""
        return wait_for_file(self.folder / "log", condition, SECONDS)

    def test_an_adapter_on_a_serial_port(self):
        self.check_values(f"device: {self.device}")

    def test_a_vehicle_that_sleeps_and_wakes(self):
        port = free_port()
        self.plug_in(port, "engineoff")
        self.start(f"address: 127.0.0.1:{port}, asleep_every: 5s")
        self.await_log(lambda log: "the vehicle does not answer (" in log)
        self.drive("default")
        self.await_log(lambda log: "the vehicle answers: unit 7E8 has " in log)
        self.assertEqual(set(self.await_values("engine_coolant_celsius", 2)), {0x7B - 40})
        self.drive("engineoff")
        self.await_log(lambda log: log.count("the vehicle does not answer (") == 2)

    def test_an_adapter_on_tcp(self):
        port = free_port()
        self.check_values(f"address: 127.0.0.1:{port}", port)


if __name__ == "__main__":
    if sys.argv[1:2] == ["emulate"]:
        emulate(int(sys.argv[2]) if sys.argv[2] else None, sys.argv[3])
    unittest.main()
