"""Bundles of rules come to the running agent by a real broker and by a file; a hub that is never there keeps what it says in the outbox."""

import contextlib
import json
import os
import pathlib
import queue
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

BIN = pathlib.Path(os.environ["FLEET_EDGE_BIN"])
MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
PATIENCE = 60  # seconds for what takes a few at most
TOPIC = "fleet/rules/cab-7"

BUNDLE = """bundle: {name}
---
groups:
  - name: engine
    interval: 1s
    rules:
      - alert: {alert}
        expr: last_over_time(engine_coolant_celsius[5s]) > 105
        notify: [driver]
        labels: {{severity: critical}}
        annotations: {{summary: Stop}}
---
evaluation_interval: 1s
tests:
  - interval: 1s
    name: a hot engine
    input_series:
      - series: engine_coolant_celsius
        values: 90x5 {hot}x10
    alert_rule_test:
      - eval_time: 10s
        alertname: {alert}
        exp_alerts:
          - exp_labels: {{severity: critical}}
            exp_annotations: {{summary: Stop}}
"""


def bundle(name, alert="EngineOverheat", hot=108):
    return BUNDLE.format(name=name, alert=alert, hot=hot)


class Lines:
    """What a process writes, line by line, as it comes."""

    def __init__(self, stream):
        self.queue = queue.Queue()
        self.seen = []
        threading.Thread(target=self.read, args=(stream,), daemon=True).start()

    def read(self, stream):
        for line in stream:
            self.queue.put(line)

    def expect(self, text):
        """The next line with `text`."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                line = self.queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no '{text}' in\n" + "".join(self.seen)) from None
            self.seen.append(line)
            if text in line:
                return line


class RuleDelivery(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
            self.port, http = one.getsockname()[1], other.getsockname()[1]
        config = self.folder / "mosquitto.conf"
        config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n")
        broker = self.start([MOSQUITTO, "-c", config, "-v"])
        broker.lines.expect("running")
        address = f"mqtt://127.0.0.1:{self.port}"
        self.drop = self.folder / "drop.yaml"
        (self.folder / "fleet-edge.yaml").write_text(json.dumps({
            "vehicle": {"id": "cab-7"},
            "drivers": [{"mqtt": {"broker": address, "topics": [{"filter": "coolant", "codec": "value", "signal": "engine_coolant_celsius"}]}}],
            "rule_delivery": {"mqtt": {"broker": address}, "file": str(self.drop)},
            "notify": {"driver": {"mqtt": {"broker": address, "topic": "cab/alerts"}}},
            "outbox": {"directory": str(self.folder / "outbox")},
            "http": {"listen": f"127.0.0.1:{http}"},
            "status": {"file": str(self.folder / "status.json")},
            "uplink": {"kafka": {"bootstrap.servers": "127.0.0.1:9"}},
        }))
        (self.folder / "outbox").mkdir()

    def start(self, command):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        process.lines = Lines(process.stdout)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def start_agent(self):
        agent = self.start([BIN / "fleet-edge", "run", "-c", self.folder / "fleet-edge.yaml"])
        agent.lines.expect("runs for cab-7")
        return agent

    def stop(self, agent):
        agent.send_signal(signal.SIGTERM)
        self.assertEqual(agent.wait(PATIENCE), 0)

    def publish(self, payload, topic=TOPIC, retain=True):
        what = "-s" if payload else "-n"
        subprocess.run(["mosquitto_pub", "-p", str(self.port), "-q", "1", "-t", topic, what, *(["-r"] if retain else [])],
                       input=payload if isinstance(payload, bytes) else payload.encode(), check=True)

    def put(self, text):
        fresh = self.folder / "drop.new"
        fresh.write_text(text)
        fresh.rename(self.drop)

    def event(self, kind):
        """The newest status event of this kind that waits for the hub."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            waiting = subprocess.run([BIN / "fleet-edge", "outbox", "export", "--dir", self.folder / "outbox"],
                                     capture_output=True, text=True).stdout
            found = [line["event"][kind] for line in map(json.loads, waiting.splitlines())
                     if line.get("topic") == "fleet.status.v1" and kind in line["event"]]
            if found:
                return found[-1]
        self.fail(f"no {kind} on fleet.status.v1")

    def test_a_good_bundle_comes_into_force_and_stays_there(self):
        agent = self.start_agent()
        self.publish(bundle("north-1"))
        agent.lines.expect("bundle north-1 is in force")
        applied = self.event("rules_applied")
        self.assertEqual((applied["bundle"], applied["rules"], applied["tests"]), ("north-1", 1, 1))
        display = self.start(["mosquitto_sub", "-p", str(self.port), "-t", "cab/alerts/#", "-v"])
        self.publish("110", topic="coolant", retain=False)
        self.publish("110", topic="coolant", retain=False)
        self.assertIn('"state":"firing"', display.lines.expect("cab/alerts/EngineOverheat"))
        self.stop(agent)
        self.publish("")  # nobody retains it any more: it was kept on the vehicle
        agent = self.start_agent()
        self.assertIn("rules 1,", agent.lines.seen[-1])
        self.stop(agent)

    def test_a_bundle_whose_test_fails_is_refused_with_the_reason(self):
        agent = self.start_agent()
        self.publish(bundle("north-1"))
        agent.lines.expect("bundle north-1 is in force")
        self.publish(bundle("north-2", hot=100))
        agent.lines.expect("bundle north-2 is refused")
        refused = self.event("rules_refused")
        self.assertEqual((refused["bundle"], refused["findings"]), ("north-2", 1))
        self.assertRegex(refused["finding"], r"^bundle:2\d:9: error: test 'a hot engine' failed: alert EngineOverheat at 10s: expected .*, got nothing")
        self.stop(agent)
        agent = self.start_agent()  # what is retained is refused again, what was in force is
        self.assertIn("rules 1,", agent.lines.seen[-1])
        agent.lines.expect("bundle north-2 is refused")
        self.stop(agent)

    def stays_a_problem(self, seconds):
        """For so long, by the times at which the status file is written."""
        self.problem(True)
        last = (self.folder / "status.json").stat().st_mtime + seconds
        while (self.folder / "status.json").stat().st_mtime < last:
            self.problem(True, patience=0)
        self.problem(True, patience=0)

    def problem(self, wanted, patience=PATIENCE):
        """Waits until the problem of a refused bundle is there, or isn't; what it says."""
        deadline = time.monotonic() + patience
        while True:
            with contextlib.suppress(FileNotFoundError):
                problems = json.loads((self.folder / "status.json").read_text())["health"]["problems"]
                found = [one for one in problems if one["id"] == "rules_refused" and one["subject"].startswith("bundle")]
                if bool(found) == wanted:
                    return found[0] if found else None
            if time.monotonic() > deadline:
                break
        self.fail(f"a refused bundle is {'not ' if wanted else ''}told")

    def test_a_refused_bundle_is_a_problem_until_it_is_taken_away_or_mended(self):
        agent = self.start_agent()
        for mend in ("", bundle("north-5")):
            self.publish(bundle("north-4", hot=100))
            told = self.problem(True)
            self.assertEqual(told["subject"], "bundle north-4")
            self.assertRegex(told["what"], "^a delivered bundle of rules is refused, .*'a hot engine' failed")
            self.assertIn("send one that is mended", told["mend"])
            self.stays_a_problem(3)  # that no file lies there takes nothing away
            self.publish(mend)
            self.problem(False)
        self.stop(agent)

    def test_a_kept_bundle_that_is_left_out_at_the_start_stays_told(self):
        kept = self.folder / "outbox" / "delivered-rules.yaml"
        kept.write_text("bundle: old\n---\ngroups: [{name: x, rules: [{alert: A, expr: nonsense(1)}]}]\n")
        agent = self.start_agent()
        self.assertTrue(any("the delivered rules are left out" in line for line in agent.lines.seen))
        self.stays_a_problem(3)
        self.stop(agent)

    def test_what_was_sent_before_something_too_long_comes_into_force_when_sent_again(self):
        agent = self.start_agent()
        self.publish(bundle("north-8"))
        agent.lines.expect("bundle north-8 is in force")
        self.publish("#" * (1 << 20) + "\n")
        agent.lines.expect("it was not read")
        self.problem(True)
        self.publish(bundle("north-8"))
        agent.lines.expect("bundle north-8 is in force")
        self.problem(False)
        self.stop(agent)

    def test_a_bundle_that_wants_what_the_vehicles_rules_lack_is_tried_again_when_they_change(self):
        rules = self.folder / "rules.yaml"
        rules.write_text("groups: [{name: engine, rules: [{record: other, expr: engine_coolant_celsius}]}]\n")
        config = self.folder / "fleet-edge.yaml"
        config.write_text(json.dumps({**json.loads(config.read_text()), "rules": [str(rules)]}))
        agent = self.start_agent()
        text = rules.read_text()
        rules.unlink()
        agent.lines.expect("rules not reloaded")
        self.publish(bundle("north-6"))
        self.problem(True)
        rules.write_text(text)
        agent.lines.expect("bundle north-6 is in force")
        self.problem(False)
        self.stop(agent)

    def test_a_bundle_that_was_retained_while_the_agent_was_away_is_seen(self):
        self.publish(bundle("north-3"))
        agent = self.start_agent()
        agent.lines.expect("bundle north-3 is in force")
        self.stop(agent)

    def test_garbage_and_what_is_too_long_are_refused_and_counted(self):
        agent = self.start_agent()
        self.publish(b"\x00\xff: [")
        agent.lines.expect("bundle without a name is refused")
        self.publish("groups: []\n")
        agent.lines.expect("the bundle has no name")
        self.publish("bundle: a\n---\ngroups: [{name: x, rules: [{alert: A, expr: nonsense(1)}]}]\n")
        agent.lines.expect("bundle a is refused")
        self.publish("#" * (1 << 20) + "\n")
        agent.lines.expect("it was not read")
        refused = self.event("rules_refused")
        self.assertNotIn("hash", refused)
        self.assertIn("1 MiB is the most", refused["finding"])
        self.publish(bundle("last"))
        agent.lines.expect("bundle last is in force")
        self.stop(agent)
        counters = (self.folder / "status.json").read_text()
        for outcome, count in [("refused", 3), ("oversized", 1), ("applied", 1)]:
            self.assertRegex(counters, f'outcome[^0-9]*{outcome}[^0-9]*{count}\\b')

    def test_a_bundle_may_be_dropped_as_a_file(self):
        agent = self.start_agent()
        self.put(bundle("by-hand"))
        agent.lines.expect("bundle by-hand is in force")
        self.put(bundle("by-hand-2", alert="TooHot"))
        agent.lines.expect("bundle by-hand-2 is in force")
        self.drop.unlink()
        self.stop(agent)
        self.assertEqual(self.event("rules_applied")["bundle"], "by-hand-2")


if __name__ == "__main__":
    unittest.main()
