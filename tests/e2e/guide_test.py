"""The user guide as a whole: its commands are run, its links lead somewhere, and it names every problem."""

import os
import re
import subprocess
import unittest

from support import ROOT
from support.guide import GuideTest, blocks
from demo.road import free_port

DOCS = ROOT / "docs"
PAGES = sorted(path.name for path in DOCS.glob("*.md"))
README = "../README.md"
# Who runs the commands of a page. Of others, by the fence's words: `sh system` the system test, `sh bench` `make bench`.
# `sh make` are whole targets: CI runs `make test`, and demo_test.py what `make demo` does; nobody runs `make packages` of
# all architectures in a test, which takes an hour.
ELSEWHERE = {"sh system", "sh make"}
RUN_BY = {
    "consuming.md": {"sh": "consuming_page_test.py", "sh terminal": "consuming_page_test.py"},
    README: {"sh": "readme_test.py", "sh terminal": "readme_test.py"},
    "doctor.md": {"sh": "guide_test.py"},
    "drivers.md": {"sh device": "guide_test.py"},
    "metrics.md": {"console": "guide_test.py"},
    "operating.md": {"sh": "guide_test.py"},
    "replay.md": {"console": "replay_page_test.py"},
    "rule-tests.md": {"console": "rule_tests_test.py"},
    "security.md": {"sh": "security_page_test.py", "sh hub": "security_page_test.py"},
    "sizing.md": {"sh bench": "sizing_page_test.py"},
}
CONFIG = """vehicle: {id: tanker-17}
drivers: [{replay: {path: drive.csv}}]
outbox: {directory: outbox}
uplink: {kafka: {bootstrap.servers: "127.0.0.1:9"}}
"""


def anchors(text):
    """Of each heading, as they are made for pages like these."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


class GuideAsAWholeTest(unittest.TestCase):
    def test_each_command_is_run_by_a_test(self):
        for page in [README, *PAGES]:
            shown = {block.kind for block in blocks(page) if block.kind.split()[0] in ("sh", "console")}
            for kind in shown - ELSEWHERE:
                with self.subTest(page=page, kind=kind):
                    test = ROOT / "tests" / "e2e" / RUN_BY[page][kind]
                    self.assertRegex(test.read_text(), rf'["/]{re.escape(page)}["\s]')

    def test_each_link_leads_to_a_heading_that_is_there(self):
        for path in [ROOT / "README.md", *(DOCS / page for page in PAGES)]:
            text = path.read_text()
            for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", text):
                with self.subTest(page=path.name, target=target, anchor=anchor):
                    file = (path.parent / target).resolve() if target else path
                    self.assertTrue(file.exists())
                    if anchor:
                        self.assertIn(anchor, anchors(file.read_text()))

    def test_each_page_is_in_the_table_of_contents(self):
        contents = (DOCS / "README.md").read_text()
        for page in PAGES:
            self.assertTrue(page == "README.md" or f"]({page})" in contents, page)

    def test_each_problem_has_its_section(self):
        kinds = re.search(r"kProblemKinds\[\] = {\n(.*?)};", (ROOT / "agent" / "health" / "health.h").read_text(), re.DOTALL)
        known = re.findall(r'{"(\w+)",', kinds[1])
        self.assertGreater(len(known), 10)
        page = (DOCS / "troubleshooting.md").read_text()
        self.assertEqual(re.findall(r"^### (\w+)$", page, re.MULTILINE), known)


class DoctorPageTest(GuideTest):
    page = "doctor.md"

    def test_its_commands_examine_a_box_and_write_its_first_configuration(self):
        _, hub = self.road.hub()
        doctor, init = self.of_kind("sh")
        (self.clone / "fleet-edge.yaml").write_text(CONFIG.replace("127.0.0.1:9\"", f"{hub}\""))
        command = doctor.removeprefix("sudo ").replace("/etc/fleet-edge/", "").strip()
        # What it finds wrong with a machine that is no box is not of interest here.
        printed = self.run_block(f"{command} || test $? -ne 2").stdout
        self.assertRegex(printed, r"ok +config")
        self.assertRegex(printed, r"ok +record")
        # On a terminal it is tried by tests/integration/init_test.py.
        for command in [line for line in init.splitlines() if "on a terminal" not in line]:
            with self.subTest(command):
                (self.clone / "fleet-edge.yaml").unlink(missing_ok=True)
                self.run_block(command)
                self.assertIn("bootstrap.servers", (self.clone / "fleet-edge.yaml").read_text())


class DriversPageTest(unittest.TestCase):
    """Kernels without CAN can't set a bus up. What `ip` can't read it refuses before it asks the kernel, which here has
    another kind of interface under that name and refuses to make a bus of it."""

    def answer(self, command):
        done = subprocess.run(["unshare", "--net", "bash", "-c", f"ip link add can0 type veth peer name other\n{command}"],
                              capture_output=True, text=True, check=False)
        return done.stderr

    def test_its_command_for_a_can_bus_is_one_that_ip_reads(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, for a network of its own")
        [command] = [block.text for block in blocks("drivers.md") if block.kind == "sh device"]
        self.assertEqual(self.answer(command), "RTNETLINK answers: Operation not supported\n")
        self.assertIn('unknown option "bitrte"', self.answer(command.replace("bitrate", "bitrte")))


class MetricsPageTest(GuideTest):
    page = "metrics.md"

    def test_its_command_prints_what_it_shows(self):
        _, hub = self.road.hub()
        address = f"127.0.0.1:{free_port()}"
        (self.clone / "conf.d/http.yaml").unlink()
        (self.clone / "fleet-edge.yaml").write_text(
            CONFIG.replace("127.0.0.1:9\"", f"{hub}\"") + f"http: {{listen: \"{address}\"}}\n")
        (self.clone / "drive.csv").write_text("time,ambient_celsius\n2026-11-21T06:00:00Z,21\n")
        agent = self.start_block("fleet-edge run -c fleet-edge.yaml")
        agent.expect("hub: reached", 30)
        for text in self.of_kind("console"):
            command, shown = text.removeprefix("$ ").split("\n", 1)
            self.assertEqual(self.run_block(command.replace("127.0.0.1:9150", address)).stdout, shown)


class OperatingPageTest(GuideTest):
    page = "operating.md"

    def setUp(self):
        super().setUp()
        (self.clone / "fleet-edge.yaml").write_text(CONFIG)
        (self.clone / "drive.csv").write_text("time,ambient_celsius\n2026-11-21T06:00:00Z,21\n")

    def test_its_commands_run_on_a_box_that_has_readings_waiting(self):
        agent = self.start_block("fleet-edge run -c fleet-edge.yaml")
        agent.expect("drive.csv has ended", 30)
        self.assertEqual(agent.terminate(), 0)
        looks, exports, rules, config = [self.run_block(block.replace("/etc/fleet-edge/", "")).stdout
                                 for block in self.of_kind("sh")]
        self.assertIn("telemetry", looks)
        self.assertEqual(exports, "")
        self.assertIn("ambient_celsius", (self.clone / "readings.ndjson").read_text())
        self.assertGreater((self.clone / "readings.records").stat().st_size, 0)
        self.assertIn("passed", rules)
        self.assertIn("tanker-17", config)


if __name__ == "__main__":
    unittest.main()
