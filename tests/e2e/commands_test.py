"""`fleet-edge check` finds every mistake of a file in one go."""

import unittest

from support.road_test import PROGRAMS, SECONDS, RoadTest
from demo.process import Process
from demo.road import RULES


class CheckTest(RoadTest):
    def check(self, *options):
        check = Process("check", [PROGRAMS / "fleet-edge", "check", *options], self.folder)
        self.processes.append(check)
        return check.wait(SECONDS), check.stdout

    def config(self, *mistakes):
        self.road.port = 1883
        config = self.road.configure("tanker-1", "127.0.0.1:9092")
        text = config.read_text()
        for right, wrong in mistakes:
            self.assertEqual(text.count(right), 1)
            text = text.replace(right, wrong)
        config.write_text(text)
        return config

    def test_a_configuration_without_mistakes_is_right(self):
        code, _ = self.check("-c", self.config())
        self.assertEqual(code, 0)

    def test_three_mistakes_of_a_configuration_are_found_at_once(self):
        config = self.config(("durable_within: 2s", "durable_within: 2 parsecs"),
                             ("send_every:", "sned_every:"),
                             ("vehicle_speed_kmh: {pointer: /speed, unit: m/s}",
                              "vehicle_speed_kmh: {pointer: /speed, unit: furlongs}"))
        code, lines = self.check("-c", config)
        self.assertEqual(code, 1)
        self.assert_findings(config, lines, "parsecs", "Did you mean 'send_every'", "furlongs")

    def test_three_mistakes_of_a_rule_file_are_found_at_once(self):
        file = self.folder / "rules.yaml"
        file.write_text(
            "groups:\n"
            "  - name: engine\n"
            "    intervall: 1s\n"
            "    rules:\n"
            "      - alert: Hot\n"
            "        expr: avg_over_tme(engine_coolant_celsius[10s]) > 105\n"
            "      - alert: Fast\n"
            "        expr: vehicle_speed_kmh >\n")
        code, lines = self.check("--rules", file)
        self.assertEqual(code, 1)
        self.assert_findings(file, lines, "interval", "avg_over_time", "vehicle_speed_kmh|expression|end")

    def test_the_shipped_rules_have_none(self):
        self.assertEqual(self.check("--rules", RULES)[0], 0)

    def assert_findings(self, file, lines, *words):
        found = [line for line in lines if ": error: " in line]
        self.assertEqual(len(found), len(words), "\n".join(lines))
        for line in found:
            self.assertRegex(line, rf"^{file}:\d+:\d+: error: \S")
        for word in words:
            self.assertRegex("\n".join(found), word)


if __name__ == "__main__":
    unittest.main()
