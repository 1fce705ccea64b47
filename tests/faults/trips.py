"""Trips of a vehicle to a real hub, and the ledger's verdict on them."""

import json
import random

from support import faults
from support.file_watch import wait_for_file
from support.kafka import Kafka
from support.proxy import Proxy
from support.road_test import SECONDS, RoadTest
from demo.process import ProcessError


class TripTest(RoadTest):
    """One vehicle, one agent, its hub."""

    def leave(self, hub, verified_at, seconds, hz=10, quick=False, properties=None):
        """The trip begins; returns when the hub has acknowledged something. Verify reads the hub at another address.
        `quick`: the agent sends often, and does not wait long before it connects again. `properties` are librdkafka's.
        """
        properties = dict(properties or {})
        self.road.mosquitto()
        self.listener = self.road.listener("vehicles/#")
        self.config = self.road.configure("tanker-1", hub)
        if quick:
            self.edit("send_every: 1s", "send_every: 100ms")
            self.edit("max_age: 1s", "max_age: 100ms")
            properties |= {"reconnect.backoff.ms": 20, "reconnect.backoff.max.ms": 50}
        self.edit("  kafka:\n", "  kafka:\n" + "".join(f"    {name}: {value}\n" for name, value in properties.items()))
        self.agent = self.road.agent(self.config)
        self.verify = self.road.verify(verified_at, "--json", "--timeout", "60s")
        self.simulator = self.road.simulate("--vehicles", 1, "--hz", hz, "--duration", f"{seconds}s", "--calm")
        self.status(lambda status: status["records"]["acknowledged"] > 0)

    def edit(self, old, new):
        """Of the configuration."""
        self.config.write_text(self.config.read_text().replace(old, new))

    def messages(self, count):
        """Returns when the sensors have sent `count` more messages; false when the trip is over before."""
        enough = len(self.listener.lines) + count
        try:
            return self.listener.wait_for(
                lambda: len(self.listener.lines) >= enough or not self.simulator.running, SECONDS, "messages")
        except ProcessError:
            return False

    def status(self, condition, seconds=SECONDS):
        """The agent's status once `condition` holds for it."""
        return wait_for_file(self.config.parent / "status.json", lambda text: text and (
            lambda status: status if condition(status) else None)(json.loads(text)), seconds)

    def kill(self):
        """SIGKILL of the agent, told to verify: what it had for less than durable_within is not promised."""
        self.agent.kill()
        self.road.note("kill")

    def back(self):
        """The agent runs again. Its status counts from its start: the file of the one before must not be taken for it.
        """
        (self.config.parent / "status.json").unlink(missing_ok=True)
        self.agent = self.road.agent(self.config)
        self.road.note("start")

    def outage(self, messages):
        """Returns when the disk has something that nobody acknowledged, and so many messages later."""
        self.status(lambda status: status["outbox"]["committed_records"] > 0)
        self.messages(messages)

    def verdict(self, fault, runs=1, note=""):
        """Verify's report; fails unless nothing is lost, nor anything dropped. The table's row ends with the note."""
        self.assertEqual(self.simulator.wait(SECONDS + 600), 0)
        code = self.verify.wait(SECONDS + 90)
        self.assertEqual(code, 0, self.verify.log.read_text())
        report = json.loads(self.verify.stdout[-1])
        status = self.status(lambda status: status["records"]["queued"] == 0)
        self.assertEqual(status["records"]["dropped"], 0)
        self.assertEqual(status["records"]["residual"], 0)
        self.assertTrue(self.agent.running)
        faults.report(fault, runs, report["readings"]["lost"], report["readings"]["unpromised"],
                      f"held; {report['records']['repeated']} repeated on the wire{note}")
        return report


class ProxyTripTest(TripTest):
    """The agent reaches Kafka through a proxy; verify reaches it directly."""

    random = random.Random(faults.SEED)

    def begin(self, seconds, quick=False, hz=10):
        self.proxy = self.enterContext(Proxy())
        self.kafka = self.enterContext(Kafka(proxy=self.proxy.port))
        self.link(up=True)
        self.leave(self.proxy.address, self.kafka.address, seconds, hz, quick)

    def link(self, up):
        self.proxy.target = self.kafka.behind if up else None
        if not up:
            self.proxy.reset()
