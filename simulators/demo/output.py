"""Where the demo shows a trip: one screen that updates on a terminal, plain lines in a pipe."""

import re

import demo.screen

PLAIN_SECONDS = 1
_ENTER = "\x1b[?1049h\x1b[?25l"  # the alternate screen, no cursor
_LEAVE = "\x1b[?25h\x1b[?1049l"
_COLOURS = [(re.compile(pattern), f"\x1b[{code}m\\g<0>\x1b[0m") for pattern, code in (
    (r"\bDOWN\b|✕|\bstopping\b", "1;31"), (r"● .*", "1;33"), (r"\bUP\b|\brunning\b", "32"), (r"█+", "36"))]


class Terminal:
    """Draws the screen over itself; leaves the terminal as it was."""

    def __init__(self, stream):
        self._stream = stream

    def __enter__(self):
        self._stream.write(_ENTER)
        return self

    def __exit__(self, *_):
        self._stream.write(_LEAVE)
        self._stream.flush()

    def show(self, state):
        lines = "".join(f"{_coloured(line)}\x1b[K\n" for line in demo.screen.screen(state))
        self._stream.write(f"\x1b[H{lines}\x1b[J")
        self._stream.flush()


class Plain:
    """Prints a line a second, and what happens as it happens."""

    def __init__(self, stream):
        self._stream = stream
        self._events = 0
        self._alerts = {}
        self._next = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def show(self, state):
        for _, text in state.events[self._events:]:
            self._print(f"       {text}")
        self._events = len(state.events)
        for topic, alert in state.alerts.items():
            if self._alerts.get(topic) != alert:
                self._print(f"       driver's display: {alert.name} {alert.state}: {alert.summary}")
        self._alerts = dict(state.alerts)
        if state.elapsed >= self._next:
            self._next = int(state.elapsed) + PLAIN_SECONDS
            self._print(demo.screen.line(state))

    def _print(self, text):
        print(text, file=self._stream, flush=True)


def open_output(stream):
    return Terminal(stream) if stream.isatty() else Plain(stream)


def _coloured(line):
    for pattern, replacement in _COLOURS:
        line = pattern.sub(replacement, line)
    return line
