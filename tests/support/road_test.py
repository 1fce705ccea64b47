"""What the end-to-end tests share: a road from sensors to a real Kafka, and the verdict on it."""

import json
import os
import pathlib
import shutil
import tempfile
import unittest

from demo.process import Processes
from demo.road import Road
from support.file_watch import wait_for_file
from support.kafka import Kafka

PROGRAMS = pathlib.Path(os.environ["FLEET_EDGE_BIN"])
SECONDS = 30  # for anything that comes sooner when all is well


class RoadTest(unittest.TestCase):
    """A test in a folder of its own, which is kept when it fails; its programs end with it."""

    def run(self, result=None):
        result = result or self.defaultTestResult()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fleet-edge-e2e-"))
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            print(f"{self.id()}: logs, ledger and outbox are in {self.folder}", flush=True)
        else:
            shutil.rmtree(self.folder)
        return result

    def setUp(self):
        self.processes = self.enterContext(Processes())
        self.road = Road(PROGRAMS, self.folder, self.processes)


class KafkaRoadTest(RoadTest):
    """`vehicles` simulated ones, each with an agent, and a real Kafka as their hub."""

    vehicles = 2

    def setUp(self):
        super().setUp()
        self.kafka = self.enterContext(Kafka())
        self.road.mosquitto()
        self.listener = self.road.listener("vehicles/#")
        names = [f"tanker-{number}" for number in range(1, self.vehicles + 1)]
        self.configs = [self.road.configure(name, self.kafka.address) for name in names]
        self.agents = [self.road.agent(config) for config in self.configs]

    def begin(self, seconds, *options):
        """The vehicles leave, and verify follows them."""
        self.verify = self.road.verify(self.kafka.address, "--json")
        self.simulator = self.road.simulate(
            "--vehicles", self.vehicles, "--hz", 5, "--duration", f"{seconds}s", *options)

    def messages(self, count):
        """Returns when the sensors have sent `count` more messages."""
        enough = len(self.listener.lines) + count
        self.listener.wait_for(lambda: len(self.listener.lines) >= enough, SECONDS, f"{count} messages")

    def status(self, condition):
        """Returns when `condition` holds for the status of every agent."""
        for config in self.configs:
            wait_for_file(config.parent / "status.json",
                          lambda text: text and condition(json.loads(text)), SECONDS)

    def kill_agents(self):
        """SIGKILL, told to verify: what they had for less than durable_within is not promised."""
        for agent in self.agents:
            agent.kill()
        self.road.note("kill")

    def start_agents(self):
        self.agents = [self.road.agent(config) for config in self.configs]

    def verdict(self):
        """Verify's report, when the trip is over; fails unless the ledger holds."""
        self.assertEqual(self.simulator.wait(SECONDS + 30), 0, self.simulator.log.read_text())
        code = self.verify.wait(SECONDS + 30)
        self.assertEqual(code, 0, self.verify.log.read_text())
        return json.loads(self.verify.stdout[-1])
