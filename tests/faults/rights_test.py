"""The hub's certificate has expired, or the vehicle has lost its right to write: all is kept until that is mended."""

import json
import subprocess

from support import faults
from support.certificates import Authority
from support.kafka import Kafka
from support.road_test import PROGRAMS
from trips import TripTest

VEHICLE = "tanker-1"
# Tried again and again without a pause it would be thousands.
FEW_TRIES = 300


@faults.needs("openssl")
class RightsTest(TripTest):
    def begin(self, seconds):
        self.authority = Authority(self.folder / "authority")
        self.authority.issue("broker")
        self.authority.issue(VEHICLE)
        self.kafka = self.enterContext(Kafka(authority=self.authority))
        self.kafka.allow(VEHICLE)
        self.leave(self.kafka.secure_address, self.kafka.address, seconds, properties={
            "security.protocol": "ssl", "ssl.ca.location": self.authority.file("ca.pem"),
            "ssl.certificate.location": self.authority.file(f"{VEHICLE}.pem"),
            "ssl.key.location": self.authority.file(f"{VEHICLE}.key")})
        self.messages(40)

    def restart_with_certificate(self, days):
        self.kafka.kill()
        self.authority.issue("broker", days)
        self.kafka.start()

    def assert_told(self, why, seconds):
        """So much later everything waits, what is wrong can be read, and it is not tried all the time."""
        self.status(lambda status: why in status["hub"]["error"])
        before = self.status(lambda status: status["outbox"]["committed_records"] > 0)
        self.messages(40 * seconds)
        after = self.status(lambda status: status["records"]["queued"] > before["records"]["queued"])
        self.assertEqual(after["records"]["acknowledged"], before["records"]["acknowledged"])
        self.assertEqual(after["records"]["dropped"], 0)
        self.assertLess(after["hub"]["sent"] - before["hub"]["sent"], FEW_TRIES)
        done = subprocess.run([PROGRAMS / "fleet-edge", "outbox", "status", "-c", self.config, "--json"],
                              capture_output=True, text=True, check=True)
        self.assertIn(why, json.loads(done.stdout)["hub"])

    def test_the_brokers_certificate_has_expired(self):
        seconds = 60 if faults.FULL else 5
        self.begin(seconds + 20)
        self.restart_with_certificate(days=-1)
        self.assert_told("certificate", seconds)
        self.restart_with_certificate(days=365)
        self.verdict("the broker's certificate expired")

    def test_the_vehicle_may_not_write_any_more(self):
        seconds = 60 if faults.FULL else 5
        self.begin(seconds + 20)
        self.kafka.forbid(VEHICLE)
        self.assert_told("authorization failed", seconds)
        self.kafka.allow(VEHICLE)
        self.verdict("the vehicle's right to write taken away")


if __name__ == "__main__":
    faults.main()
