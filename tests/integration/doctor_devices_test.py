"""Devices and sensors' brokers with one thing wrong: `fleet-edge doctor` names it, and nothing else."""

import subprocess

from support import faults
from support.doctor import CLOSED, DoctorTest, sentence

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


if __name__ == "__main__":
    faults.main()
