"""A real Kafka that is killed, frozen, moved, throttled, or whose answers are lost: the ledger holds."""

import json

from support import faults
from trips import SECONDS, ProxyTripTest

TELEMETRY = "fleet.telemetry.v1"


class KafkaFaultTest(ProxyTripTest):
    def test_acknowledgements_are_lost_after_the_append(self):
        count = faults.runs(25, 250)
        self.begin(12 if not faults.FULL else 120, quick=True)
        while self.simulator.running and self.proxy.cuts < count:
            # The handshake takes a thousand bytes of answers, each produce request some 60 more.
            self.proxy.cut_after(self.random.randrange(200) if self.proxy.cuts % 2 else self.random.randrange(2_000))
            self.proxy.wait_for_cut(5)
        self.proxy.cut_after(1 << 40)
        self.assertGreater(self.proxy.cuts, 3)
        self.verdict("acknowledgement lost after the append", self.proxy.cuts)

    def test_the_size_limit_is_lowered_below_a_request(self):
        self.begin(14, hz=50)
        self.link(up=False)
        self.kafka.configure("topics", TELEMETRY, max_message_bytes=3_000)
        self.outage(1_200)
        self.link(up=True)
        self.verdict("message size limit lowered below a request")
        self.assertIn("refuses a request", self.agent.log.read_text())

    if faults.FULL:  # the others take long enough for every day

        def test_the_broker_is_frozen(self):
            self.begin(160)
            self.messages(40)
            self.kafka.pause()
            self.outage(40 * 120)
            self.kafka.resume()
            self.verdict("broker frozen (SIGSTOP) for two minutes")

        def test_the_broker_comes_back_on_other_ports(self):
            self.begin(12)
            self.messages(40)
            self.kafka.kill()
            self.verify.kill()
            self.outage(50)
            self.kafka.move()
            self.kafka.start()
            self.link(up=True)
            self.verify = self.road.verify(self.kafka.address, "--json")
            self.verdict("broker killed, back on other ports")

        def test_the_producer_is_throttled(self):
            self.begin(10)
            self.messages(40)
            self.kafka.configure("clients", "fleet-edge", producer_byte_rate=400)
            self.verdict("throttled by a quota of 400 bytes/s")

        def test_the_topic_is_deleted_and_made_anew(self):
            self.begin(12)
            self.link(up=False)
            self.outage(50)
            before = self.status(lambda status: status["hub"]["link"] == "down")["records"]["acknowledged"]
            self.verify.kill()
            self.kafka.delete_topic(TELEMETRY)
            self.link(up=True)
            self.assertEqual(self.simulator.wait(SECONDS), 0)
            self.status(lambda status: status["records"]["queued"] == 0)
            # It ends after three quiet seconds: by then the last batch, still open when the queue was empty, is in too.
            verify = self.road.verify(self.kafka.address, "--json", "--timeout", "3s")
            verify.wait(SECONDS)
            report = json.loads(verify.stdout[-1])
            after = self.status(lambda status: status["records"]["queued"] == 0)
            self.assertEqual(after["records"]["dropped"], 0)
            # What was acknowledged since is what is in the new topic.
            self.assertEqual(report["wire"]["readings"], after["records"]["acknowledged"] - before)
            faults.report("topic deleted and made anew", 1)


if __name__ == "__main__":
    faults.main()
