"""The demo's screen is a function of the trip's state: always as high, never wider than a terminal."""

import io
import unittest

import support
from demo.output import Plain, Terminal
from demo.screen import WIDTH, Alert, State, line, screen


def state_in_an_outage():
    """As `make demo` had it 23 s into its trip."""
    state = State("tanker-1", "fleet-hub", duration=40, elapsed=23, messages_per_second=40, agent="running",
                  link="down", link_since=13, accepted=1987, acknowledged=1101, on_disk=886, fullest=886)
    state.values = {"speed": "70 km/h", "coolant": "90 °C", "zone 1": "16.0 °C", "zone 2": "30.3 °C"}
    state.alerts = {alert.name: alert for alert in (
        Alert("EngineOverheat", "firing", "critical", "Coolant at 108 °C. Stop and let the engine idle.", 13),
        Alert("Overspeed", "firing", "warning", "93 km/h, 90 allowed", 13),
        Alert("CargoOverheat", "firing", "warning", "Cargo zone 2 at 49 °C", 15))}
    state.events = [(12, "hub: down for 14s"), (17, "ignition off: the agent stops"),
                    (17, "ignition on: the agent goes on where it was")]
    return state


class ScreenTest(unittest.TestCase):
    def test_it_has_the_same_height_whatever_happens(self):
        empty, full = State("tanker-1", "fleet-hub", 40), state_in_an_outage()
        for second in range(20):
            full.alerts[str(second)] = Alert("A" * 60, "firing", "critical", "too long " * 20, second)
            full.events.append((second, "event " * 30))
        self.assertEqual(len(screen(empty)), len(screen(full)))

    def test_no_line_is_wider_than_the_screen(self):
        state = state_in_an_outage()
        state.events.append((20, "event " * 30))
        state.values = {f"container {zone}": "21.5 °C" for zone in range(20)}
        state.accepted = state.acknowledged = state.on_disk = state.dropped = 10**9
        self.assertEqual([text for text in screen(state) if len(text) > WIDTH], [])

    def test_an_outage_shows_the_dead_link_and_what_waits(self):
        text = "\n".join(screen(state_in_an_outage()))
        self.assertIn("─✕  fleet-hub", text)
        self.assertIn("DOWN for 10 s", text)
        self.assertIn("accepted 1,987 = acknowledged 1,101 + waiting 886 + dropped 0", text)
        self.assertIn("● 00:13  warning   93 km/h, 90 allowed", text)

    def test_the_readme_shows_this_screen(self):
        readme = (support.ROOT / "README.md").read_text(encoding="utf-8")
        self.assertIn("\n".join(text.rstrip() for text in screen(state_in_an_outage())).rstrip(), readme)

    def test_bars_fill_with_what_waits(self):
        state = state_in_an_outage()
        state.in_memory, state.on_disk = 400, 1200
        bars = [text.count("█") for text in screen(state) if text.startswith(("outbox", "          on disk"))]
        self.assertEqual(bars, [10, 30])  # of 40, which are 1,600 readings

    def test_a_single_waiting_reading_is_seen(self):
        state = state_in_an_outage()
        state.in_memory = 1
        self.assertIn("in memory █░", "\n".join(screen(state)))

    def test_the_line_for_a_pipe_names_what_fires(self):
        self.assertIn("hub down  accepted 1,987", line(state_in_an_outage()))
        self.assertTrue(line(state_in_an_outage()).endswith("firing: EngineOverheat, Overspeed, CargoOverheat"))


class OutputTest(unittest.TestCase):
    def test_the_terminal_is_left_as_it_was_even_after_an_error(self):
        stream = io.StringIO()
        with self.assertRaises(KeyboardInterrupt), Terminal(stream) as terminal:
            terminal.show(state_in_an_outage())
            raise KeyboardInterrupt
        self.assertTrue(stream.getvalue().startswith("\x1b[?1049h\x1b[?25l"))
        self.assertTrue(stream.getvalue().endswith("\x1b[?25h\x1b[?1049l"))

    def test_a_pipe_gets_each_event_once_and_a_line_a_second(self):
        stream = io.StringIO()
        plain, state = Plain(stream), state_in_an_outage()
        del state.events[1:], state.alerts["EngineOverheat"], state.alerts["CargoOverheat"]
        for elapsed in (21, 21.2, 21.9, 22):
            state.elapsed = elapsed
            plain.show(state)
        lines = stream.getvalue().splitlines()
        self.assertEqual([text.strip() for text in lines[:2]], [
            "hub: down for 14s", "driver's display: Overspeed firing: 93 km/h, 90 allowed"])
        self.assertEqual([text[:5] for text in lines[2:]], ["00:21", "00:22"])


if __name__ == "__main__":
    unittest.main()
