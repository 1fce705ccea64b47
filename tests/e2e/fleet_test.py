"""A fleet in one process loads a real Kafka, and its ledger holds."""

import json
import re
import signal
import unittest

from support.kafka import Kafka
from support.road_test import PROGRAMS, SECONDS, RoadTest
from demo.process import Process

READINGS_A_SECOND = 20
MEMORY_KB = 100  # a vehicle, as promised


class FleetTest(RoadTest):
    @classmethod
    def setUpClass(cls):
        cls.kafka = cls.enterClassContext(Kafka())

    def setUp(self):
        super().setUp()
        self.ledger = self.folder / "fleet.ledger"

    def fleet_sim(self, command, *options):
        process = Process(command, [PROGRAMS / "fleet-sim", command, "--ledger", self.ledger, *options], self.folder)
        self.processes.append(process)
        return process

    def fleet(self, *options):
        # Each has its own vehicles: the tests share a hub.
        name = self.id().rsplit(".", 1)[1]
        return self.fleet_sim("fleet", "--hub", self.kafka.address, "--name", name, *options)

    def verdict(self):
        """Verify's report; fails unless the ledger holds."""
        verify = self.fleet_sim("verify", "--kafka", self.kafka.address, "--json")
        code = verify.wait(2 * SECONDS)
        report = json.loads(verify.stdout[-1])
        self.assertEqual(code, 0, report)
        return report

    def test_five_hundred_vehicles_through_an_outage(self):
        fleet = self.fleet("--vehicles", 500, "--duration", "3m", "--outage", "60s@60s", "--as-fast-as-possible")
        self.assertEqual(fleet.wait(2 * SECONDS), 0, fleet.log.read_text())
        report = self.verdict()
        self.assertEqual(report["readings"]["expected"], 500 * 180 * READINGS_A_SECOND)
        self.assertEqual(report["readings"]["arrived"], report["readings"]["expected"])
        self.assertGreater(report["alerts"]["expected"], 100)
        self.assertEqual(report["gaps"], [])
        memory = float(re.search(r"([\d.]+) kB of memory a vehicle", fleet.log.read_text())[1])
        self.assertLess(memory, MEMORY_KB)

    def test_the_hub_is_killed_and_comes_back(self):
        fleet = self.fleet("--vehicles", 200, "--duration", "45s", "--send-every", "2s", "--speed", 4)
        fleet.expect(r"fleet-sim: \d\ds of .* [1-9][\d,]* acknowledged", SECONDS)
        self.kafka.kill()
        self.kafka.start()
        self.assertEqual(fleet.wait(2 * SECONDS), 0, fleet.log.read_text())
        self.verdict()

    def test_ctrl_c_ends_the_measuring_and_what_waits_is_sent(self):
        fleet = self.fleet("--vehicles", 50, "--duration", "1h")
        fleet.expect(r"fleet-sim: \d+s of", SECONDS)
        fleet.signal(signal.SIGINT)
        self.assertEqual(fleet.wait(SECONDS), 0, fleet.log.read_text())
        report = self.verdict()
        self.assertLess(report["readings"]["expected"], 50 * 60 * READINGS_A_SECOND)


if __name__ == "__main__":
    unittest.main()
