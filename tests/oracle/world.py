"""Random series: gaps, negatives, NaN, ±Inf, resets, constant runs, huge and tiny values, ends, and samples on the
very boundaries of windows."""

import dataclasses
import datetime
import math

# Names with the label sets that each may have. `a` and `d` have the same ones, so that they match one to one, and
# collide where names are dropped; `b` matches them many to one; `c` has none.
LABELS = {
    "a": [{"x": x, "y": y} for x in "123" for y in ("p", "q")],
    "b": [{"x": x} for x in "123"] + [{"x": "1", "z": "r"}],
    "c": [{}],
    "d": [{"x": x, "y": y} for x in "123" for y in ("p", "q")],
    "e_total": [{"x": x, "y": "p", "z": z} for x in "12" for z in ("r", "-1.5", "é\"\\")],
    "job:f": [{"y": "q"}, {"z": "r"}, {"x": "1"}],
}
ODD_VALUES = [math.nan, math.inf, -math.inf, 0.0, -0.0, 1e300, -1e300, 1.7e308, 1e-300, 2.0**53, 1e16, 0.1]


@dataclasses.dataclass(frozen=True)
class Series:
    """Samples are (milliseconds since 1970, value or "stale"), in order of time."""

    name: str
    labels: tuple
    samples: tuple

    def __str__(self):
        return self.name + "{" + ",".join(f'{name}="{value}"' for name, value in self.labels) + "}"


@dataclasses.dataclass(frozen=True)
class World:
    lookback_ms: int
    series: tuple
    instants_ms: tuple
    movable: bool = True  # to another time, when a difference is made small

    def case(self, expressions, instants_ms=None):
        """What both engines are asked, as a JSON object."""
        return {
            "lookback_ms": self.lookback_ms,
            "series": [{"labels": {"__name__": one.name, **dict(one.labels)},
                        "samples": [[time, to_text(value)] for time, value in one.samples]} for one in self.series],
            "expressions": [str(expression) for expression in expressions],
            "instants_ms": list(self.instants_ms if instants_ms is None else instants_ms),
        }


def to_text(value):
    if value == "stale":
        return value
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return "NaN" if math.isnan(value) else repr(float(value))


def _walk(randomness):
    value = randomness.choice([0.0, 20.5, -18.4, 1e6, 0.1])
    step = randomness.choice([1.0, 0.1, 7.25, 1e-9, 1e5])
    while True:
        yield value
        value += randomness.choice([0.0, step, -step, randomness.gauss(0, step)])


def _counter(randomness):
    value = float(randomness.randint(0, 50))
    while True:
        yield value
        value = value + randomness.randint(0, 9) if randomness.random() < 0.85 else float(randomness.randint(0, 3))


def _small(randomness):
    while True:
        yield float(randomness.randint(-3, 3))


def _reals(randomness):
    magnitude = randomness.choice([1.0, 1e-6, 1e3, 1e12])
    while True:
        yield randomness.uniform(-magnitude, magnitude)


def _runs(randomness):
    while True:
        value = randomness.choice([0.1, 90.0, -19.0, 1 / 3])
        for _ in range(randomness.randint(2, 8)):
            yield value


def _odd(randomness):
    while True:
        yield randomness.choice(ODD_VALUES + [1.0, 2.0, -1.0])


def _sprinkled(values, randomness, share):
    """Some of the values give way to NaN, infinities and ends of the series."""
    for value in values:
        yield randomness.choice([math.nan, math.inf, -math.inf, "stale"]) if randomness.random() < share else value


def _values(randomness):
    kind = randomness.choices([_walk, _counter, _small, _reals, _runs, _odd], [4, 4, 4, 3, 2, 1])[0]
    share = randomness.choices([0, 0.03, 0.25], [6, 3, 1])[0]
    return _sprinkled(kind(randomness), randomness, share)


def _times(randomness, start, span):
    step = randomness.choice([1000, 1000, 2000, 5000, 10000, 500])
    jitter = randomness.choice([0, 0, 0, 1, 137, step])
    time = start + randomness.choice([0, step, randomness.randint(0, span)])
    while time < start + span:
        yield time
        gap = randomness.randint(2, 40) if randomness.random() < 0.05 else 1
        time += step * gap + (randomness.randint(0, jitter) if jitter else 0)


def _start(randomness):
    """A whole second of any year until 2100, often at the end of a month, a day or an hour."""
    day = datetime.datetime(randomness.randint(1971, 2099), randomness.randint(1, 12), 1, tzinfo=datetime.timezone.utc)
    seconds = int(day.timestamp()) + randomness.choice([0, -30, randomness.randint(0, 31 * 86400)])
    return seconds * 1000


def _instants(randomness, start, span, series):
    times = [time for one in series for time, _ in one.samples]
    instants = set()
    for _ in range(5):
        reach = randomness.choice([0, 0, 0, 1, -1, 5000, 10_000, 30_000, 60_000])
        if times and randomness.random() < 0.6:
            instants.add(randomness.choice(times) + reach)
        else:
            instants.add(start + randomness.randint(0, span + 60_000))
    return tuple(sorted(instants))


def generate(randomness):
    start = _start(randomness)
    span = randomness.choice([20_000, 60_000, 150_000, 400_000])
    series = _series(randomness, lambda: _times(randomness, start, span))
    lookback = randomness.choice([30_000, 30_000, 5_000, 300_000, 1_000])
    return World(lookback, tuple(series), _instants(randomness, start, span, series))


def generate_off_boundaries(randomness):
    """For promtool: samples at whole seconds from 0, instants between them, its own lookback."""
    span = randomness.choice([20, 60, 150])
    share = randomness.choice([0.1, 0.5, 1])
    series = _series(randomness, lambda: [second * 1000 for second in range(span) if randomness.random() < share])
    instants = sorted(randomness.sample(range(span + 60), 5))
    return World(300_000, tuple(series), tuple(second * 1000 + 500 for second in instants), movable=False)


def _series(randomness, times):
    series = []
    for name, sets in LABELS.items():
        kept = randomness.sample(sets, randomness.randint(0 if randomness.random() < 0.1 else 1, len(sets)))
        for labels in kept:
            series.append(Series(name, tuple(sorted(labels.items())), tuple(zip(times(), _values(randomness)))))
    return series
