"""The hub's certificate has expired, or the vehicle has lost its right to write: all is kept until that is mended."""

import json
import subprocess

from support import faults
from support.certificates import Authority
from support.kafka import Kafka
from support.road_test import PROGRAMS
from trips import TripTest

VEHICLE = "tanker-1"
LONG = 600  # seconds: the trip ends when all has been done
# Tried again and again without a pause it would be thousands.
FEW_TRIES = 300


@faults.needs("openssl")
class RightsTest(TripTest):
    def begin(self):
        self.authority = Authority(self.folder / "authority")
        self.authority.issue("broker")
        self.authority.issue(VEHICLE)
        self.kafka = self.enterContext(Kafka(authority=self.authority))
        self.kafka.allow(VEHICLE)
        self.leave(self.kafka.secure_address, self.kafka.address, LONG, properties={
            "security.protocol": "ssl", "ssl.ca.location": self.authority.file("ca.pem"),
            "ssl.certificate.location": self.authority.file(f"{VEHICLE}.pem"),
            "ssl.key.location": self.authority.file(f"{VEHICLE}.key")})
        self.messages(40)

    def arrive(self, fault):
        self.messages(40)
        self.assertEqual(self.simulator.terminate(), 0)
        self.verdict(fault)

    def restart_with_certificate(self, days):
        self.kafka.kill()
        self.authority.issue("broker", days)
        self.kafka.start()

    def assert_told(self, why):
        """For a while everything waits, what is wrong can be read, and it is not tried all the time."""
        self.status(lambda status: why in status["hub"]["error"])
        before = self.status(lambda status: status["outbox"]["committed_records"] > 0)
        self.messages(40 * (60 if faults.FULL else 5))
        after = self.status(lambda status: status["records"]["queued"] > before["records"]["queued"])
        self.assertEqual(after["records"]["acknowledged"], before["records"]["acknowledged"])
        self.assertEqual(after["records"]["dropped"], 0)
        self.assertLess(after["hub"]["sent"] - before["hub"]["sent"], FEW_TRIES)
        done = subprocess.run([PROGRAMS / "fleet-edge", "outbox", "status", "-c", self.config, "--json"],
                              capture_output=True, text=True, check=True)
        self.assertIn(why, json.loads(done.stdout)["hub"])

    def test_the_brokers_certificate_has_expired(self):
        self.begin()
        self.restart_with_certificate(days=-1)
        self.assert_told("certificate")
        self.restart_with_certificate(days=365)
        self.arrive("the broker's certificate expired")

    def test_the_vehicle_may_not_write_any_more(self):
        self.begin()
        self.kafka.forbid(VEHICLE)
        self.assert_told("authorization failed")
        self.kafka.allow(VEHICLE)
        self.arrive("the vehicle's right to write taken away")
        self.status(lambda status: not status["hub"]["error"])
        self.agent.expect("refuses what is sent", 0)
        self.agent.expect("takes what is sent again", 0)


if __name__ == "__main__":
    faults.main()
