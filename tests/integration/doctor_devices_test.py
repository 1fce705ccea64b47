"""Devices and sensors' brokers with one thing wrong: `fleet-edge doctor` names it, and nothing else."""

import os
import signal
import socket
import subprocess
import termios
import time

from support import faults
from support.doctor import CLOSED, PROGRAM, DoctorTest, Pty, noise, sentence

PROBES = {"unit_id": 1, "signals": {'cargo_celsius{zone="1"}': {"register": 1, "scale": 0.1}}}


class DevicesTest(DoctorTest):
    """The hub is away."""

    known_wrong = DoctorTest.known_wrong | {"port_closed"}

    def drivers(self, *drivers):
        self.write(CLOSED, drivers=drivers)

    def published(self, **topics):
        """A broker on which these payloads are retained; its driver reads /coolant of vehicle/engine."""
        port = self.mosquitto()
        for topic, payload in topics.items():
            subprocess.run(["mosquitto_pub", "-p", str(port), "-t", topic.replace("_", "/"), "-r", "-m", payload],
                           check=True)
        self.drivers({"mqtt": {"broker": f"mqtt://127.0.0.1:{port}", "topics": [
            {"filter": "vehicle/engine", "signals": {"engine_coolant_celsius": {"pointer": "/coolant"}}}]}})

    def test_01_a_modbus_unit_that_does_not_answer_has_not_said_anything_unreadable(self):
        self.drivers({"modbus": {"device": self.serial(), **PROBES}})
        self.assert_names("driver", "driver_silent", "unit_id", what="unit 1 doesn't answer")

    def test_02_a_thermometer_that_is_not_there(self):
        self.drivers({"sysfs": {"root": str(self.folder), "signals": {"cargo_celsius": {"w1": "28-000000000000"}}}})
        self.assert_names("driver", "driver_silent", "ls /sys/bus/w1/devices", what="28-000000000000")

    def test_03_a_filter_that_matches_nothing_is_told_what_there_is(self):
        self.published(vehicle_motor='{"coolant":88}')
        self.assert_names("driver", "series_missing", "mosquitto_sub",
                          what="nothing is published on vehicle/engine; there is vehicle/motor")

    def test_04_a_payload_that_is_no_json_is_shown_once(self):
        self.published(vehicle_engine="coolant=88")
        self.assert_names("driver", "input_refused", "codec", what="carries coolant=88")

    def test_05_a_number_that_is_written_as_text(self):
        self.published(vehicle_engine='{"coolant":"88"}')
        self.assert_names("driver", "input_refused", "pointers", what='carries {"coolant":"88"}')

    def test_06_one_reading_is_not_called_readings(self):
        self.published(vehicle_engine='{"coolant":88}')
        _, findings = self.doctor()
        self.assertIn("1 reading of 1 series", {one["what"][:21] for one in findings if one["check"] == "driver"})

    def test_07_two_drivers_on_one_port(self):
        port = self.serial(sentence)
        (self.folder / "receiver").symlink_to(port)
        self.drivers({"nmea": {"device": port}}, {"modbus": {"device": str(self.folder / "receiver"), **PROBES}})
        findings = self.assert_names("device", "device_busy", "another port", what="the driver nmea reads this port")
        self.assertIn(("modbus", "skipped"), {(one["subject"], one["result"]) for one in findings if one["check"] == "driver"})

    def test_08_nothing_listens_at_a_devices_address(self):
        for kind, mend, more in (("gpsd", "systemctl start gpsd", {}), ("obd", "in this network", {}),
                                 ("nmea", "in this network", {}), ("modbus", "in this network", PROBES)):
            with self.subTest(kind):
                self.drivers({kind: {"address": CLOSED, **more}})
                _, findings = self.doctor()
                wrong = [one for one in findings if one["check"] in ("device", "driver") and one["result"] == "error"]
                self.assertEqual([(one["id"], one["subject"]) for one in wrong], [("port_closed", f"{kind} {CLOSED}")])
                self.assertIn(mend, wrong[0]["mend"])

    def test_09_what_listens_at_the_address_is_no_gpsd(self):
        with socket.create_server(("127.0.0.1", 0)) as mute:
            self.drivers({"gpsd": {"address": f"127.0.0.1:{mute.getsockname()[1]}"}})
            self.assert_names("driver", "driver_silent", "address is gpsd's", what="does not greet as gpsd does")

    def test_10_an_agent_that_hangs_is_told_of_and_not_its_devices(self):
        self.drivers({"nmea": {"device": self.serial(sentence)}})
        agent = subprocess.Popen([PROGRAM, "run", "-c", self.config], stdin=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True)
        self.addCleanup(agent.stderr.close)
        self.addCleanup(agent.wait)
        self.addCleanup(agent.kill)
        while "reads its device" not in (line := agent.stderr.readline()):
            self.assertTrue(line, "the agent ended")
        agent.send_signal(signal.SIGSTOP)
        self.assert_names("agent", "agent_silent", "systemctl restart", what=f"pid {agent.pid}")
        status = subprocess.run([PROGRAM, "status", "-c", self.config], capture_output=True, text=True, check=False)
        self.assertRegex(status.stdout, rf"^NO ANSWER  fleet-edge \(pid {agent.pid}\) holds the outbox")
        self.assertEqual(status.returncode, 4)

    def test_11_a_receiver_at_another_rate_is_heard_there(self):
        port = self.enterContext(Pty(lambda: sentence() if port.speed == termios.B4800 else noise()))
        port.leave_to_others()
        self.drivers({"nmea": {"device": port.path, "baud": 9600}})
        self.assert_names("driver", "input_refused", "Set `baud: 4800`", what="heard at baud 4800")

    def test_12_what_speaks_on_the_port_is_no_receiver(self):
        self.drivers({"nmea": {"device": self.serial(lambda: b"login: \r\n")}})
        self.assert_names("driver", "input_refused", "receiver's port", what="login: ")

    @faults.needs_root
    def test_13_the_services_unit_does_not_let_it_have_the_device(self):
        systemctl = self.folder / "systemctl"
        systemctl.write_text("#!/bin/sh\nprintf 'LoadState=loaded\\nPrivateDevices=yes\\nDevicePolicy=closed\\n'\n")
        systemctl.chmod(0o755)
        self.drivers({"nmea": {"device": self.serial(sentence)}})
        self.assert_names("device", "unit_denies", "DeviceAllow=/dev/pts/", what="PrivateDevices=yes",
                          environment={"PATH": f"{self.folder}:{os.environ['PATH']}"})

    @faults.needs_root
    def test_14_a_systemctl_that_hangs_holds_nobody_up(self):
        systemctl = self.folder / "systemctl"
        systemctl.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
        systemctl.chmod(0o755)
        self.drivers()
        begin = time.monotonic()
        self.doctor(environment={"PATH": f"{self.folder}:{os.environ['PATH']}"})
        self.assertLess(time.monotonic() - begin, 8)

    def test_15_a_password_file_that_is_not_there_is_told_once(self):
        self.drivers({"mqtt": {"broker": f"mqtt://127.0.0.1:{self.mosquitto()}", "username": "box",
                               "password_file": "/nowhere/password", "topics": [
                                   {"filter": "a", "signals": {"engine_coolant_celsius": {"pointer": "/b"}}}]}})
        findings = self.assert_names("rights", "not_permitted", "password_file", what="No such file")
        self.assertEqual({one["result"] for one in findings if one["check"] == "driver"}, {"skipped"})


if __name__ == "__main__":
    faults.main()
