"""A real Prometheus reads the agent's metrics as packaging/monitoring/ sets it up: what it answers is what the
status file says, and every query of the dashboard and of the alert rules has an answer."""

import json
import pathlib
import re
import subprocess
import sys
import threading
import time
import unittest
import urllib.parse
import urllib.request

from support.promtool import find_prometheus, find_promtool
from support.road_test import SECONDS, RoadTest
from demo.process import Process
from demo.road import free_port

MONITORING = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "monitoring"
RULES = """
groups:
  - name: always
    interval: 1s
    rules:
      - alert: Driving
        expr: vehicle_speed_kmh >= 0
        labels: {severity: warning}
"""
# What Grafana fills in.
VARIABLES = {"$fleet": "north", "$vehicle": "tanker-1|tanker-2", "$__rate_interval": "10s"}


class MetricsTest(RoadTest):
    def setUp(self):
        super().setUp()
        self.road.mosquitto()
        self.rules = self.folder / "rules.yaml"
        self.rules.write_text(RULES)
        _, hub = self.road.hub()
        self.config = self.road.configure("tanker-1", hub, self.rules)
        text = self.config.read_text()
        self.config.write_text(text.replace('listen: "127.0.0.1:0"', 'listen: "127.0.0.1:0", signals: true'))
        self.agent = self.road.agent(self.config)
        self.address = self.agent.expect(r"http://(\S+) shows this agent", SECONDS)[1]

    def test_prometheus_by_way_of_the_vehicles_own_knows_what_the_status_file_says(self):
        self.start_prometheus()
        trip = self.road.simulate("--vehicles", 1, "--hz", 5, "--duration", "8s")
        self.until(lambda: self.value("fleet_edge_alerts{alert='Driving', state='firing'}") == 1, "an alert")
        self.assertEqual(trip.wait(SECONDS), 0)

        def differences():
            status = json.loads((self.config.parent / "status.json").read_text())
            answers = ((query, value, self.value(query)) for query, value in told(status).items())
            return [answer for answer in answers if answer[1] != answer[2]]

        self.until(lambda: not differences(), "the status file's numbers", differences)
        self.assertGreater(self.value("fleet_edge_records_acknowledged_total"), 100)
        self.assertGreater(self.value("fleet_edge_signal_value{signal='cargo_celsius', zone='1'}"), -50)
        self.assertAlmostEqual(self.value("process_start_time_seconds"), time.time(), delta=120)
        self.check_dashboard()

    def check_dashboard(self):
        self.rules.write_text(RULES.replace(">=", "=>"))  # a problem, for the panel that lists them
        self.until(lambda: self.value("fleet_edge_problem{id='rules_refused'}") == 1, "a problem")
        dashboard = json.loads((MONITORING / "fleet-edge.json").read_text())
        queries = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
        self.assertGreater(len(queries), 25)
        for query in queries:
            for variable, value in VARIABLES.items():
                query = query.replace(variable, value)
            with self.subTest(query=query):
                self.assertNotIn("$", query)
                self.assertTrue(self.query(query), "has no answer")
        for variable in dashboard["templating"]["list"][1:]:
            label, = re.findall(r", (\w+)\)$", variable["definition"])
            self.assertEqual(self.api(f"label/{label}/values"), [{"fleet": "north", "vehicle": "tanker-1"}[label]])
        groups = self.api("rules")["groups"]
        self.until(lambda: all(rule["health"] == "ok" for group in self.api("rules")["groups"]
                               for rule in group["rules"]), "rules that work")
        self.assertGreater(sum(len(group["rules"]) for group in groups), 10)

    def test_promtool_finds_nothing_to_say_of_names_and_units(self):
        with urllib.request.urlopen(f"http://{self.address}/metrics", timeout=SECONDS) as page:
            self.assertEqual(page.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
            check = subprocess.run([find_promtool(), "check", "metrics"], input=page.read(), capture_output=True)
        self.assertEqual((check.returncode, check.stdout, check.stderr), (0, b"", b""))

    def start_prometheus(self):
        """The fleet's, and one on the vehicle that sends to it; each second."""
        fleet, vehicle = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        self.prometheus = f"http://{fleet}"
        config = self.write("prometheus.yml", ("interval: 30s", "interval: 1s"))
        self.write("fleet-edge.rules.yml")
        self.start("prometheus", "--config.file", config, "--web.enable-remote-write-receiver",
                   "--web.listen-address", fleet, "--storage.tsdb.path", self.folder / "tsdb")
        config = self.write("vehicle.yml", ("interval: 30s", "interval: 1s"), ("tanker-17", "tanker-1"),
                            ("127.0.0.1:9150", self.address), ("https://prometheus.example", self.prometheus))
        self.start("prometheus-vehicle", "--config.file", config, "--enable-feature", "agent",
                   "--web.listen-address", vehicle, "--storage.agent.path", self.folder / "wal")

    def start(self, name, *options):
        process = Process(name, [find_prometheus(), *options], self.folder)
        self.processes.append(process)
        process.expect("Server is ready", SECONDS)

    def write(self, name, *changes):
        text = (MONITORING / name).read_text()
        for right, other in changes:
            self.assertIn(right, text)
            text = text.replace(right, other)
        (self.folder / name).write_text(text)
        return self.folder / name

    def api(self, path, **parameters):
        address = f"{self.prometheus}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:
            return json.load(answer)["data"]

    def query(self, query):
        return self.api("query", query=query)["result"]

    def value(self, query):
        """Of the one series that answers; None when none or several do."""
        result = self.query(query)
        return float(result[0]["value"][1]) if len(result) == 1 else None

    def until(self, condition, what, details=lambda: ""):
        """Returns when `condition()` holds: Prometheus tells nobody that it has new data."""
        deadline = time.monotonic() + SECONDS
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"Prometheus has not learned of {what}: {details()}")
            threading.Event().wait(0.3)


def told(status):
    """Query → value, of what stands still once all is delivered."""
    records = status["records"]
    queries = {f"fleet_edge_records_{name}_total": records[name] for name in ("accepted", "recovered", "acknowledged")}
    queries |= {"fleet_edge_records_queued": 0, "fleet_edge_records_residual": 0,
                "sum(fleet_edge_records_dropped_total)": records["dropped"],
                "fleet_edge_outbox_quota_bytes": status["outbox"]["quota_bytes"],
                "fleet_edge_hub_up": int(status["hub"]["link"] == "up"),
                "fleet_edge_hub_batches_sent_total": status["hub"]["sent"],
                "fleet_edge_rules": status["rules"]["in_force"],
                "fleet_edge_clock_synced": int(status["clock"]["synced"])}
    return queries | status["counters"]


if __name__ == "__main__":
    if not (find_prometheus() and find_promtool()):
        print("skipped: needs prometheus and promtool (scripts/setup test)")
        sys.exit(77)
    unittest.main()
