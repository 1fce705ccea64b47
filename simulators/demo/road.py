"""The road from sensor to hub, each of its programs started in one folder."""

import pathlib
import re
import shutil
import socket
import string

from demo.process import Process

READY_SECONDS = 15
# Debian keeps it in a folder that is not on everybody's path.
MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
HERE = pathlib.Path(__file__).resolve().parent
RULES = HERE / "rules.yaml"


class Road:
    """Starts programs from `programs` (a build's bin folder) with their files in `folder`.

    Each of its methods starts one and returns when it serves. All of them are in `processes`,
    which ends them; their output goes to `on_line` too, see Process.
    """

    def __init__(self, programs, folder, processes, on_line=None):
        self.folder = pathlib.Path(folder)
        self.ledger = self.folder / "ledger"
        self.port = None
        self._mosquitto = None
        self._programs = pathlib.Path(programs)
        self._processes = processes
        self._on_line = on_line

    def mosquitto(self, *settings):
        """The vehicle's broker, on a free port of its own; `settings` are further lines of its configuration."""
        self.port = free_port()
        file = self._write(self.folder / "mosquitto.conf", port=self.port)
        with open(file, "a", encoding="utf-8") as conf:
            conf.writelines(f"{line}\n" for line in settings)
        self._mosquitto = self._start("mosquitto", [MOSQUITTO, "-c", file])
        self._mosquitto.expect("mosquitto version .* running", READY_SECONDS)

    def listener(self, *filters):
        """Prints each message that the broker passes on, `topic payload`, retained ones included."""
        topics = [part for text in filters for part in ("-t", text)]
        seen = len(self._mosquitto.lines)
        listener = self._start("mosquitto_sub", [
            "stdbuf", "-oL", "mosquitto_sub", "-p", self.port, "-F", "%t %p", *topics])
        self._mosquitto.expect(f" 0 {re.escape(filters[-1])}$", READY_SECONDS, seen)
        return listener

    def hub(self, *options):
        """fleet-hub and its address."""
        hub = self._start("fleet-hub", [self._programs / "fleet-hub", *options])
        hub.wait_for(lambda: hub.stdout, READY_SECONDS, "address")
        return hub, hub.stdout[0].strip()

    def configure(self, vehicle, hub, rules=RULES):
        """Writes the configuration of the vehicle's agent; its file."""
        folder = self.folder / vehicle
        folder.mkdir(exist_ok=True)
        return self._write(folder / "fleet-edge.yaml", port=self.port, hub=hub, vehicle=vehicle,
                           rules=rules, folder=folder)

    def agent(self, config):
        """fleet-edge as `config` says, once the broker knows what it listens to."""
        vehicle = config.parent.name
        seen = len(self._mosquitto.lines)
        agent = self._start(f"fleet-edge-{vehicle}",
                            [self._programs / "fleet-edge", "run", "-c", config])
        agent.expect(" runs for ", READY_SECONDS)
        self._mosquitto.expect(f" 1 vehicles/{vehicle}/gnss$", READY_SECONDS, seen)
        return agent

    def simulate(self, *options):
        """A trip of the simulated vehicles; what must arrive goes to the ledger."""
        return self._start("fleet-sim", [
            self._programs / "fleet-sim", "run", "--broker", f"mqtt://127.0.0.1:{self.port}",
            "--ledger", self.ledger, *options])

    def devices(self, folder, hub, *options):
        """A vehicle on its real interfaces, in `folder`; prints the agent's configuration for it."""
        return self._start("fleet-sim", [
            self._programs / "fleet-sim", "devices", "--dir", folder, "--ledger", self.ledger, "--hub", hub,
            "--broker", f"mqtt://127.0.0.1:{self.port}", *options])

    def run_agent(self, config):
        """fleet-edge as `config` says, whatever that is."""
        agent = self._start("fleet-edge", [self._programs / "fleet-edge", "run", "-c", config])
        agent.expect(" runs for ", READY_SECONDS)
        return agent

    def run_check(self, config):
        """What fleet-edge says of `config`."""
        return self._start("fleet-edge-check", [self._programs / "fleet-edge", "check", "-c", config])

    def note(self, kind):
        """Tells verify what was done to the agents: `kill` or `start`."""
        return self._start("fleet-sim-note", [
            self._programs / "fleet-sim", "note", "--ledger", self.ledger, "--kind", kind]).wait(READY_SECONDS)

    def verify(self, hub, *options):
        """Holds the hub against the ledger; ends with 0 only if nothing is missing."""
        return self._start("fleet-sim-verify", [
            self._programs / "fleet-sim", "verify", "--ledger", self.ledger, "--kafka", hub, *options])

    def _start(self, name, command):
        process = Process(name, command, self.folder, self._on_line)
        self._processes.append(process)
        return process

    @staticmethod
    def _write(file, **values):
        """Fills in the template of the same name."""
        file.write_text(string.Template((HERE / file.name).read_text()).substitute(values))
        return file


def free_port():
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
