"""docs/consuming.md runs as it stands: both consumers print the recording, from a real Kafka."""

import csv
import json
import random
import re
import struct
import unittest
from datetime import datetime, timedelta, timezone

from support.file_watch import wait_for_file
from support.guide import GuideTest
from support.kafka import Kafka
from support.road_test import SECONDS

ADDRESS = "127.0.0.1:9092"  # the page's
BEGIN = datetime(2026, 11, 21, 6, tzinfo=timezone.utc)
MISHAPS = """
import sys
sys.path.append("consumers/python")
from confluent_kafka import Producer
from fleet.v1.status_pb2 import Gap, StatusEvent, Test
from fleet.v1.telemetry_pb2 import Row, TelemetryBatch

producer = Producer({"bootstrap.servers": "127.0.0.1:9092"})
for seq in (1, 2, 2, 1, 5, 9):
    batch = TelemetryBatch(vehicle="cab-9", epoch=1, seq=seq, rows=[Row(signal="n", value=seq)])
    producer.produce("fleet.telemetry.v1", batch.SerializeToString(), batch.vehicle)
gap = Gap(topic="fleet.telemetry.v1", epoch=1, from_seq=6, to_seq=7, records=2, reason="quota")
status = StatusEvent(vehicle="cab-9", epoch=1, seq=1, gap=gap)
producer.produce("fleet.status.v1", status.SerializeToString(), status.vehicle)
test = StatusEvent(vehicle="cab-9", epoch=0, seq=1795312558238266, test=Test(sender="doctor"))
producer.produce("fleet.status.v1", test.SerializeToString(), test.vehicle)
producer.produce("fleet.telemetry.v1", b"no message")
cut = TelemetryBatch(vehicle="cab-8", epoch=1, seq=1, signals=[1], columns=b"!")
producer.produce("fleet.telemetry.v1", cut.SerializeToString(), cut.vehicle)
producer.flush()
"""


class ConsumingPageTest(GuideTest):
    page = "consuming.md"

    def setUp(self):
        super().setUp()
        self.kafka = self.enterContext(Kafka())
        self.change("desk.yaml", (ADDRESS, self.kafka.address), ("rules:", "status: {file: status.json}\nrules:"))
        # As on the page: Python's environment, the classes, a run, Java's build and run, a run with --json.
        (self.make_python, self.python, self.make_java, self.java, self.json) = [
            block.replace(ADDRESS, self.kafka.address) for block in self.of_kind("sh")]

    def deliver(self):
        """The recording's vehicle drives, and all of it is at the hub."""
        (terminal,) = self.of_kind("sh terminal")
        (self.clone / "status.json").unlink(missing_ok=True)
        agent = self.start_block(terminal)
        agent.expect("drive.csv has ended", SECONDS)
        wait_for_file(self.clone / "status.json",
                      lambda text: text and is_delivered(json.loads(text)), SECONDS)
        self.assertEqual(agent.terminate(), 0)
        agent.expect("stopped; 0 records wait", 1)

    def test_both_print_what_the_vehicle_has_read(self):
        self.run_block(self.make_python)
        self.run_block(self.make_java)
        with self.subTest("the page's recording, now, and its alerts"):
            self.deliver()
            printed = self.lines(self.python)
            self.assertEqual(sorted(printed), sorted(self.lines(self.java)))
            self.assert_recording(readings(printed))
            for line in self.of_kind("text")[0].splitlines():
                self.assertIn(line.split(" ", 1)[1], [text.split(" ", 1)[1] for text in printed])
            self.assert_documents(self.lines(self.json), printed)
        with self.subTest("times and values that want each code of the encoding"):
            want = write_odd_recording(self.clone / "drive.csv")
            self.change("desk.yaml", ("path: drive.csv", "path: drive.csv, speed: max"), ("tanker-1", "odd-1"),
                        ("outbox:", "quality: {max_age: 3650d}\noutbox:"))
            self.deliver()
            for program in (self.python, self.java):
                got = readings(self.lines(program), "odd-1")
                self.assertTrue(sorted(got) == sorted(want), f"{program}: {len(got)} of {len(want)} readings")

        with self.subTest("duplicates, holes, a gap that is told, and a record that is none"):
            self.run_block("venv/bin/python - <<'END'\n" + MISHAPS.replace(ADDRESS, self.kafka.address) + "END\n")
            for program in (self.python, self.java):
                done = self.run_block(program)
                got = [value for _, _, value in readings(done.stdout.splitlines(), "cab-9")]
                self.assertEqual(got, [1, 2, 5, 9])
                self.assertEqual(re.findall("cab-9 .* have not come", done.stderr),
                                 [f"cab-9 fleet.telemetry.v1 epoch 1: {hole} have not come" for hole in ("3 to 4", "8 to 8")])
                self.assertEqual(done.stderr.count("fleet.telemetry.v1: a record is unreadable"), 2)

    def lines(self, program):
        return self.run_block(program).stdout.splitlines()

    def assert_recording(self, got):
        """Shifted to now as a whole."""
        want = recording(self.clone / "drive.csv")
        shift = min(got)[0] - min(want)[0]
        self.assertEqual(sorted(got), sorted((time + shift, series, value) for time, series, value in want))

    def assert_documents(self, lines, printed):
        found = [json.loads(line) for line in lines]
        self.assertEqual(len(found), len(printed))
        self.assertEqual(len({document["id"] for document in found}), len(found))
        (shown,) = map(json.loads, self.of_kind("json"))
        same = [document for document in found if document.get("value") == shown["value"]]
        self.assertIn(shown.keys(), [document.keys() for document in same])


def is_delivered(status):
    return status["records"]["acknowledged"] > 0 and status["records"]["queued"] == 0


def readings(lines, vehicle="tanker-1"):
    """(time, series, value) of the lines that tell a reading."""
    found = [re.fullmatch(rf"(\S+) {vehicle} ([a-z_]+(?:{{.*?}})?) (\S+)", line) for line in lines]
    return [(datetime.fromisoformat(line[1]), line[2], float(line[3])) for line in found if line]


def recording(file):
    """The same of a CSV."""
    with open(file, newline="") as text:
        rows = list(csv.DictReader(text))
    return [(datetime.fromisoformat(row["time"]), series, float(value))
            for row in rows for series, value in row.items() if series != "time" and value]


def write_odd_recording(file):
    """Times and values that want each code of the encoding, from a fixed seed; as readings."""
    chance = random.Random(44)
    columns = {
        "constant": lambda n: 7.5, "steady": lambda n: 3.0 * n, "walk": lambda n: chance.randint(-40, 40) / 8,
        "tiny": lambda n: chance.random() * 1e-9, "huge": lambda n: chance.randint(-2**52, 2**52),
        "third": lambda n: n / 3, "bits": lambda n: any_double(chance),
        'probe{axle="2",side="left"}': lambda n: chance.choice([-1.0, 0.0, 1.0])}
    rows, time = [], BEGIN
    for n in range(3000):
        time += timedelta(microseconds=chance.choice([1_000_000, 1_000_000, 10_000, 1]))
        rows.append((time, {name: float(value(n)) for name, value in columns.items() if chance.random() < 0.8}))
    with open(file, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["time", *columns])
        writer.writerows([time.isoformat(timespec="microseconds").replace("+00:00", "Z"),
                          *(values.get(name, "") for name in columns)] for time, values in rows)
    return [(time, series, value) for time, values in rows for series, value in values.items()]


def any_double(chance):
    """A finite one of any magnitude."""
    while True:
        (value,) = struct.unpack(">d", chance.randbytes(8))
        if value == value and abs(value) != float("inf"):
            return value


if __name__ == "__main__":
    unittest.main()
