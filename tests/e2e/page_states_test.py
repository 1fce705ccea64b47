"""The status page in a real Chromium, in states that a vehicle is seldom in: what a real agent tells, changed on its way."""

import os
import pathlib
import shutil
import socket
import sys
import tempfile
import threading
import time
import unittest

import support  # noqa: F401  (finds the simulators)
from demo.process import Processes
from demo.road import Road, free_port
from support import browser
from support.browser import Browser
from support.retold import Retold

PROGRAMS = pathlib.Path(os.environ["FLEET_EDGE_BIN"])
SKIPPED = 77
SECONDS = 30
PHONE = 360, 740
LONG = 600  # seconds of news, told as fast as they are shown
PAGES = 8  # that an agent serves at a time
LEAST_TEXT = 12  # pixels, as shown: below it nobody reads in the sun

CONFIG = """\
vehicle: {{id: tanker-17}}
drivers: [{{name: probes, mqtt: {{broker: "mqtt://127.0.0.1:{broker}", topics: [{{filter: "v/#", codec: value, signal: cargo_celsius}}]}}}}]
outbox: {{directory: {folder}/outbox}}
uplink: {{kafka: {{bootstrap.servers: "{hub}"}}}}
http: {{listen: "127.0.0.1:{http}"}}
"""

# Each text that is shown smaller than it should be, an SVG's as it is scaled.
SMALL = f"""[...document.querySelectorAll('body *')].filter(e => e.getClientRects().length && !e.closest('.unseen') &&
  [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())).map(e => {{
    const scale = e instanceof SVGElement && e.getCTM ? e.getCTM().a : 1;
    return [scale * parseFloat(getComputedStyle(e).fontSize), e.textContent.slice(0, 40)];
  }}).filter(([size]) => size < {LEAST_TEXT})"""

# How often anything is said to a screen reader in three seconds of news.
SAID = """new Promise(done => {
  let count = 0;
  const watch = new MutationObserver(changes => { count += changes.length; });
  for (const e of document.querySelectorAll('[aria-live], [role=alert]')) watch.observe(e, {subtree: true, childList: true, characterData: true});
  setTimeout(() => { watch.disconnect(); done(count); }, 3000);
})"""


def problem(identifier, subject, what, severity="critical", since="2026-03-01T10:00:00Z"):
    return {"id": identifier, "severity": severity, "subject": subject, "since": since, "what": what, "mend": "look at `it`"}


def add_series(start, news, list_of):
    """`list_of` (name, value, age in ms, more) becomes known, and told."""
    for number, (name, value, age, more) in enumerate(list_of, 1000):
        if start:
            start["series"].append({"id": number, "name": name, "labels": {}, **more})
        else:
            points = [] if age > 1000 or value is None else [900, value, 100, value]
            news["series"].append({"id": number, "value": value, "time": news["time"] - age, "points": points})


@unittest.skipUnless(browser.PROGRAM, "needs chromium: scripts/setup test installs it")
class PageStatesTest(unittest.TestCase):
    """Each test has a page of its own."""

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="fleet-edge-page-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        road = Road(PROGRAMS, folder, cls.enterClassContext(Processes()))
        road.mosquitto()
        _, hub = road.hub()
        agent = cls.agent = free_port()
        config = folder / "fleet-edge.yaml"
        config.write_text(CONFIG.format(folder=folder, broker=road.port, hub=hub, http=agent))
        road.run_agent(config)
        cls.page = cls.enterClassContext(Retold(agent))
        cls.browser = cls.enterClassContext(Browser())

    def setUp(self):
        self.page.change, self.page.story = lambda start, news: None, None
        self.browser.size(*PHONE, phone=True)
        del self.browser.complaints[:]

    def tearDown(self):
        self.assertEqual(self.browser.complaints, [])

    def open(self, change):
        """The page, of an agent that tells what `change` makes of it."""
        self.page.change = change
        self.browser.open(f"http://127.0.0.1:{self.page.port}/")
        self.wait_for_text("#link", "^Live$")

    def text(self, element):
        return self.browser.run(f"document.querySelector('{element}').textContent")

    def wait_for_text(self, element, pattern):
        self.browser.wait_for(f"/{pattern}/.test(document.querySelector('{element}').textContent)", SECONDS)

    def assert_fits(self):
        self.assertLessEqual(self.browser.run("document.documentElement.scrollWidth"), PHONE[0])
        self.assertEqual(self.browser.run(SMALL), [])

    def values(self):
        self.browser.wait_for("document.querySelector('.tile')", SECONDS)
        return self.browser.run("[...document.querySelectorAll('.tile')].map(tile => tile.querySelector('.value').textContent)")

    def test_an_agent_that_has_read_nothing_does_not_say_that_all_is_well(self):
        self.open(lambda start, news: None)
        self.wait_for_text("#headline", r"^Nothing was read yet\.$")
        self.assertEqual(self.text("#values-note"), "No value yet.")
        self.assert_fits()

    def test_a_value_of_any_size_has_room(self):
        celsius = {"unit": "°C", "decimals": 1}
        odd = [None, 1e300, -1.5e308, -0.04, 0.00004, 123456789.5, 12345.6, 0]
        self.open(lambda start, news: add_series(start, news, [(f"odd_{i}", value, 0, celsius if i != 4 else {}) for i, value in enumerate(odd)]))
        self.assertEqual(self.values(), ["–°C", "1.00e300°C", "-1.50e308°C", "0.0°C", "4.00e-5", "1.23e8°C", "12,345.6°C", "0.0°C"])
        self.assert_fits()

    def test_a_line_is_drawn_between_values_that_are_as_far_apart_as_numbers_go(self):

        def change(start, news):
            add_series(start, news, [("odd", 1e308, 0, {})])
            if news:
                news["series"][-1]["points"] = [900, -1.7e308, 500, 0, 100, 1.7e308]

        self.open(change)
        self.browser.wait_for("document.querySelector('.tile polyline').getAttribute('points')", SECONDS)
        heights = self.browser.run("document.querySelector('.tile polyline').getAttribute('points').split(' ').slice(0, 3).map(point => point.split(',')[1])")
        self.assertEqual(heights, ["30.0", "16.0", "2.0"])

    def test_sixty_signals_with_long_names_fit_a_phone(self):
        name = "a_signal_of_the_customer_with_a_very_long_name_and_more_of_it_and_morethanfitsinanyline_celsius"
        labels = {"labels": {"zone": "compartment at the rear, upper shelf", "side": "left"}, "unit": "°C", "decimals": 1}
        self.open(lambda start, news: add_series(start, news, [(f"{name}_{i}", 20.0 + i, 0, labels) for i in range(60)]))
        self.assertEqual(len(self.values()), 60)
        self.assert_fits()

    def test_a_problem_names_its_driver_its_identifier_and_what_it_is_about(self):
        problems = [problem("driver_silent", "receiver", "nothing was read for 12 minutes")]

        def change(start, news):
            if news:
                news["view"]["health"]["problems"] = problems
                news["view"]["drivers"].append({"name": "receiver", "kind": "nmea", "readings": 3, "rejected": 0, "failures": 0,
                                                "silent_seconds": 720, "missing": "/dev/ttyUSB0"})

        self.open(change)
        self.wait_for_text("#headline", r"^Driver receiver: nothing was read for 12 minutes\.$")
        self.assertRegex(self.text("#problems"), r"Driver receiver: nothing was read for 12 minutes\.Look at it\.since .* ago · driver_silent$")
        self.assertRegex(self.text("#drivers"), "receivernmeano device3")
        problems.append(problem("rules_refused", "", "refused: did you mean avg?", "warning"))
        problems.append(problem("certificate_expires", "/etc/hub.pem", "it expires", "warning"))
        self.wait_for_text("#problems", r"Refused: did you mean avg\?Look")
        self.wait_for_text("#problems", r"certificate_expires · \/etc\/hub\.pem")
        self.wait_for_text("#headline", "^3 things on this box need attention")
        self.assert_fits()

    def test_a_problem_is_told_to_a_screen_reader_once_and_its_end(self):
        problems = []

        def change(start, news):
            if news:
                news["view"]["health"]["problems"] = problems

        self.open(change)
        self.wait_for_text("#headline", "Nothing was read yet")
        problems = [problem("disk_failing", "", "the outbox can't write: no space left")]
        self.wait_for_text("#polite", "^Critical: the outbox can't write: no space left")
        self.assertEqual(self.browser.run(SAID), 0)
        problems = []
        self.wait_for_text("#polite", r"^No problem is left\.$")

    def test_a_problems_beginning_moves_with_the_box_s_clock(self):
        since = "1970-01-01T00:01:00Z"

        def change(start, news):
            if news:
                news["view"]["health"]["problems"] = [problem("clock_not_set", "", "it is not set", since=since)]

        self.open(change)
        self.wait_for_text("#problems time", "1970")
        since = "2026-03-01T10:00:00Z"
        self.wait_for_text("#problems time", "2026")

    def test_a_position_that_is_old_is_said_to_be(self):
        age = 0

        def change(start, news):
            add_series(start, news, [("latitude_deg", 49.02, age, {}), ("longitude_deg", 12.1, age, {}), ("heading_deg", 25, age, {"unit": "°"})])

        self.open(change)
        self.wait_for_text("#place", "^49.02000° N, 12.10000° E, heading 25°$")
        age = 750_000
        self.wait_for_text("#place", "^Last known, 12 min ago: 49.02000° N, 12.10000° E$")
        self.browser.wait_for("document.querySelector('#map circle.vehicle')", SECONDS)
        self.assert_fits()

    def test_who_asks_for_contrast_gets_frames_and_no_grey(self):
        look = "(() => { const of = e => getComputedStyle(document.querySelector(e)); return [of('.note').color === of('body').color, parseFloat(of('.card').borderTopWidth)]; })()"
        for scheme in ("light", "dark"):
            for contrast, is_seen in (("no-preference", [False, 0]), ("more", [True, 2])):
                self.browser.prefers(color_scheme=scheme, contrast=contrast)
                self.open(lambda start, news: None)
                self.assertEqual(self.browser.run(look), is_seen)
        self.browser.prefers()

    def test_a_chart_s_numbers_are_seen_whole(self):
        window = {"name": "odometer_km", "labels": {}, "unit": "km", "decimals": 1, "bounds": [{"op": ">", "value": 123456.7}]}
        story = {"id": 1, "alert": "Service", "state": "firing", "at": "2026-03-01T10:00:00Z", "since": "2026-03-01T10:00:00Z",
                 "fired": "2026-03-01T10:00:00Z", "value": 1, "labels": {"severity": "warning"}, "annotations": {}, "rules": []}

        def change(start, news):
            if start:
                start["alerts"]["active"] = [{**story, "windows": [{**window, "points": [9000, low, 1000, high]}]}]

        for low, high, shown in ((123450.2, 123460.8, ["123,450", "123,461"]), (-2e15, 7e12, ["-2.00e15", "7.00e12"]), (0.5, 88, ["0.5"])):
            for width in (320, PHONE[0]):
                self.browser.size(width, PHONE[1], phone=True)
                self.open(change)
                self.browser.run("document.querySelector('#active details').open = true")
                texts = self.browser.run("[...document.querySelectorAll('.window text')].map(text => [text.textContent, text.getBoundingClientRect().left])")
                self.assertLessEqual(set(shown), {text for text, _ in texts})
                self.assertGreater(min(left for _, left in texts), 0)
                self.assertEqual(self.browser.run(SMALL), [])

    def test_a_phone_shows_the_position_before_many_values(self):
        self.open(lambda start, news: add_series(start, news, [("latitude_deg", 49.02, 0, {}), ("longitude_deg", 12.1, 0, {})]))
        self.wait_for_text("#place", "^49")
        tops = "['active', 'map', 'values', 'hub'].map(id => document.getElementById(id).getBoundingClientRect().top)"
        self.assertEqual(self.browser.run(tops), sorted(self.browser.run(tops)))

    def test_an_agent_of_another_version_comes_with_its_own_page(self):
        version, revision = "1.0.0", 10**6
        asked = threading.Semaphore(0)

        def change(start, news):
            if start:
                start["version"] = version
                asked.release()
            (start or news)["revision"] = revision

        self.open(change)
        self.assertTrue(asked.acquire(timeout=SECONDS))
        self.browser.run("window.old = true")
        version, revision = "1.0.1", revision + 1
        self.assertTrue(asked.acquire(timeout=SECONDS))  # by the old page
        self.assertTrue(asked.acquire(timeout=SECONDS))  # by the new one
        self.assertIsNone(self.browser.run("window.old"))
        self.wait_for_text("#link", "^Live$")

    def test_a_page_too_many_says_so_and_comes_when_another_goes(self):
        self.browser.open("data:text/html,")  # and no longer the page of the test before
        others = [self.stream() for _ in range(PAGES)]
        self.browser.open(f"http://127.0.0.1:{self.page.port}/")
        self.wait_for_text("#lost", "it serves eight pages at a time")
        others[0].close()
        self.wait_for_text("#link", "^Live$")
        self.assertTrue(all("503" in text for text in self.browser.complaints), self.browser.complaints)
        del self.browser.complaints[:]

    def stream(self):
        """The agent's news by a connection of their own, once a place is free."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            connection = self.enterContext(socket.create_connection(("127.0.0.1", self.agent), SECONDS))
            connection.sendall(b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            if connection.recv(12) == b"HTTP/1.1 200":
                return connection
            connection.close()
        raise AssertionError("no place for a further page")

    def test_what_came_long_ago_is_forgotten(self):
        shown = threading.Semaphore(0)

        def story(first):
            for second in range(LONG):
                yield dict(first, time=first["time"] + 1000 * second, series=[], view=dict(first["view"], vehicle=f"second {second}"))
                if second % 50 == 49 and not shown.acquire(timeout=SECONDS):
                    return

        self.page.story = story
        points = [number for age in range(950, 0, -50) for number in (age, 20.5)]

        def change(start, news):
            add_series(start, news, [(f"signal_{i}", 20.5, 0, {}) for i in range(30)])
            for series in news["series"] if news else []:
                series["points"] = points

        self.open(change)
        before = None
        for second in range(49, LONG, 50):
            self.wait_for_text("#vehicle", f"^second {second}$")
            before = before or self.size()
            shown.release()
        after = self.size()
        print(f"page: {before[0]} bytes of scripts' after 50 s, {after[0]} after {LONG} s", flush=True)
        # All that came would be some 20 MB.
        self.assertLess(after[0], before[0] + 5_000_000)
        self.assertEqual(after[1], before[1])

    def size(self):
        """Bytes in use by the page's scripts, and its elements."""
        for _ in range(2):
            self.browser.call("HeapProfiler.collectGarbage")
        return self.browser.call("Runtime.getHeapUsage")["usedSize"], self.browser.run("document.querySelectorAll('*').length")


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2).result
    sys.exit(1 if not result.wasSuccessful() else SKIPPED if result.skipped else 0)
