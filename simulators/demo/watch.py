"""Follows a trip: what the programs print and write becomes the state that is shown."""

import collections
import json
import time

from demo.screen import Alert

RATE_SECONDS = 2
_SHOWN_VALUES = {  # by topic: field, name, factor to the unit shown, form
    "engine": (("speed", "speed", 3.6, "{:.0f} km/h"), ("coolant", "coolant", 1, "{:.0f} °C")),
    "cargo": (("celsius", "zone {}", 1, "{:.1f} °C"),),
}


class Watch:
    """Keeps `state` up to date. For one thread; takes lines in the order in which they came."""

    def __init__(self, state):
        self._state = state
        self._arrivals = collections.deque()
        self._ended_starts = collections.Counter()  # figures of the agent's starts before this one
        self._figures = collections.Counter()  # of this one

    def message(self, line):
        """A line of the listener: `vehicles/<vehicle>/<what>[/<part>] <payload>`."""
        topic, _, payload = line.partition(" ")
        what, *parts = topic.split("/")[2:]
        if what == "alerts":
            self._show_alert(topic, payload)
            return
        self._state.messages += 1
        self._arrivals.append(time.monotonic())
        fields = json.loads(payload)
        for field, name, factor, form in _SHOWN_VALUES.get(what, ()):
            if field in fields:
                self._state.values[name.format(*parts)] = form.format(fields[field] * factor)

    def status(self, text):
        """The agent's status file as it stands; empty before the agent has written it."""
        if not text:
            return
        status = json.loads(text)
        records, outbox = status["records"], status["outbox"]
        self._figures = collections.Counter(
            accepted=records["accepted"], acknowledged=records["acknowledged"],
            dropped=records["dropped"], written=outbox["written_bytes"])
        state, figures = self._state, self._figures + self._ended_starts
        state.accepted, state.acknowledged = figures["accepted"], figures["acknowledged"]
        state.dropped, state.written = figures["dropped"], figures["written"]
        state.on_disk = outbox["committed_records"]
        state.in_memory = records["queued"] - state.on_disk
        state.fullest = max(state.fullest, state.waiting)
        self._show_link(status["hub"]["link"])

    def agent_ended(self, text):
        """The agent has stopped, and `text` is its last status: the next start counts from 0."""
        self.status(text)
        self._ended_starts += self._figures
        self._figures.clear()

    def tick(self, elapsed):
        """Time goes on."""
        self._state.elapsed = elapsed
        now = time.monotonic()
        while self._arrivals and self._arrivals[0] < now - RATE_SECONDS:
            self._arrivals.popleft()
        self._state.messages_per_second = len(self._arrivals) / min(RATE_SECONDS, max(elapsed, 1))

    def _show_link(self, link):
        state = self._state
        if link not in (state.link, "connecting"):  # which a restart in an outage begins with
            state.link, state.link_since = link, state.elapsed

    def _show_alert(self, topic, payload):
        state = self._state
        if not payload:
            state.alerts.pop(topic, None)
            return
        fields = json.loads(payload)
        state.alerts[topic] = Alert(fields["alert"], fields["state"], fields["severity"],
                                    fields["summary"], state.elapsed)
