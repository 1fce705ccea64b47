"""The demo's screen is a function of the trip's state: always as high, never wider than a terminal."""

import io
import unittest

import support  # noqa: F401: the demo's folder is found by it
from demo.output import Plain, Terminal
from demo.screen import WIDTH, Alert, State, line, screen


def state_in_an_outage():
    state = State("tanker-1", "fleet-hub", duration=40, elapsed=21, messages_per_second=40,
                  agent="running", link="down", link_since=13, accepted=1902, acknowledged=1107,
                  in_memory=95, on_disk=700, fullest=795)
    state.values = {"speed": "112 km/h", "coolant": "118 °C"}
    state.alerts["vehicles/tanker-1/alerts/Overspeed"] = Alert(
        "Overspeed", "firing", "warning", "97 km/h, 90 allowed", 14)
    state.events = [(13, "hub: down for 14s")]
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
        self.assertIn("DOWN for 8 s", text)
        self.assertIn("accepted 1,902 = acknowledged 1,107 + waiting 795 + dropped 0", text)
        self.assertIn("● 00:14 firing    warning   Overspeed: 97 km/h, 90 allowed", text)

    def test_bars_fill_with_what_waits(self):
        state = state_in_an_outage()
        bars = [text.count("█") for text in screen(state) if text.startswith(("outbox", "          on disk"))]
        self.assertEqual(bars, [5, 35])  # of 40, which are 800 readings

    def test_a_single_waiting_reading_is_seen(self):
        state = state_in_an_outage()
        state.in_memory = 1
        self.assertIn("in memory █░", "\n".join(screen(state)))

    def test_the_line_for_a_pipe_names_what_fires(self):
        self.assertIn("hub down  accepted 1,902", line(state_in_an_outage()))
        self.assertTrue(line(state_in_an_outage()).endswith("firing: Overspeed"))


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
        for elapsed in (21, 21.2, 21.9, 22):
            state.elapsed = elapsed
            plain.show(state)
        lines = stream.getvalue().splitlines()
        self.assertEqual([text.strip() for text in lines[:2]], [
            "hub: down for 14s", "driver's display: Overspeed firing: 97 km/h, 90 allowed"])
        self.assertEqual([text[:5] for text in lines[2:]], ["00:21", "00:22"])


if __name__ == "__main__":
    unittest.main()
