"""What is wrong with a vehicle is told by fleet-edge status, the status file, the log and the status topic alike."""

import json
import os
import random
import subprocess
import unittest

from support.file_watch import wait_for_file
from support.road_test import PROGRAMS, RoadTest
from demo.road import free_port

SECONDS = 60  # for a problem that must hold for half a minute first
RULE = "groups:\n- name: a\n  rules:\n  - {alert: Fast, expr: vehicle_speed_kmh > 500}\n"

CONFIG = """vehicle: {{id: tanker-1}}
drivers:
- replay: {{path: {folder}/drive.csv, speed: max}}
{drivers}
rules: [{folder}/rules.yaml]
health: {{silence: {{{silence}}}}}
outbox: {{directory: {folder}/outbox, quota: 4MiB, memory: 1MiB}}
status: {{file: {folder}/status.json}}
http: {{listen: ""}}
uplink: {{kafka: {{bootstrap.servers: "{hub}"}}}}
"""
PROBES = "- {{name: probes, mqtt: {{broker: 'mqtt://127.0.0.1:{port}', topics: [{{filter: a, signal: cargo_celsius, codec: value}}]}}}}"


def hub_warns(problems):
    return "hub_unreachable" in problems and problems["hub_unreachable"]["severity"] != "info"


class StatusTest(RoadTest):
    def start(self, hub, drivers="", rows=10):
        """An agent whose replay driver hands on `rows` of three readings that nothing can compress, and ends."""
        value = random.Random(1).random
        lines = (f"{row * 1e-5:.6f},{400 * value():.2f},{400 * value():.2f},{8000 * value():.2f}\n" for row in range(rows))
        (self.folder / "drive.csv").write_text("time,vehicle_speed_kmh,gnss_speed_kmh,engine_rpm\n" + "".join(lines))
        (self.folder / "rules.yaml").write_text(RULE)
        config = self.folder / "fleet-edge.yaml"
        config.write_text(CONFIG.format(folder=self.folder, hub=hub, drivers=drivers,
                                        silence="probes: 3s" if drivers else ""))
        self.agent = self.road.run_agent(config)

    def fleet_edge(self, *arguments, **options):
        return subprocess.run([PROGRAMS / "fleet-edge", *arguments], capture_output=True, text=True, timeout=SECONDS,
                              check=False, **options)

    def status(self, *options):
        return self.fleet_edge("status", "--dir", self.folder / "outbox", *options)

    def wait_for_status(self, condition):
        """Returns when `condition` holds for the status file's object."""
        wait_for_file(self.folder / "status.json", lambda text: text and condition(json.loads(text)), SECONDS)

    def wait_for(self, condition):
        """Returns when `condition` holds for the problems by their identifier."""
        self.wait_for_status(lambda status: condition({one["id"]: one for one in status["health"]["problems"]}))

    def assert_logged(self, pattern):
        self.agent.expect(pattern, SECONDS)

    def test_a_dead_driver_is_told_on_the_screen_in_the_log_and_to_the_hub(self):
        self.start("127.0.0.1:1", PROBES.format(port=free_port()))
        self.wait_for(lambda problems: "driver_silent" in problems)
        screen = self.status()
        self.assertEqual(screen.returncode, 3, screen.stdout)
        self.assertRegex(screen.stdout, r"CRITICAL  driver_silent  probes +for ")
        self.assertRegex(screen.stdout, r"probes +mqtt +0  never +silent")
        self.assertNotIn("\x1b", screen.stdout)
        self.assertLessEqual(max(map(len, screen.stdout.splitlines())), 80)
        told = json.loads(self.status("--json").stdout)
        self.assertEqual(told["health"]["status"], "critical")
        self.assertEqual(told["vehicle"], "tanker-1")
        self.assert_logged(r"health: driver_silent \(probes\): .*Mend: ")
        self.wait_for(hub_warns)
        exported = self.fleet_edge("outbox", "export", "--dir", self.folder / "outbox").stdout
        events = [json.loads(line)["event"] for line in exported.splitlines() if '"health"' in line]
        self.assertEqual(events[0]["health"], {}, "the first says what was not wrong at the start")
        problem = events[-1]["health"]["problems"][0]
        self.assertEqual((problem["id"], problem["severity"]), ("driver_silent", "SEVERITY_CRITICAL"))
        self.assertEqual(problem["subject"], "probes")
        self.assertTrue(problem["what"].startswith("nothing was read"))

    def test_an_outage_of_the_hub_is_a_note_at_once_begins_and_ends(self):
        _, hub = self.road.hub("--outage", "45s@1ms")
        self.start(hub)
        self.wait_for_status(lambda _: True)
        noted = self.status()
        self.assertRegex(noted.stdout, r"\nINFO      hub_unreachable  .* for \d.*\n    no connection to the hub")
        self.assertEqual(noted.returncode, 0)
        self.wait_for(hub_warns)
        self.assertIn(self.status().returncode, (1, 3))
        self.wait_for(lambda problems: "hub_unreachable" not in problems)
        self.assert_logged(r"health: hub_unreachable \(.*\) is over after ")

    def test_a_rule_file_is_refused_until_it_is_mended(self):
        self.start("127.0.0.1:1")
        (self.folder / "rules.yaml").write_text("groups: 5\n")
        self.wait_for(lambda problems: "rules.yaml:1" in problems.get("rules_refused", {}).get("what", ""))
        self.assertIn("changed ones refused", self.status().stdout)
        (self.folder / "rules.yaml").write_text(RULE + "# mended\n")
        self.wait_for(lambda problems: "rules_refused" not in problems)
        self.assert_logged("health: rules_refused is over")

    def test_an_outbox_that_is_too_small_drops_and_says_so(self):
        self.start("127.0.0.1:1", rows=700_000)
        self.wait_for(lambda problems: problems.get("outbox_full", {}).get("severity") == "critical")
        self.assertEqual(self.status().returncode, 3)

    def assert_a_credential_is_no_mistake(self):
        """What the service alone has is not there while it is stopped."""
        config = self.folder / "fleet-edge.yaml"
        config.write_text(config.read_text().replace('http: {listen: ""}', "http: {listen: '${credential:port}'}"))
        screen = self.fleet_edge("status", "-c", config)
        self.assertEqual(screen.returncode, 4)
        self.assertNotIn("mistakes", screen.stdout)
        self.assertIn("the credential 'port' is not known here: it is the service's own", screen.stdout)
        check = self.fleet_edge("check", "-c", config)
        self.assertEqual((check.returncode, check.stderr), (0, ""), check.stdout)
        self.assertRegex(check.stdout, r"note: .*fleet-edge.yaml:\d+: the credential 'port'")

    def test_without_an_agent_it_says_so_and_shows_what_waits(self):
        self.start("127.0.0.1:1")
        self.wait_for_status(lambda status: status["records"]["accepted"] > 30)
        self.agent.terminate()
        down = self.status()
        self.assertEqual(down.returncode, 4)
        self.assertIn("NOT RUNNING", down.stdout)
        self.assertIn("systemctl start fleet-edge", down.stdout)
        self.assertIn("telemetry 30 in", down.stdout)
        self.assert_a_credential_is_no_mistake()
        told = json.loads(self.status("--json").stdout)
        self.assertEqual(told["health"]["status"], "down")
        self.assertGreaterEqual(told["outbox"]["records"], 10)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to become another user")
    def test_who_may_not_ask_is_told_to_use_sudo(self):
        closed = self.folder / "closed"
        closed.mkdir(mode=0o750)
        self.folder.chmod(0o755)
        refused = self.fleet_edge("status", "--dir", closed, user=65534, group=65534, extra_groups=[])
        self.assertEqual(refused.returncode, 4)
        self.assertIn("sudo", refused.stdout)
        self.assertIn("group root", refused.stdout)

    def test_two_places_at_once_are_a_wrong_command_line(self):
        self.assertEqual(self.fleet_edge("status", "--dir", "/a", "-c", "/b").returncode, 2)
        self.assertEqual(self.fleet_edge("status", "--json", "--watch").returncode, 2)


if __name__ == "__main__":
    unittest.main()
