"""docs/security.md runs as it stands: its configurations reach a real Kafka that is set up by its blocks, and no other does."""

import json
import unittest

from support.certificates import Authority
from support.file_watch import wait_for_file
from support.guide import GuideTest
from support.kafka import HOME, Kafka
from support.road_test import SECONDS

TOOLS = {"kafka-acls.sh": "org.apache.kafka.tools.AclCommand", "kafka-configs.sh": "kafka.admin.ConfigCommand",
         "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand"}
# Listeners of the tests' broker beside the page's HUB, which is its SECURE.
OTHERS = "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT"
DRIVER = "{sysfs: {signals: {ambient_celsius: {thermal: cabin}}}}"


class SecurityPageTest(GuideTest):
    page = "security.md"

    def begin(self, broker):
        """A Kafka that is set up as the page's block of that number says, and its topics and rights."""
        self.authority = Authority(self.folder / "authority")
        for name in ("broker", "tanker-17", "dashboard", "stranger"):
            self.authority.issue(name)
        text = self.of_kind("properties")[broker].replace("HUB:", "SECURE:").replace(".hub.", ".secure.")
        properties = dict(line.split("=", 1) for line in text.splitlines())
        key = "listener.security.protocol.map"
        properties = {"listener.name.secure.ssl.client.auth": "none"} | properties | {key: f"{OTHERS},{properties[key]}"}
        self.kafka = self.enterContext(Kafka(authority=self.authority, properties=properties))
        for name, main in TOOLS.items():
            tool = self.clone / "bin" / name
            tool.parent.mkdir(exist_ok=True)
            tool.write_text(f"#!/bin/sh\nexec java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '{HOME}/lib/*' {main} \"$@\"\n")
            tool.chmod(0o755)
        self.environment["PATH"] = f"{self.clone}/bin:{self.environment['PATH']}"
        self.password, self.topics, self.rights, self.shut_out = self.of_kind("sh hub")
        self.run_block(self.here(self.topics))
        self.run_block(self.here(self.rights))

    def here(self, text):
        """The page's names of hub and files, as this test has them."""
        for port, address in ((9092, self.kafka.address), (9093, self.kafka.secure_address),
                              (9094, self.kafka.secure_address)):
            text = text.replace(f"hub.example:{port}", address)
        return text.replace("/etc/fleet-edge/tls", str(self.authority.file("")))

    def agent(self, name):
        """The agent with the page's configuration of that name, and a recording for a device."""
        config = self.clone / name
        config.write_text(self.here(config.read_text()).replace(DRIVER, "{replay: {path: drive.csv}}")
                          + "outbox: {directory: outbox}\nstatus: {file: status.json}\n")
        (self.clone / "drive.csv").write_text("time,ambient_celsius\n2026-11-21T06:00:00Z,21\n")
        return self.start_block(f"fleet-edge run -c {name}")

    def status(self, condition):
        return wait_for_file(self.clone / "status.json", lambda text: text and condition(json.loads(text)), SECONDS)

    def assert_delivered(self):
        self.status(lambda status: status["records"]["acknowledged"] > 1 and status["records"]["queued"] == 0)

    def assert_refused(self, why):
        self.status(lambda status: why in status["hub"]["error"])
        self.status(lambda status: status["records"]["acknowledged"] == 0 and status["records"]["queued"] > 1)

    def test_a_vehicle_with_a_certificate_and_rights_delivers_and_a_consumer_reads(self):
        self.begin(0)
        whole = (self.clone / "certificate.yaml").read_text()
        self.change("certificate.yaml", ("tls/tanker-17", "tls/stranger"))
        stranger = self.agent("certificate.yaml")
        self.assert_refused("authorization failed")
        stranger.terminate()

        (self.clone / "status.json").unlink()
        (self.clone / "certificate.yaml").write_text(whole)
        agent = self.agent("certificate.yaml")
        self.assert_delivered()
        agent.terminate()
        self.make_python()
        self.make_java()
        properties = self.clone / "dashboard.properties"
        properties.write_text(self.here(properties.read_text()))
        for consume in self.of_kind("sh"):
            printed = self.run_block(self.here(consume)).stdout
            self.assertRegex(printed, "tanker-17 ambient_celsius 21.0")
            self.assertRegex(printed, "tanker-17 birth: ")
        self.run_block(self.here(self.shut_out))
        listed = self.run_block(self.here("kafka-acls.sh --bootstrap-server hub.example:9092 --list")).stdout
        self.assertNotIn("User:CN=tanker-17", listed)
        self.assertIn("User:CN=dashboard", listed)

    def test_a_vehicle_with_a_password_delivers(self):
        self.begin(1)
        self.run_block(self.here(self.password))
        credentials = self.folder / "credentials"
        credentials.mkdir()
        (credentials / "hub-password").write_text("correct-horse\n")
        self.environment["CREDENTIALS_DIRECTORY"] = str(credentials)
        self.agent("password.yaml")
        self.assert_delivered()


if __name__ == "__main__":
    unittest.main()
