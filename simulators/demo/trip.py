"""The demo's trip: what is started, switched off and cut, and when."""

import os
import queue
import re
import signal
import time

from demo.road import Road
from demo.screen import State
from demo.watch import Watch

SECONDS = 40  # of the trip
OUTAGE = "14s@13s"  # of the hub, from its start
# The ignition goes off when all alerts of the trip fire. With this seed that is in the outage, and none resolves
# in the ten seconds after it: the rules' windows are empty after a start, which must not change what is expected.
ALERTS = 3
SEED = 26
HZ = 10  # messages of each sensor
VERIFY_PATIENCE = 8  # with a silent hub, once the trip is over
VERIFY_SECONDS = 15
REDRAW_SECONDS = 0.2


class Trip:
    """One run of the demo. For the main thread; what the programs print comes to it through a queue."""

    def __init__(self, programs, folder, processes, kafka):
        self._lines = queue.SimpleQueue()
        self._road = Road(programs, folder, processes, lambda *line: self._lines.put(line))
        self._kafka = kafka
        # A Kafka of the user's may remember earlier trips.
        self._name = f"tanker-{os.urandom(2).hex()}" if kafka else "tanker"
        self._state = State(f"{self._name}-1", "Kafka" if kafka else "fleet-hub", SECONDS)
        self._watch = Watch(self._state)
        self._config = None
        self._status_file = None
        self._agent = None
        self._restarted = False
        self._verify = None

    def run(self, show):
        """Makes the trip, calling `show(state)` all the while. Verify's exit code."""
        state, road = self._state, self._road
        show(state)
        road.mosquitto()
        hub = self._open_hub()
        road.listener(f"vehicles/{state.vehicle}/#")
        self._config = road.configure(state.vehicle, hub)
        self._status_file = self._config.parent / "status.json"
        self._agent = road.agent(self._config)
        state.agent = "running"
        self._verify = road.verify(hub, "--timeout", f"{VERIFY_PATIENCE}s")
        simulator = road.simulate("--name", self._name, "--seed", SEED, "--hz", HZ,
                                  "--duration", f"{SECONDS}s")
        began = time.monotonic()
        while self._verify.running and state.elapsed < SECONDS + VERIFY_SECONDS:
            self._take_lines(REDRAW_SECONDS)
            self._watch.tick(time.monotonic() - began)
            self._turn_ignition()
            self._watch.status(self._status())
            show(state)
        simulator.wait(1)
        self._agent.terminate()
        self._watch.status(self._status())
        show(state)
        return self._verify.wait(1)

    def table(self):
        """Verify's table, and what only the demo knows, in the same form."""
        state = self._state
        return [
            *self._verify.stdout,
            "disk",
            _row("written by the outbox", f"{state.written:,} B", "readings while the hub was away, and alerts"),
        ]

    def _open_hub(self):
        """The hub's address. It goes down in the middle of the trip, unless it is not ours."""
        if self._kafka:
            self._state.note(f"the link to {self._kafka} is not cut: it is not the demo's")
            return self._kafka
        return self._road.hub("--outage", OUTAGE)[1]

    def _turn_ignition(self):
        """Off when all alerts fire, and on as soon as the agent has stopped."""
        state = self._state
        if state.agent == "running" and not self._restarted and len(state.firing) == ALERTS:
            state.note("ignition off: the agent stops")
            state.agent = "stopping"
            self._agent.signal(signal.SIGTERM)
        elif state.agent == "running" and not self._agent.running:
            raise self._agent.error("ended in mid-trip")
        elif state.agent == "stopping" and not self._agent.running:
            self._watch.agent_ended(self._status())
            self._status_file.unlink(missing_ok=True)
            self._agent = self._road.agent(self._config)
            self._restarted = True
            state.agent = "running"
            state.note("ignition on: the agent goes on where it was")

    def _status(self):
        return self._status_file.read_text() if self._status_file.exists() else ""

    def _take_lines(self, seconds):
        """What the programs have printed; waits for it at most so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                process, line = self._lines.get(timeout=left)
            except queue.Empty:
                return
            self._take(process.name, line)

    def _take(self, name, line):
        if name == "mosquitto_sub":
            self._watch.message(line)
        elif name == "fleet-sim" and "sent" in line:
            self._state.note("the trip is over: the hub is held against the truth")
        elif name == "fleet-hub" and (said := re.match("fleet-hub: (.*)", line)):
            self._state.note(f"hub: {said[1]}")


def _row(name, value, note):
    return f"  {name:<24}{value:>12}  {note}"
