"""Nothing is lost on the way from the sensors to a real Kafka, whoever fails."""

import signal
import time
import unittest

from support.road_test import SECONDS, KafkaRoadTest

DURABLE_WITHIN = 2  # seconds, as configured
STOP_SECONDS = 2
DRIVER_MS = 500  # from the instant that an alert is due; a busy machine is given its time


class DeliveryTest(KafkaRoadTest):
    def test_a_trip_without_trouble_arrives_whole(self):
        self.begin(20)
        report = self.verdict()
        self.assertEqual(report["readings"]["unpromised"], 0)
        self.assertGreater(report["alerts"]["expected"], 0)

    def test_the_broker_is_killed_and_the_driver_is_warned_all_the_same(self):
        self.begin(20)
        self.messages(50)
        self.kafka.kill()
        self.listener.expect(r"^vehicles/tanker-\d/alerts/\w", SECONDS)
        self.status(lambda status: status["hub"]["link"] != "up" and status["outbox"]["committed_records"] > 0)
        self.kafka.start()
        report = self.verdict()
        self.assertEqual(report["readings"]["unpromised"], 0)
        self.assertLess(report["driver_latency_ms"]["max"], DRIVER_MS)

    def test_the_agents_are_killed_in_mid_stream(self):
        self.begin(10, "--calm")
        self.messages(100)
        self.kill_agents()
        self.start_agents()
        self.road.note("start")
        self.verdict()

    def test_the_agents_are_killed_while_the_broker_is_away(self):
        self.begin(15, "--calm")
        self.messages(50)
        self.kafka.kill()
        # More than durable_within of readings, so that the promise covers some that only the disk has.
        self.status(lambda status: status["outbox"]["committed_records"] > 0)
        self.messages(40 * 2 * DURABLE_WITHIN)
        self.kill_agents()
        self.start_agents()
        self.road.note("start")
        self.kafka.start()
        self.verdict()

    def test_the_agents_stop_in_order_while_the_broker_is_away(self):
        self.begin(12, "--calm")
        self.messages(50)
        self.kafka.kill()
        self.messages(80)
        self.stop_agents()
        self.start_agents()
        self.kafka.start()
        self.assertEqual(self.verdict()["readings"]["unpromised"], 0)

    def test_the_agents_stop_in_order_in_mid_stream(self):
        self.begin(8, "--calm")
        self.messages(100)
        self.stop_agents()
        self.start_agents()
        self.assertEqual(self.verdict()["readings"]["unpromised"], 0)

    def stop_agents(self):
        begin = time.monotonic()
        for agent in self.agents:
            agent.signal(signal.SIGTERM)
        codes = [agent.wait(SECONDS) for agent in self.agents]
        self.assertLess(time.monotonic() - begin, STOP_SECONDS)
        self.assertEqual(codes, [0, 0])


class VerifierTest(KafkaRoadTest):
    def test_a_vehicle_whose_agent_does_not_deliver_is_found(self):
        self.agents[1].terminate()
        verify = self.road.verify(self.kafka.address, "--timeout", "3s")
        self.road.simulate("--vehicles", 2, "--calm", "--duration", "3s").wait(SECONDS)
        self.assertEqual(verify.wait(SECONDS), 1)
        verify.expect(r"lost +[1-9]", 0)
        self.assertIn("THE LEDGER DOES NOT HOLD.", verify.stdout)


if __name__ == "__main__":
    unittest.main()
