"""packaging/monitoring/: promtool takes the alert rules, their tests and the configurations; the dashboard is one
that Grafana reads."""

import itertools
import json
import pathlib
import re
import subprocess
import sys
import unittest

from support.promtool import find_promtool

MONITORING = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "monitoring"
TABLE = MONITORING.parents[1] / "agent" / "metrics" / "metric_table.cc"


class MonitoringTest(unittest.TestCase):
    def test_the_readmes_commands_find_no_mistake(self):
        lines = re.findall(r"^\$ (.*)$", (MONITORING / "README.md").read_text(), re.M)
        self.assertGreater(len(lines), 2)
        for line in lines:
            program, *arguments = line.split()
            self.assertEqual(program, "promtool")
            run = subprocess.run([find_promtool(), *arguments], cwd=MONITORING, capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_rules_and_dashboard_ask_for_metrics_that_there_are(self):
        known = set(re.findall(r'\{"(\w+)", k', TABLE.read_text()))
        for file in ("fleet-edge.rules.yml", "fleet-edge.json"):
            asked = set(re.findall(r"\b(?:fleet_edge|process)_\w+", (MONITORING / file).read_text()))
            self.assertGreater(len(asked), 5)
            self.assertLessEqual(asked, known)

    def test_each_alert_has_a_severity_a_summary_and_a_mend(self):
        text = (MONITORING / "fleet-edge.rules.yml").read_text()
        alerts = text.split("- alert: ")[1:]
        self.assertGreater(len(alerts), 10)
        for alert in alerts:
            for part in (r"labels: \{severity: (critical|warning)\}", r"summary: '.*\{\{ \$labels\.(vehicle|fleet) \}\}",
                         r"mend: '\w"):
                self.assertRegex(alert, part)

    def test_the_dashboards_panels_have_an_id_a_place_and_a_source_of_their_own(self):
        dashboard = json.loads((MONITORING / "fleet-edge.json").read_text())
        self.assertIsNone(dashboard["id"])  # else an import would overwrite somebody's dashboard
        names = [variable["name"] for variable in dashboard["templating"]["list"]]
        self.assertEqual(names, ["datasource", "fleet", "vehicle"])
        panels = dashboard["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        for panel in panels:
            self.assertLessEqual(panel["gridPos"]["x"] + panel["gridPos"]["w"], 24)
            for target in panel.get("targets", []):
                self.assertEqual(target["datasource"], {"type": "prometheus", "uid": "${datasource}"})
                self.assertRegex(target["expr"], "vehicle=~\"\\$vehicle\"")
        for one, other in itertools.combinations((panel["gridPos"] for panel in panels), 2):
            self.assertFalse(overlap(one, other), (one, other))


def overlap(one, other):
    return all(one[at] < other[at] + other[size] and other[at] < one[at] + one[size] for at, size in ("xw", "yh"))


if __name__ == "__main__":
    if not find_promtool():
        print("skipped: needs promtool (scripts/setup test)")
        sys.exit(77)
    unittest.main()
