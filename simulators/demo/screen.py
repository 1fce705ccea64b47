"""What the demo shows: the state of a trip, and that state as lines of text. No I/O."""

import dataclasses

WIDTH = 78
BAR = 40
SHOWN_ALERTS = 4
SHOWN_EVENTS = 4


@dataclasses.dataclass
class Alert:
    """An alert as it stands on the driver's display."""

    name: str
    state: str  # firing, resolved
    severity: str
    summary: str
    changed: float  # seconds of the trip


@dataclasses.dataclass
class State:
    """All that the screen shows. Times are seconds of the trip, counts are readings where not said otherwise."""

    vehicle: str
    hub: str
    duration: float
    elapsed: float = 0
    messages: int = 0
    messages_per_second: float = 0
    values: dict = dataclasses.field(default_factory=dict)  # signal to text
    agent: str = "starting"  # starting, running, stopping
    link: str = "connecting"  # connecting, up, down
    link_since: float = 0
    accepted: int = 0
    acknowledged: int = 0
    in_memory: int = 0
    on_disk: int = 0
    dropped: int = 0
    written: int = 0  # bytes, by the outbox
    fullest: int = 0  # the most that has waited
    alerts: dict = dataclasses.field(default_factory=dict)  # topic to Alert
    events: list = dataclasses.field(default_factory=list)  # (seconds, text)

    def note(self, text):
        self.events.append((self.elapsed, text))

    @property
    def firing(self):
        return [alert.name for alert in self.alerts.values() if alert.state == "firing"]

    @property
    def waiting(self):
        return self.in_memory + self.on_disk


def screen(state):
    """The whole screen, always of the same number of lines."""
    lines = [
        _apart(f"fleet-edge  a trip of {state.vehicle}",
               f"{_clock(min(state.elapsed, state.duration))} of {_clock(state.duration)}"),
        _bar(state.elapsed, state.duration, WIDTH),
        "",
        *_flow(state),
        "",
        f"sensors   {_values(state.values)}",
        "",
        "driver's display",
        *_filled(map(_alert, _newest_alerts(state)), SHOWN_ALERTS),
        "",
        f"outbox    in memory {_bar(state.in_memory, _scale(state), BAR)} {state.in_memory:>7,} readings",
        f"          on disk   {_bar(state.on_disk, _scale(state), BAR)} {state.on_disk:>7,} readings",
        f"          accepted {state.accepted:,} = acknowledged {state.acknowledged:,}"
        f" + waiting {state.waiting:,} + dropped {state.dropped:,}",
        "",
        *_filled((f"{_clock(at)}  {text}" for at, text in state.events[-SHOWN_EVENTS:]), SHOWN_EVENTS),
    ]
    return [text if len(text) <= WIDTH else text[:WIDTH - 1] + "…" for text in lines]


def line(state):
    """The same on one line, for a pipe."""
    return (f"{_clock(state.elapsed)}  {state.messages_per_second:3.0f} messages/s  hub {state.link:<4}  "
            f"accepted {state.accepted:,}  acknowledged {state.acknowledged:,}  "
            f"waiting {state.in_memory:,} in memory, {state.on_disk:,} on disk"
            + (f"  firing: {', '.join(state.firing)}" if state.firing else ""))


def _flow(state):
    arrow = "──▶" if state.link == "up" else "─✕ "
    since = f"{state.elapsed - state.link_since:.0f} s"
    return [
        f"sensors ──▶ mosquitto ──▶ fleet-edge ──▶ outbox {arrow} {state.hub}",
        f"   {state.messages_per_second:3.0f} messages/s{'':9}{state.agent:<26}{state.link.upper()} for {since}",
        f"{'':29}└──▶ driver's display",
    ]


def _values(values):
    return "   ".join(f"{name} {text}" for name, text in values.items()) or "(nothing yet)"


def _newest_alerts(state):
    newest = sorted(state.alerts.values(), key=lambda alert: alert.changed)[-SHOWN_ALERTS:]
    return newest or [None]


def _alert(alert):
    if alert is None:
        return "  (no alert)"
    mark, what = ("●", alert.severity) if alert.state == "firing" else ("○", alert.state)
    return f"  {mark} {_clock(alert.changed)}  {what:<9} {alert.summary}"


def _scale(state):
    """Readings at a full bar: what has waited at most, rounded up."""
    scale = 100
    while scale < state.fullest:
        scale *= 2
    return scale


def _bar(value, full, width):
    filled = round(width * min(1, value / full)) if full else 0
    if value and not filled:
        filled = 1
    return "█" * filled + "░" * (width - filled)


def _clock(seconds):
    return f"{int(seconds) // 60:02}:{int(seconds) % 60:02}"


def _apart(left, right):
    return left + right.rjust(WIDTH - len(left))


def _filled(lines, count):
    """`lines`, and empty ones after them up to `count`."""
    lines = list(lines)
    return lines + [""] * (count - len(lines))
