"""README.md's commands at a desk, and that its make targets are there."""

import json
import subprocess
import time
import unittest

from support import ROOT
from support.guide import GuideTest, blocks
from demo.road import free_port

SECONDS = 30


class ReadmeTest(GuideTest):
    page = "../README.md"

    def test_its_commands_bring_a_reading_from_a_desks_broker_to_a_desks_hub(self):
        # As it stands the broker has MQTT's own port, and the agent's page its own.
        self.road.mosquitto()
        configuration = ROOT / "packaging/fleet-edge.yaml"
        (self.clone / "packaging/fleet-edge.yaml").write_text(
            configuration.read_text().replace(":1883", f":{self.road.port}")
            + f"http: {{listen: 127.0.0.1:{free_port()}}}\n")
        hub, agent = self.of_kind("sh terminal")
        configure, look = self.of_kind("sh")

        self.start_block(hub).expect(r"^127\.0\.0\.1:\d+$", SECONDS)
        self.assertIn("no errors", self.run_block(configure).stdout)
        agent = self.start_block(agent)
        agent.expect("hub: reached", SECONDS)
        agent.expect("driver sensors: connected", SECONDS)
        look = look.replace("mosquitto_pub", f"mosquitto_pub -p {self.road.port}")
        self.assertRegex(self.run_block(f"{look.strip()} || test $? -eq 1").stdout, "tanker-17")
        self.await_reading()

    def await_reading(self):
        """Returns when the hub has acknowledged it."""
        status = "fleet-edge status -c my/fleet-edge.yaml --json || test $? -eq 1"
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            last = json.loads(self.run_block(status).stdout)
            if last["drivers"][0]["readings"] == 1 and last["records"]["queued"] == 0:
                return
        self.fail(last)


class TargetsTest(unittest.TestCase):
    def test_each_make_command_names_a_target(self):
        commands = [line for block in blocks("../README.md") if block.kind == "sh make"
                    for line in block.text.splitlines()]
        self.assertEqual(len(commands), 3)
        for command in commands:
            done = subprocess.run(["bash", "-c", command.replace("make", "make --dry-run", 1)], cwd=ROOT,
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
