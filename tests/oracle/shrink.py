"""Makes a difference small: fewer operations, series and samples, rounder numbers, while the engines still differ."""

import dataclasses

from term import RANGE, SCALAR, STRING, VECTOR, literal, selector

MOST_TRIALS = 3000
ROUND_START_MS = 1_700_000_000_000


def _kind(difference):
    """What must stay the same, so that one difference doesn't turn into another: who failed, and why."""
    return difference.ours.get("error", "")[:60] if "error" in difference.ours else "error" in difference.theirs


class Shrinker:
    def __init__(self, judge):
        self.judge = judge
        self.trials = 0

    def shrink(self, difference):
        self.trials = 0
        before = None
        while before is not difference and self.trials < MOST_TRIALS:
            before = difference
            for candidates in (_fewer_rules, _smaller_terms, _fewer_series, _fewer_samples, _rounder):
                difference = self._descend(difference, candidates)
        return difference

    def _descend(self, difference, candidates):
        """Takes the first candidate that still differs, until none does."""
        progress = True
        while progress:
            progress = False
            for world, term, instant_ms in candidates(difference):
                self.trials += 1
                if self.trials > MOST_TRIALS:
                    return difference
                smaller = self.judge.difference(world, term, instant_ms)
                if smaller and _kind(smaller) == _kind(difference):
                    difference, progress = smaller, True
                    break
        return difference


def _fewer_rules(difference):
    world = difference.world
    rules = getattr(world, "rules", ())
    for index in range(len(rules)):
        yield (dataclasses.replace(world, rules=rules[:index] + rules[index + 1:]), difference.term,
               difference.instant_ms)
    for index, rule in enumerate(rules):
        for term in (rule.term.replaced(path, simpler) for path, part in rule.term.paths()
                     for simpler in _simpler(part)):
            changed = rules[:index] + (dataclasses.replace(rule, term=term),) + rules[index + 1:]
            yield dataclasses.replace(world, rules=changed), difference.term, difference.instant_ms


def _smaller_terms(difference):
    if hasattr(difference.world, "rules"):
        return
    term = difference.term
    for path, part in reversed(list(term.paths())):
        for replacement in _simpler(part):
            yield difference.world, term.replaced(path, replacement), difference.instant_ms


def _simpler(part):
    yield from (inner for _, inner in part.paths() if inner is not part and inner.type == part.type)
    if part.type == SCALAR and part.op not in ("0", "1"):
        yield from map(literal, ("1", "0"))
    if part.type == VECTOR and part.form != "selector":
        yield from map(selector, "abc")
    if part.form == "binary" and part.extras[0]:
        yield dataclasses.replace(part, extras=("bool" if part.extras[0].startswith("bool ") else "",))
    if part.form == "aggregation" and part.extras[0]:
        yield dataclasses.replace(part, extras=("", True))
    if part.form == "selector":
        yield from _simpler_selectors(part)
    if part.type == STRING and part.op != '""':
        yield dataclasses.replace(part, op='""')


def _simpler_selectors(part):
    matchers, duration, offset = part.extras
    for index in range(len(matchers)):
        yield dataclasses.replace(part, extras=(matchers[:index] + matchers[index + 1:], duration, offset))
    if offset:
        yield dataclasses.replace(part, extras=(matchers, duration, ""))
    if part.type == RANGE and duration != "10s":
        yield dataclasses.replace(part, extras=(matchers, "10s", offset))


def _fewer_series(difference):
    series = difference.world.series
    size = len(series)
    while size >= 1:
        for start in range(0, len(series), size):
            fewer = series[:start] + series[start + size:]
            yield dataclasses.replace(difference.world, series=fewer), difference.term, difference.instant_ms
        size //= 2


def _with_samples(difference, index, samples):
    series = difference.world.series
    changed = dataclasses.replace(series[index], samples=samples)
    world = dataclasses.replace(difference.world, series=series[:index] + (changed,) + series[index + 1:])
    return world, difference.term, difference.instant_ms


def _fewer_samples(difference):
    for index, one in enumerate(difference.world.series):
        size = len(one.samples)
        while size >= 1:
            for start in range(0, len(one.samples), size):
                yield _with_samples(difference, index, one.samples[:start] + one.samples[start + size:])
            size //= 2


def _rounder(difference):
    """Times near the tests' own start, the tests' lookback, whole values, fewer labels."""
    world, instant_ms = difference.world, difference.instant_ms
    shift = ROUND_START_MS + 100_000 - instant_ms
    if shift and world.movable:
        moved = tuple(dataclasses.replace(one, samples=tuple((time + shift, value) for time, value in one.samples))
                      for one in world.series)
        yield dataclasses.replace(world, series=moved), difference.term, instant_ms + shift
    if world.lookback_ms != 30_000 and world.movable:
        yield dataclasses.replace(world, lookback_ms=30_000), difference.term, instant_ms
    for index, one in enumerate(world.series):
        for place, (time, value) in enumerate(one.samples):
            for rounder in (1.0, 2.0, 3.0):
                if value == rounder:
                    break
                yield _with_samples(difference, index,
                                    one.samples[:place] + ((time, rounder),) + one.samples[place + 1:])
