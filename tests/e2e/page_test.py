"""The status page in a real Chromium: what it shows of a vehicle, through alerts, an outage and the agent's death.

PAGE_SCREENSHOTS=docs/images has the pictures of docs/status-page.md made there."""

import csv
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

import support
from demo.process import Processes
from demo.road import Road, free_port
from support import browser
from support.browser import Browser

PROGRAMS = pathlib.Path(os.environ["FLEET_EDGE_BIN"])
PICTURES = os.environ.get("PAGE_SCREENSHOTS")
SKIPPED = 77
SECONDS = 30  # for what comes sooner when all is well
PAGE_BYTES = 50_000
PICTURE_BYTES = 100_000
DESK = 1120, 720  # of pictures: larger ones have more bytes and show no more
EVIL = "<img src=x onerror=alert(1)><script>alert(1)"  # a part of a topic, and so a label

CONFIG = """\
vehicle: {{id: tanker-17, labels: {{fleet: north}}}}
drivers:
  - name: vehicle
    mqtt:
      broker: mqtt://127.0.0.1:{broker}
      topics:
        - filter: v/engine
          codec: json
          signals:
            engine_coolant_celsius: {{pointer: /coolant}}
            engine_rpm: {{pointer: /rpm}}
            vehicle_speed_kmh: {{pointer: /speed}}
            battery_volts: {{pointer: /battery}}
            fuel_percent: {{pointer: /fuel}}
            ambient_celsius: {{pointer: /ambient}}
        - filter: v/cargo/{{zone}}
          codec: json
          signals: {{cargo_celsius: {{pointer: /celsius}}}}
  - name: receiver
    mqtt:
      broker: mqtt://127.0.0.1:{broker}
      topics:
        - filter: v/gnss
          codec: json
          signals:
            latitude_deg: {{pointer: /lat}}
            longitude_deg: {{pointer: /lon}}
            heading_deg: {{pointer: /course}}
rules: [rules/*.yaml]
outbox: {{directory: {folder}/outbox, durable_within: 2s}}
uplink: {{kafka: {{bootstrap.servers: "{hub}"}}}}
http: {{listen: "127.0.0.1:{http}"}}
"""

RULES = """\
groups:
  - name: engine
    interval: 1s
    lateness: 500ms
    rules:
      - alert: EngineOverheat
        expr: |
          avg_over_time(engine_coolant_celsius[5s]) >= 105
          and count_over_time(engine_coolant_celsius[5s]) >= 5
        clear: avg_over_time(engine_coolant_celsius[5s]) < 98
        notify: [driver, fleet]
        labels: {severity: critical}
        annotations:
          summary: 'Coolant at {{ $value | printf "%.0f" }} °C. Stop and let the engine idle.'
  - name: cargo
    interval: 1s
    lateness: 500ms
    rules:
      - alert: CargoOverheat
        expr: avg by (zone) (avg_over_time(cargo_celsius[5s])) >= 45
        labels: {severity: warning}
        annotations:
          summary: 'Cargo zone {{ $labels.zone }} at {{ $value | printf "%.0f" }} °C'
"""


def square(name, south, west, north, east):
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [corners]}}


FENCES = {"type": "FeatureCollection", "features": [
    square("depot", 49.0225, 12.0535, 49.0262, 12.0600),
    square("zone 30", 49.0270, 12.0735, 49.0290, 12.0785),
    {"type": "Feature", "properties": {"name": "tank farm", "radius_m": 220},
     "geometry": {"type": "Point", "coordinates": [12.0690, 49.0222]}}]}

# Each element that shows text, with its contrast against what is painted behind it (WCAG 2.2, 1.4.3).
CONTRASTS = """(() => {
  const parse = text => { const n = text.match(/[\\d.]+/g).map(Number); return [n[0], n[1], n[2], n[3] ?? 1]; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const ground = e => { const below = e.parentElement ? ground(e.parentElement) : [255, 255, 255, 1];
                        return over(parse(getComputedStyle(e).backgroundColor), below); };
  const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
                       return .2126 * r + .7152 * g + .0722 * b; };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    const says = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!says || !e.getClientRects().length) continue;
    const style = getComputedStyle(e);
    const ink = parse(e instanceof SVGElement ? style.fill : style.color), under = ground(e);
    const a = light(over(ink, under)), b = light(under);
    found.push([(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.tagName + '.' + e.getAttribute('class') + ' ' + e.textContent.slice(0, 40)]);
  }
  return found;
})()"""


# How far the page's parts jump in five seconds of news (Layout Instability API); 0 to 1 a jump.
SHIFT = """new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; })).observe({type: 'layout-shift'});
  setTimeout(() => done(sum), 5000);
})"""


class Vehicle(threading.Thread):
    """Publishes what a tanker's sensors would, ten times a second, until it is stopped."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.coolant, self.cargo, self.evil = 88.0, 21.0, None
        self._end = threading.Event()
        self._outlets = {}
        self._port = port
        track = (pathlib.Path(support.ROOT) / "simulators/recordings/regensburg_track.csv").read_text().splitlines()
        self._track = [[float(row[key]) for key in ("latitude_deg", "longitude_deg", "speed_mps", "heading_deg")]
                       for row in csv.DictReader(line for line in track if not line.startswith("#"))][100:]  # it stood before

    def run(self):
        step = 0
        while not self._end.wait(0.1):
            latitude, longitude, speed, heading = self._track[step // 2 % len(self._track)]
            wave = math.sin(step / 9)
            self._say("engine", coolant=round(self.coolant + wave / 3, 1), rpm=round(1400 + 40 * speed / 5 + 30 * wave),
                      speed=round(3.6 * speed + wave / 2, 2) if speed > 1 else 0, battery=round(27.6 + wave / 20, 2), fuel=63.5, ambient=31.4)
            self._say("cargo/1", celsius=round(20.6 + wave / 5, 1))
            self._say("cargo/2", celsius=round(self.cargo + wave / 4, 1))
            if self.evil is not None:
                self._say(f"cargo/{EVIL}", celsius=self.evil)
            if step % 2 == 0:
                self._say("gnss", lat=latitude, lon=longitude, course=heading)
            step += 1

    def stop(self):
        self._end.set()
        self.join()
        for outlet in self._outlets.values():
            outlet.communicate()

    def _say(self, topic, **values):
        if topic not in self._outlets:
            self._outlets[topic] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "mosquitto_pub", "-p", str(self._port), "-t", f"v/{topic}", "-l"],
                stdin=subprocess.PIPE, text=True)
        print(json.dumps(values), file=self._outlets[topic].stdin, flush=True)


@unittest.skipUnless(browser.PROGRAM, "needs chromium: scripts/setup test installs it")
class PageTest(unittest.TestCase):
    """One trip, in the order of its numbers: what a test finds is what the one before it left."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="fleet-edge-page-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.processes = cls.enterClassContext(Processes())
        road = cls.road = Road(PROGRAMS, cls.folder, cls.processes)
        road.mosquitto()
        cls.hub, hub = road.hub()
        (cls.folder / "rules").mkdir()
        (cls.folder / "rules/rules.yaml").write_text(RULES)
        (cls.folder / "rules/zones.geojson").write_text(json.dumps(FENCES))
        cls.port = free_port()
        cls.config = cls.folder / "fleet-edge.yaml"
        cls.config.write_text(CONFIG.format(folder=cls.folder, broker=road.port, hub=hub, http=cls.port))
        cls.agent = road.run_agent(cls.config)
        cls.vehicle = Vehicle(road.port)
        cls.vehicle.start()
        cls.addClassCleanup(cls.vehicle.stop)
        cls.browser = cls.enterClassContext(Browser())
        cls.browser.size(1280, 900)
        cls.browser.open(f"http://127.0.0.1:{cls.port}/")

    def wait_for(self, script, seconds=SECONDS):
        return self.browser.wait_for(script, seconds)

    def wait_for_text(self, element, pattern, seconds=SECONDS):
        self.wait_for(f"/{pattern}/.test(document.querySelector('{element}').textContent)", seconds)

    def show(self, width, height, scheme):
        self.browser.size(width, height, phone=width < 1000)
        self.browser.prefers(color_scheme=scheme)
        self.wait_for(f"document.documentElement.dataset.theme === '{scheme}'")

    def picture(self, name):
        """Keeps one if it is asked for."""
        if not PICTURES:
            return
        self.browser.run("scrollTo(0, 0)")
        picture = self.browser.screenshot()
        self.assertLessEqual(len(picture), PICTURE_BYTES)
        folder = pathlib.Path(PICTURES)
        folder.mkdir(exist_ok=True)
        (folder / f"status-page-{name}.png").write_bytes(picture)

    def test_1_it_says_that_all_is_well_and_shows_values_as_they_come(self):
        self.wait_for_text("#link", "Live")
        self.wait_for_text("#headline", r"^All is well\.$")
        self.wait_for_text("#hub", "Connected")
        tile = "[...document.querySelectorAll('.tile')].find(tile => tile.querySelector('h4').textContent === 'Engine coolant')"
        self.wait_for(tile)
        self.assertEqual(self.browser.run(f"{tile}.querySelector('small').textContent"), "°C")
        self.vehicle.coolant = 91.0
        self.wait_for(f"{tile}.querySelector('.value').textContent.startsWith('91')")
        self.wait_for(f"{tile}.querySelector('polyline').getAttribute('points').split(' ').length >= 30")
        self.assertRegex(self.browser.run(f"{tile}.querySelector('svg').getAttribute('aria-label')"),
                         r"last ten seconds (rising|falling|steady), least \d+\.\d °C, greatest \d+\.\d °C")
        self.wait_for("document.querySelector('#drivers').textContent.includes('receiver')")
        self.wait_for("document.querySelector('#drivers').textContent.includes('now')")
        self.assertLess(self.browser.run(SHIFT), 0.01)
        self.assertGreater(self.browser.run("document.getAnimations().length"), 0)
        self.browser.prefers(reduced_motion="reduce")
        self.wait_for("document.getAnimations().length === 0")

    def test_2_the_map_has_track_geofences_scale_and_position_without_asking_anybody_else(self):
        self.wait_for_text("#place", r"49\.\d+° N, 12\.\d+° E")
        self.wait_for("document.querySelector('#map .track').getAttribute('points').split(' ').length > 4")
        self.assertEqual(self.browser.run("[...document.querySelectorAll('#map .fence')].length"), 3)
        self.assertRegex(self.browser.run("document.querySelector('#map .scale').textContent"), r"^[125]0* (m|km)$")
        foreign = [address for address in self.browser.responses if not address.startswith(f"http://127.0.0.1:{self.port}/")]
        self.assertEqual(foreign, [])
        self.show(*DESK, "dark")
        self.picture("quiet")
        self.show(390, 844, "light")
        self.picture("phone")

    def test_3_an_alert_appears_with_its_rule_and_the_window_that_caused_it_and_resolves(self):
        self.vehicle.coolant = 108.0
        self.wait_for_text("#active", r"Coolant at \d+ °C\. Stop")
        self.wait_for_text("#assertive", "Critical alert: Coolant")
        self.wait_for_text("#headline", "^Alert: Coolant at")
        self.assertIn("avg_over_time(engine_coolant_celsius[5s]) >= 105", self.browser.run("document.querySelector('#active pre').textContent"))
        chart = self.browser.run("document.querySelector('#active figure').textContent")
        self.assertRegex(chart, r"Engine coolant: \d\d+ values in (9|1\d) s, the last 10\d\.\d °C; bound >= 105")
        self.assertEqual(self.browser.run("document.querySelectorAll('#active .bound').length"), 1)
        self.browser.run("document.querySelector('#active details').open = true")
        self.show(*DESK, "light")
        self.picture("alert")
        self.vehicle.coolant = 88.0
        self.wait_for_text("#alerts-title", "No alert is active")
        self.wait_for_text("#polite", "Over: Coolant")
        self.wait_for_text("#past", r"Coolant at .*for \d+ s")
        self.wait_for_text("#headline", r"^All is well\.$")

    def test_4_a_label_that_is_a_script_is_text(self):
        self.vehicle.evil = 49.0
        self.wait_for(f"document.querySelector('#values').textContent.includes({json.dumps(EVIL)})")
        self.wait_for(f"document.querySelector('#active').textContent.includes({json.dumps(EVIL)})")
        self.assertEqual(self.browser.run("document.querySelectorAll('main img, main script').length"), 0)
        self.vehicle.evil = 21.0
        self.wait_for_text("#alerts-title", "No alert is active")

    def test_5_it_fits_a_phone_and_is_read_in_the_sun(self):
        for width, height in ((320, 640), (390, 844), (1280, 900)):
            for scheme in ("light", "dark"):
                self.show(width, height, scheme)
                self.browser.run("document.querySelectorAll('details').forEach(details => details.open = true)")
                with self.subTest(width=width, scheme=scheme):
                    self.assertLessEqual(self.browser.run("document.documentElement.scrollWidth"), width)
                    contrasts = self.browser.run(CONTRASTS)
                    self.assertGreater(len(contrasts), 40)
                    self.assertEqual([pair for pair in contrasts if pair[0] < 7], [])
        self.browser.size(1280, 900)

    def test_6_every_control_is_reached_by_keyboard_and_seen_when_it_is(self):
        self.browser.run("document.activeElement.blur(); scrollTo(0, 0)")
        reached = []
        for _ in range(4):
            self.browser.press("Tab")
            reached.append(self.browser.run("document.activeElement.id || document.activeElement.className || document.activeElement.tagName"))
            self.assertGreaterEqual(float(self.browser.run("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")), 3)
        self.assertEqual(reached[:3], ["skip", "theme", "past-title"])
        names = "[...document.querySelectorAll('section')].filter(s => !s.className.includes('group')).map(s => document.getElementById(s.getAttribute('aria-labelledby'))?.textContent)"
        self.assertTrue(all(self.browser.run(names)))
        self.browser.run("document.querySelector('#theme').click()")
        kept = self.browser.run("document.documentElement.dataset.theme")
        self.browser.open(f"http://127.0.0.1:{self.port}/")
        self.wait_for(f"document.documentElement.dataset.theme === '{kept}'")
        self.browser.run("localStorage.clear()")
        self.browser.open(f"http://127.0.0.1:{self.port}/")

    def test_7_an_outage_of_the_hub_is_shown_with_what_waits(self):
        self.wait_for_text("#link", "Live")
        self.hub.kill()
        self.wait_for_text("#hub", "No connection")
        self.wait_for_text("#headline", r"^No connection to the hub\.$", 10)
        self.assertIn("info", self.browser.run("document.querySelector('#state').className"))
        self.vehicle.coolant = 108.0
        self.wait_for_text("#outbox", r"\d readings wait")
        self.wait_for_text("#problems", "warning *No connection to the hub", 60)
        self.wait_for_text("#headline", "o connection to the hub")
        self.wait_for_text("#active", "Coolant")
        self.show(390, 844, "dark")
        self.picture("outage")
        self.browser.size(1280, 900)

    def test_8_an_agent_that_died_is_told_and_met_again(self):
        self.agent.kill()
        self.wait_for_text("#link", "No connection")
        self.wait_for_text("#lost", r"Connection lost\. What you see is of \d\d:\d\d:\d\d")
        type(self).agent = self.road.run_agent(self.config)
        self.wait_for_text("#link", "Live")
        self.wait_for("document.querySelector('#lost').hidden")
        # The new agent numbers its series anew.
        self.wait_for("[...document.querySelectorAll('.tile')].some(tile => /^Engine coolant10[78]/.test(tile.textContent))")

    def test_9_nothing_was_complained_of_and_the_page_is_small(self):
        # What could not be fetched while the agent was dead is no fault of the page's.
        complaints = [text for text in self.browser.complaints if "net::ERR_" not in text]
        self.assertEqual(complaints, [])
        parts = {address.rsplit("/", 1)[1]: size for address, (status, size) in self.browser.responses.items()
                 if not re.search(r"/(events|page\.json)$", address)}
        self.assertIn("page.js", parts)
        self.assertLessEqual(sum(parts.values()), PAGE_BYTES, parts)
        print(f"page: {sum(parts.values())} bytes on the wire", flush=True)


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2).result
    sys.exit(1 if not result.wasSuccessful() else SKIPPED if result.skipped else 0)
