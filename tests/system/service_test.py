"""The service under a real systemd: its start, its end, and what it does when something goes wrong."""

import json
import pathlib
import re

from support import box
from support.hung_thread import HungThread

MOST_EXPOSED = 1.5
MOST_MEMORY = 64 << 20  # bytes, of the whole unit

# Shorter than as shipped, for a test that waits for it.
WATCHDOG_SECONDS = 5
# Lost in a hang is what came in while it lasted; besides that, what may be lost in a SIGKILL.
NOT_PROMISED = f"{WATCHDOG_SECONDS + 4}s"


class ServiceTest(box.BoxTest):
    def setUp(self):
        super().setUp()
        self.install()

    def test_it_is_ready_before_there_is_a_network_and_delivers_once_there_is_one(self):
        self.machine.run("ip", "link", "set", "lo", "down")
        self.hub()
        self.configure()
        self.start()
        self.assertEqual(self.property("ActiveState"), "active")
        self.assertEqual(self.property("Type"), "notify")
        self.journal.await_entry("driver vehicle: .*trying again")

        self.machine.run("ip", "link", "set", "lo", "up")
        self.broker()
        self.await_session()
        verify = self.verify()
        self.assertEqual(self.trip(10).wait(box.SECONDS), 0)
        report = self.verdict(verify)
        self.assertGreater(report["readings"]["expected"], 0)

    def test_a_hung_pipeline_is_ended_and_the_agent_comes_back_with_what_it_had(self):
        self.drop_in(f"[Service]\nWatchdogSec={WATCHDOG_SECONDS}s\n")
        self.surroundings()
        pid = self.start()
        self.await_session()
        verify = self.verify("--durable-within", NOT_PROMISED)
        trip = self.trip(20)
        hang = HungThread(pid, "pipeline")
        self.journal.await_entry("the pipeline hangs")
        self.journal.await_entry("Watchdog timeout")
        self.assertTrue(hang.wait_for_end(box.SECONDS))
        self.note_kill()
        self.journal.await_entry("fleet-edge.service: Scheduled restart job")
        self.assertEqual(trip.wait(box.SECONDS), 0)
        self.verdict(verify)
        self.assertEqual(self.property("ActiveState"), "active")
        self.assertEqual(self.property("NRestarts"), "1")

    def test_killed_it_is_started_again_and_goes_on_where_it_was(self):
        self.surroundings()
        pid = self.start()
        self.await_session()
        verify = self.verify()
        trip = self.trip(12)
        self.kill_agent(pid)
        self.assertEqual(trip.wait(box.SECONDS), 0)
        self.verdict(verify)
        self.assertEqual(self.property("NRestarts"), "1")

    def test_a_reload_takes_over_all_rules_or_none(self):
        self.surroundings()
        self.start()
        self.await_session()
        rules = self.machine.path(box.RULES)
        good = rules.read_text()

        rules.write_text(good.replace("EngineOverheat", "EngineTooHot"))
        self.systemctl("reload", "fleet-edge")
        self.journal.await_entry(r"\d+ rules reloaded")

        rules.write_text(good.replace("avg_over_time(", "average_over_time(", 1))
        refused = self.systemctl("reload", "fleet-edge", check=False)
        self.assertNotEqual(refused.returncode, 0)
        self.journal.await_entry(r"rules\.yaml:\d+:\d+: error: .*average_over_time")
        self.assertEqual(self.property("ActiveState"), "active")
        self.assertEqual(self.property("NRestarts"), "0")

        trip = self.trip(20)
        self.listener().expect("EngineTooHot", box.SECONDS)
        self.assertEqual(trip.wait(box.SECONDS), 0)

    def test_the_journal_can_be_asked_for_one_driver(self):
        self.configure()
        self.start()
        self.journal.await_entry("driver vehicle: ")
        self.machine.run("journalctl", "--sync")
        told = self.machine.out("journalctl", "--output=json", "FLEET_EDGE_DRIVER=vehicle").splitlines()
        entry = json.loads(told[0])
        self.assertEqual(entry["_SYSTEMD_UNIT"], "fleet-edge.service")
        self.assertEqual(entry["SYSLOG_IDENTIFIER"], "fleet-edge")
        self.assertEqual(entry["PRIORITY"], "4")
        self.assertTrue(entry["MESSAGE"].startswith("driver vehicle: "))

    def test_it_is_locked_up_bounded_and_stops_in_time(self):
        self.surroundings()
        pid = self.start()
        self.await_session()
        told = self.machine.out("systemd-analyze", "security", "--no-pager", "fleet-edge").splitlines()[-1]
        self.assertLessEqual(float(re.search(r"level for fleet-edge.service: (\S+)", told)[1]), MOST_EXPOSED, told)
        self.assertEqual(self.property("MemoryMax"), str(128 << 20))
        self.assertEqual(self.property("CPUQuotaPerSecUSec"), "750ms")

        status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
        self.assertLess(int(status["VmHWM"].split()[0]) << 10, MOST_MEMORY)
        self.assertEqual(int(status["CapBnd"], 16), 0)
        self.assertEqual(status["NoNewPrivs"].strip(), "1")
        self.assertEqual(status["Seccomp"].strip(), "2")
        self.assertNotEqual(status["Uid"].split()[0], "0")

        self.systemctl("stop", "fleet-edge")
        self.journal.await_entry("fleet-edge.service: Deactivated successfully")
        self.assertEqual(self.property("Result"), "success")

    def test_what_keeps_failing_is_tried_again_each_minute_until_someone_stops_it(self):
        self.configure()
        self.drop_in("[Timer]\nOnActiveSec=\nOnActiveSec=2s\n", "fleet-edge-retry.timer")
        self.machine.write(box.CONFIGURATION, "vehicle: 5\n")
        self.assertNotEqual(self.systemctl("start", "fleet-edge", check=False).returncode, 0)
        self.journal.await_entry("fleet-edge.yaml:1:10: error: ")
        self.configure()
        self.journal.await_entry("Started fleet-edge.service")

        self.drop_in("[Service]\nExecStart=\nExecStart=/bin/false\n")
        seen = len(self.journal.lines)
        self.systemctl("restart", "fleet-edge", check=False)
        self.journal.await_entry("Start request repeated too quickly", seen)
        self.journal.await_entry("Started fleet-edge-retry.timer", seen)
        self.systemctl("stop", "fleet-edge")
        self.assertEqual(self.machine.run("systemctl", "is-active", "fleet-edge-retry.timer", check=False).returncode, 3)


if __name__ == "__main__":
    box.main()
