"""A booted Debian with the agent as its service, a broker, a hub, and the vehicle simulated: what the system tests share."""

import json
import os
import pathlib
import re
import shutil
import signal
import string
import sys
import tempfile
import unittest

from demo.process import Process, Processes
from demo.road import MOSQUITTO
from support.machine import Machine, missing

PROGRAMS = pathlib.Path(os.environ["FLEET_EDGE_BIN"])
SOURCE = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77  # the exit code that ctest counts as not run
SECONDS = 30  # for anything that comes sooner when all is well
BROKER_PORT = 1883
CONFIGURATION = "/etc/fleet-edge/fleet-edge.yaml"
RULES = "/etc/fleet-edge/rules.yaml"
VEHICLE = "tanker-1"


class Journal(Process):
    """Follows the box's journal; each entry is a dictionary."""

    def __init__(self, machine, folder):
        super().__init__("journal", machine.command("journalctl", "--follow", "--lines=all", "--output=json"), folder)

    def entries(self, since=0):
        return [json.loads(line) for line in self.lines[since:] if line.startswith("{")]

    def await_entry(self, pattern, since=0, seconds=SECONDS):
        """The first entry from line number `since` on whose text holds `pattern`."""
        search = re.compile(pattern).search
        return self.wait_for(
            lambda: next((entry for entry in self.entries(since) if search(str(entry.get("MESSAGE")))), None),
            seconds, f"line of the journal like '{pattern}'")


class BoxTest(unittest.TestCase):
    """A box of each test's own. Its folder is kept when the test fails."""

    machine_command = ()  # what starts it, see Machine

    def run(self, result=None):
        result = result or self.defaultTestResult()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fleet-edge-system-"))
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            print(f"{self.id()}: the box's console and journal are in {self.folder}", flush=True)
        else:
            shutil.rmtree(self.folder)
        return result

    def setUp(self):
        self.processes = self.enterContext(Processes())
        self.machine = self.enterContext(Machine(self.folder, self.machine_command))  # ends first, and with it what runs in it
        self.journal = Journal(self.machine, self.folder)
        self.processes.append(self.journal)
        self.ledger = self.folder / "ledger"
        self.hub_address = "127.0.0.1:9092"

    # The box.

    def install(self):
        """The service, as the package puts it there."""
        self.machine.put(PROGRAMS / "fleet-edge", "/usr/bin/fleet-edge", 0o755)
        for unit in (SOURCE / "packaging/systemd").glob("fleet-edge*"):
            self.machine.put(unit, f"/usr/lib/systemd/system/{unit.name}")
        self.machine.put(SOURCE / "packaging/sysusers.d/fleet-edge.conf", "/usr/lib/sysusers.d/fleet-edge.conf")
        self.machine.run("systemd-sysusers")
        self.machine.run("systemctl", "daemon-reload")

    def configure(self):
        """The one edit: whose sensors, which hub."""
        demo = SOURCE / "simulators/demo"
        text = string.Template((demo / "fleet-edge.yaml").read_text()).substitute(
            vehicle=VEHICLE, port=BROKER_PORT, rules=RULES, hub=self.hub_address, folder="/run/fleet-edge")
        text = text.replace("/run/fleet-edge/outbox", "/var/lib/fleet-edge")
        self.machine.write(CONFIGURATION, text)
        self.machine.write(RULES, (demo / "rules.yaml").read_text())

    def drop_in(self, text, unit="fleet-edge.service"):
        """Changes the unit; for its next start."""
        self.machine.write(f"/etc/systemd/system/{unit}.d/test.conf", text)
        self.machine.run("systemctl", "daemon-reload")

    def systemctl(self, *command, check=True):
        return self.machine.run("systemctl", *command, check=check)

    def property(self, name):
        return self.machine.out("systemctl", "show", "--property", name, "--value", "fleet-edge")

    def start(self):
        self.systemctl("start", "fleet-edge")
        return self.agent_pid()

    def agent_pid(self):
        """The agent's, as this machine counts."""
        return self.machine.pid_here(self.property("MainPID"))

    def kill_agent(self, pid):
        """SIGKILL, told to verify."""
        os.kill(pid, signal.SIGKILL)
        self.note_kill()

    def note_kill(self):
        self._run("note", "fleet-sim", "note", "--ledger", self.ledger, "--kind", "kill").wait(SECONDS)

    # What surrounds it.

    def broker(self):
        """The vehicle's."""
        conf = self.folder / "mosquitto.conf"
        conf.write_text(string.Template((SOURCE / "simulators/demo/mosquitto.conf").read_text()).substitute(
            port=BROKER_PORT))
        self.mosquitto = self._start("mosquitto", MOSQUITTO, "-c", conf)
        self.mosquitto.expect("mosquitto version .* running", SECONDS)

    def await_session(self):
        """Returns when the agent listens to the broker."""
        self.mosquitto.expect(f" 1 vehicles/{VEHICLE}/gnss$", SECONDS)

    def listener(self):
        """Has a line for each message that the broker passes on from now on."""
        topic = f"vehicles/{VEHICLE}/#"
        seen = len(self.mosquitto.lines)
        listener = self._start("mosquitto_sub", "stdbuf", "-oL", "mosquitto_sub", "-p", BROKER_PORT, "-t", topic)
        self.mosquitto.expect(f" 0 {re.escape(topic)}$", SECONDS, seen)
        return listener

    def hub(self):
        """Its port is its own choice: before configure()."""
        hub = self._run("hub", "fleet-hub")
        hub.wait_for(lambda: hub.stdout, SECONDS, "address")
        self.hub_address = hub.stdout[0].strip()
        return hub

    def surroundings(self):
        """Broker and hub; the agent is configured for them."""
        self.broker()
        self.hub()
        self.configure()

    def trip(self, seconds):
        """A vehicle's sensors for `seconds`; returns when the first messages of many have come through."""
        listener = self.listener()
        trip = self._run("simulator", "fleet-sim", "run", "--broker", f"mqtt://127.0.0.1:{BROKER_PORT}", "--ledger",
                         self.ledger, "--hz", 5, "--duration", f"{seconds}s")
        listener.wait_for(lambda: len(listener.lines) >= 40, SECONDS, "messages")
        return trip

    def verify(self, *options):
        """Follows the hub; verdict() tells what it found."""
        return self._run("verify", "fleet-sim", "verify", "--kafka", self.hub_address, "--ledger", self.ledger,
                         "--json", *options)

    def verdict(self, verify):
        """Verify's report; fails unless the ledger holds."""
        self.assertEqual(verify.wait(2 * SECONDS), 0, verify.log.read_text())
        return json.loads(verify.stdout[-1])

    def _run(self, name, program, *options):
        return self._start(name, PROGRAMS / program, *options)

    def _start(self, name, *command):
        process = Process(name, self.machine.inside(*command), self.folder)
        self.processes.append(process)
        return process


def main():
    """As unittest.main(); without a box to boot, not run."""
    if why := missing():
        print(f"not run: {why}", file=sys.stderr)
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
