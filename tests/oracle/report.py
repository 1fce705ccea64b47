"""Tells a difference: what each engine says, and a test to paste into tests/rules."""

import math

from shrink import ROUND_START_MS


def _quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _seconds(time_ms):
    return repr((time_ms - ROUND_START_MS) / 1000).removesuffix(".0")


def _value(value):
    if math.isnan(value):
        return "kNaN"
    if math.isinf(value):
        return "kInf" if value > 0 else "-kInf"
    return repr(value).removesuffix(".0")


def _labels(labels):
    return "{" + ", ".join(f"{{{_quoted(name)}, {_quoted(value)}}}" for name, value in labels) + "}"


def _element_texts(result):
    texts = []
    for one in result.get("elements") or []:
        labels = dict(one["labels"])
        name = labels.pop("__name__", "")
        inner = ",".join(f"{label}={_quoted(value)}" for label, value in sorted(labels.items()))
        texts.append(name + (f"{{{inner}}}" if inner else "") + " " + one["value"])
    return sorted(texts)


def result_text(result):
    """One line for one result."""
    if "error" in result:
        return f"fails: {result['error']}"
    return f"{result['type']} [" + ", ".join(_element_texts(result)) + "]"


def _test_lines(difference):
    yield "ExpressionWorld world;"
    for one in difference.world.series:
        for time, value in one.samples:
            if value == "stale":
                yield f"world.Ends({_quoted(one.name)}, {_labels(one.labels)}, {_seconds(time)});"
            else:
                yield f"world.Sample({_quoted(one.name)}, {_labels(one.labels)}, {_seconds(time)}, {_value(value)});"
    ask = f"world.Evaluate({_quoted(str(difference.term))}, {_seconds(difference.instant_ms)})"
    if "error" in difference.theirs:
        yield f"CHECK({ask}.front().starts_with(\"failed: \"));"
        return
    yield f"CHECK({ask} == Texts{{{', '.join(map(_quoted, _element_texts(difference.theirs)))}}});"


def text(difference):
    lines = [f"  {difference.term}",
             f"    at {difference.instant_ms} ms, lookback {difference.world.lookback_ms} ms",
             f"    ours:       {result_text(difference.ours)}",
             f"    Prometheus: {result_text(difference.theirs)}"]
    if hasattr(difference.world, "rules"):
        world = difference.world
        lines.append(f"    rules, every {world.interval_ms} ms from {_seconds(world.from_ms)} s: {world.file()}")
    return "\n".join(lines + ["      " + line for line in _test_lines(difference)])
