"""A vehicle on its real interfaces at once, and each device unplugged and plugged in again while it drives."""

import json
import unittest

from support.road_test import SECONDS, RoadTest

# Each is away for longer than the rule for silence waits, and back before the next but one goes.
AWAY = ("can@18s+5s", "gpsd@24s+5s", "modbus@30s+5s", "mqtt@36s+5s", "obd@42s+5s", "probes@48s+5s")
DURATION = 60


class DevicesTest(RoadTest):
    def setUp(self):
        super().setUp()
        self.road.mosquitto()
        _, self.hub = self.road.hub()

    def simulate(self, *options):
        """fleet-sim and the configuration that it has written."""
        truck = self.folder / "truck"
        simulator = self.road.devices(truck, self.hub, *options)
        simulator.wait_for(lambda: simulator.stdout, SECONDS, "configuration")
        return simulator, simulator.stdout[0]

    def verdict(self, simulator):
        verify = self.road.verify(self.hub, "--json")
        self.assertEqual(simulator.wait(DURATION + SECONDS), 0, simulator.log.read_text())
        self.assertEqual(verify.wait(SECONDS), 0, verify.log.read_text())
        return json.loads(verify.stdout[-1])

    def test_each_device_goes_and_comes_back_and_the_ledger_holds(self):
        unplugged = [word for away in AWAY for word in ("--unplug", away)]
        simulator, config = self.simulate("--duration", f"{DURATION}s", "--seed", 3, *unplugged)
        agent = self.road.run_agent(config)
        report = self.verdict(simulator)
        self.assertGreater(report["readings"]["arrived"], 20 * DURATION)
        self.assertGreater(report["alerts"]["arrived"], 10)
        self.assertNotIn("nobody listens", simulator.log.read_text())
        self.assertEqual(agent.terminate(), 0)

    def test_its_configuration_has_no_error_and_warns_of_haste_alone(self):
        """A simulated 1-Wire sensor answers at once, a real one takes 750 ms."""
        _, config = self.simulate("--patience", "1s", "--duration", "1s")
        check = self.road.run_check(config)
        self.assertEqual(check.wait(SECONDS), 0, check.log.read_text())
        warnings = [line for line in check.log.read_text().splitlines() if " warning: " in line]
        self.assertEqual([line for line in warnings if "1 1-Wire sensors take 750ms" not in line], [])


if __name__ == "__main__":
    unittest.main()
