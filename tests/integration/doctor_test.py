"""Boxes with one thing wrong: `fleet-edge doctor` names it, and nothing else.

A real mosquitto, pseudo-terminals for serial ports, small file systems.
"""

import contextlib
import ctypes
import json
import os
import socket
import subprocess

from support import faults
from support.doctor import CLOSED, PROGRAM, DoctorTest, Pty, free_port, noise, sentence

RULE = """groups:
- name: speed
  rules:
  - alert: Speeding
    expr: vehicle_speed_kmh > 90
"""
RULE_TEST = """rule_files: [../speed.yaml]
tests:
- name: it fires above ninety
  interval: 1s
  input_series: [{series: vehicle_speed_kmh, values: '80x5'}]
  alert_rule_test: [{eval_time: 4s, alertname: Speeding, exp_alerts: [{exp_labels: {}}]}]
"""


class BoxTest(DoctorTest):
    """What is wrong on the box; the hub is away."""

    known_wrong = DoctorTest.known_wrong | {"port_closed"}
    hub = CLOSED

    def test_01_a_mistake_in_the_configuration(self):
        self.write(self.hub, extra="queue: {readings: many}\n")
        findings = self.assert_names("config", "config_wrong", "number", what="many")
        self.assertIn("skipped", {one["result"] for one in findings if one["check"] == "login"})

    def rules(self, text):
        (self.folder / "tests").mkdir()
        (self.folder / "speed.yaml").write_text(text)
        self.write(self.hub, drivers=[], extra="rules: [speed.yaml]\n")

    def test_02_a_mistake_in_a_rule(self):
        self.rules(RULE.replace("> 90", "> > 90"))
        self.assert_names_but_drivers("rules", "rules_refused", "")

    def test_03_a_test_of_rules_fails(self):
        self.rules(RULE)
        (self.folder / "tests" / "speed.yaml").write_text(RULE_TEST)
        self.assert_names_but_drivers("rules", "rule_tests_failing", "fleet-edge test")

    def assert_names_but_drivers(self, check, identifier, word):
        """Without a driver there is a warning of the configuration's."""
        _, findings = self.doctor()
        wrong = [one for one in findings if one["check"] == check and one["result"] == "error"]
        self.assertEqual({one["id"] for one in wrong}, {identifier}, wrong)
        self.assertIn(word, wrong[0]["mend"])

    @faults.needs_root
    def test_04_the_service_may_not_read_the_configuration(self):
        self.write(self.hub)
        self.config.chmod(0o600)
        self.assert_names("config", "config_unreadable", "chmod 640", user="nobody")

    @faults.needs_root
    def test_05_the_service_may_not_write_the_outbox(self):
        (self.folder / "outbox").mkdir()
        self.write(self.hub)
        self.assert_names("rights", "not_permitted", "chown -R nobody", user="nobody")

    def small_disk(self):
        disk = self.folder / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=True)
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        return disk

    @faults.needs_root
    def test_06_the_disk_is_full(self):
        disk = self.small_disk()
        with contextlib.suppress(OSError):
            (disk / "somebody-else's").write_bytes(bytes(1 << 20))
        self.write(self.hub, outbox=disk)
        self.assert_names("disk", "disk_failing", "Make room", what="full")

    @faults.needs_root
    def test_07_the_disk_is_read_only(self):
        disk = self.small_disk()
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        self.write(self.hub, outbox=disk)
        self.assert_names("disk", "disk_failing", "remount,rw", what="read-only")

    def test_08_a_device_is_missing(self):
        self.write(self.hub, drivers=[{"nmea": {"device": "/dev/ttyNONE"}}])
        self.assert_names("device", "device_missing", "/dev/serial/by-id")

    @faults.needs_root
    def test_09_the_service_may_not_open_a_device(self):
        device = self.serial(sentence)
        os.chmod(device, 0o600)
        self.folder.chmod(0o777)
        self.write(self.hub, drivers=[{"nmea": {"device": device}}])
        self.assert_names("device", "not_permitted", "usermod -aG", user="nobody")

    def test_10_a_receiver_at_the_wrong_rate_is_noise(self):
        self.write(self.hub, drivers=[{"nmea": {"device": self.serial(noise), "baud": 9600}}])
        self.assert_names("driver", "input_refused", "baud: 4800", what="at baud 9600")

    def test_11_a_receiver_is_silent(self):
        self.write(self.hub, drivers=[{"nmea": {"device": self.serial()}}])
        self.assert_names("driver", "driver_silent", "powered")

    def mqtt(self, port, **options):
        return {"mqtt": {"broker": f"mqtt://127.0.0.1:{port}", **options, "topics": [
            {"filter": "vehicle/engine", "codec": "json",
             "signals": {"engine_coolant_celsius": {"pointer": "/coolant"}}}]}}

    def test_12_the_sensors_broker_is_down(self):
        self.write(self.hub, drivers=[self.mqtt(free_port())])
        _, findings = self.doctor()
        broker = [one for one in findings if one["check"] == "driver" and one["result"] == "error"]
        self.assertEqual([one["id"] for one in broker], ["port_closed"])
        self.assertIn("systemctl start mosquitto", broker[0]["mend"])

    def test_13_the_sensors_broker_refuses_the_password(self):
        passwords = self.folder / "passwords"
        subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "box", "right"], check=True,
                       stderr=subprocess.DEVNULL)
        passwords.chmod(0o644)
        (self.folder / "secret").write_text("wrong\n")
        (self.folder / "secret").chmod(0o600)
        port = self.mosquitto(f"allow_anonymous false\npassword_file {passwords}")
        self.write(self.hub, drivers=[self.mqtt(port, username="box",
                                                password_file=str(self.folder / "secret"))])
        findings = self.assert_names("driver", "login_refused", "password_file", what="refuses box")
        self.assertNotIn("wrong", json.dumps([one["what"] for one in findings]))

    def test_14_a_json_pointer_is_not_in_what_is_published(self):
        port = self.mosquitto()
        subprocess.run(["mosquitto_pub", "-p", str(port), "-t", "vehicle/engine", "-r", "-m",
                        '{"coolant_temperature":88}'], check=True)
        self.write(self.hub, drivers=[self.mqtt(port)])
        self.assert_names("driver", "series_missing", "pointers", what='/coolant: vehicle/engine carries {"cool')

    def test_15_nothing_is_published_on_a_topic(self):
        self.write(self.hub, drivers=[self.mqtt(self.mosquitto())])
        self.assert_names("driver", "series_missing", "filters", what="nothing is published on vehicle/engine")

    def test_16_another_program_has_the_port(self):
        with Pty(sentence) as port:
            self.write(self.hub, drivers=[{"nmea": {"device": port.path}}])
            self.assert_names("device", "device_busy", "Stop that program", what=f"pid {os.getpid()}")

    def test_17_the_clock_is_kept_by_nobody(self):
        """As it is on many a machine of a test: the kernel says which."""
        unsynchronised = 5  # TIME_ERROR of ntp_gettime(3)
        expected = ctypes.CDLL(None).ntp_gettime(ctypes.create_string_buffer(256)) == unsynchronised
        self.write(self.hub)
        _, findings = self.doctor()
        clock = [one for one in findings if one["check"] == "clock"]
        self.assertEqual([one["id"] == "clock_not_set" for one in clock], [expected])
        if expected:
            self.assertIn("chrony", clock[0]["mend"])

    def test_18_another_program_has_the_status_pages_port(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.write(self.hub)
            text = self.config.read_text()
            begin, _, rest = text.partition("127.0.0.1:")
            self.config.write_text(f"{begin}127.0.0.1:{taken.getsockname()[1]}'" + rest[rest.index("}"):])
            self.assert_names("http", "port_taken", "http.listen")

    def test_20_the_displays_broker_is_down(self):
        self.write(self.hub, extra=f"notify: {{driver: {{mqtt: {{broker: 'mqtt://127.0.0.1:{free_port()}'}}}}}}\n")
        self.assert_names_but_hub("display", "port_closed", "systemctl start mosquitto")

    def test_21_the_displays_broker_wants_a_user(self):
        passwords = self.folder / "passwords"
        passwords.touch(0o644)
        port = self.mosquitto(f"allow_anonymous false\npassword_file {passwords}")
        self.write(self.hub, extra=f"notify: {{driver: {{mqtt: {{broker: 'mqtt://127.0.0.1:{port}'}}}}}}\n")
        self.assert_names_but_hub("display", "login_refused", "username")

    def test_22_the_broker_that_rules_come_from_has_another_name(self):
        self.write(self.hub, extra="rule_delivery: {mqtt: {broker: 'mqtt://rules.invalid:1883'}}\n")
        self.assert_names_but_hub("delivery", "name_unknown", "resolv.conf")

    def test_23_what_is_at_the_port_that_rules_come_from_is_no_broker(self):
        with socket.create_server(("127.0.0.1", 0)) as mute:
            self.write(self.hub, extra=f"rule_delivery: {{mqtt: {{broker: 'mqtt://127.0.0.1:{mute.getsockname()[1]}'}}}}\n")
            self.assert_names_but_hub("delivery", "delivery_refused", "mqtt://")

    def assert_names_but_hub(self, check, identifier, word):
        """The hub's closed port has an identifier that a broker's has, too."""
        _, findings = self.doctor()
        wrong = [one for one in findings if one["result"] in ("error", "warning") and one["check"] not in ("tcp", "config")
                 and one["id"] not in self.known_wrong - {"port_closed"}]
        self.assertEqual([(one["check"], one["id"]) for one in wrong], [(check, identifier)])
        self.assertIn(word, wrong[0]["mend"])

    def test_19_an_agent_that_runs_is_asked(self):
        self.write(self.hub, drivers=[{"nmea": {"device": self.serial(sentence)}}])
        agent = subprocess.Popen([PROGRAM, "run", "-c", self.config], stdin=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True)
        self.addCleanup(agent.stderr.close)
        self.addCleanup(agent.wait)
        self.addCleanup(agent.terminate)
        while "reads its device" not in (line := agent.stderr.readline()):
            self.assertTrue(line, "the agent ended")
        _, findings = self.doctor()
        told = {(one["check"], one["result"]): one["what"] for one in findings}
        self.assertIn("an agent runs", told["agent", "ok"])
        self.assertIn("the agent that runs has the devices", told["driver", "skipped"])

    @faults.needs_root
    def test_24_the_disk_has_room_and_no_inodes(self):
        disk = self.folder / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,nr_inodes=20", "tmpfs", disk], check=True)
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        with contextlib.suppress(OSError):
            for number in range(20):
                (disk / str(number)).touch()
        self.write(self.hub, outbox=disk)
        self.assert_names("disk", "disk_failing", "du --inodes", what="no inode left")

    def test_25_the_outbox_is_a_file(self):
        (self.folder / "outbox").touch()
        self.write(self.hub)
        self.assert_names("disk", "config_wrong", "outbox.directory", what="it is a file")

    @faults.needs_root
    def test_26_a_folder_of_the_configuration_can_not_be_entered(self):
        self.write(self.hub)
        fragments = self.folder / "conf.d"
        fragments.mkdir(0o700)
        (fragments / "10-log.yaml").write_text("log: {level: info}\n")
        self.assert_names("config", "config_unreadable", f"chmod g+rx {fragments}`", user="nobody")

    def test_27_a_fragment_that_leads_nowhere(self):
        self.write(self.hub)
        (self.folder / "conf.d").mkdir()
        (self.folder / "conf.d" / "10-log.yaml").symlink_to("/nowhere")
        self.assert_names("config", "config_unreadable", "remove the link")

    def test_28_a_fragment_that_is_not_read(self):
        self.write(self.hub, drivers=[{"nmea": {"device": self.serial(sentence)}}])
        (self.folder / "conf.d").mkdir()
        (self.folder / "conf.d" / "10-log.yml").write_text("log: {level: info}\n")
        self.assert_names("config", "config_wrong", ".yaml", what="is not read")

    def test_29_a_rule_asks_for_a_signal_that_nothing_gives(self):
        (self.folder / "speed.yaml").write_text(RULE.replace("vehicle_speed", "vehicle_sped"))
        self.write(self.hub, drivers=[{"nmea": {"device": self.serial(sentence)}}], extra="rules: [speed.yaml]\n")
        self.assert_names("rules", "rules_doubtful", "vehicle_speed_kmh", what="vehicle_sped_kmh")

    @faults.needs_root
    def test_30_the_service_may_not_read_a_rule(self):
        self.folder.chmod(0o777)
        (self.folder / "speed.yaml").write_text(RULE)
        (self.folder / "speed.yaml").chmod(0o600)
        self.write(self.hub, extra="rules: [speed.yaml]\n")
        _, findings = self.doctor(user="nobody")
        told = [one for one in findings if one["check"] == "rights" and one["result"] == "error"]
        self.assertEqual([one["id"] for one in told], ["not_permitted"])
        self.assertIn("chmod 640", told[0]["mend"])

    def listen_at(self, place):
        self.write(self.hub)
        text = self.config.read_text()
        begin, _, rest = text.partition("127.0.0.1:")
        self.config.write_text(f"{begin}{place}{rest[rest.index(chr(39)):]}")

    def test_31_the_status_pages_address_is_another_machines(self):
        self.listen_at("192.0.2.7:9150")
        self.assert_names("http", "port_refused", "ip -br address")

    @faults.needs_root
    def test_32_the_status_pages_port_is_roots(self):
        self.folder.chmod(0o777)
        self.listen_at("127.0.0.1:80")
        self.assert_names("http", "port_refused", "9150", what="root's", user="nobody")


if __name__ == "__main__":
    faults.main()
