"""Operations whose last digits Prometheus doesn't define, how close results must be, and how a result of one is
settled: put into its place as a series."""

import dataclasses
import math

import term as terms
from term import SCALAR, Term, call, literal, selector, string
from world import Series, to_text

RELATIVE = 1e-12
ROUNDING = 2.0**-53

# Prometheus adds up in the order of time; our windows merge partial aggregates.
OVER_TIME = {"avg_over_time", "sum_over_time", "stddev_over_time", "stdvar_over_time"}
# Prometheus adds up in the order in which its storage hands series out.
OF_SERIES = {"sum", "avg", "stddev", "stdvar"}
# Go's own implementations, which are not libm's.
OF_LIBM = {"exp", "ln", "log2", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh",
           "acosh", "atanh", "^", "atan2"}
# Ties: Prometheus keeps any of them, we the first by their labels.
OF_TIES = {"topk", "bottomk"}
# Sorting leaves the zeros in any order: the result is one of them.
OF_ZEROS = {"quantile", "quantile_over_time", "mad_over_time"}
LOOSE = OVER_TIME | OF_SERIES | OF_LIBM | OF_TIES | OF_ZEROS


def is_loose(part: Term):
    return part.op in LOOSE


def _values(result):
    return {tuple(sorted(one["labels"].items())): float(one["value"]) for one in result.get("elements") or []}


def _within(ours, theirs, absolute):
    if math.isnan(ours) or math.isnan(theirs):
        return math.isnan(ours) and math.isnan(theirs)
    if math.isinf(ours) or math.isinf(theirs):
        return ours == theirs
    return abs(ours - theirs) <= RELATIVE * max(abs(ours), abs(theirs)) + absolute


def _magnitude(both, world, part, instant_ms):
    """The greatest absolute value that goes into `part`, and how many values, by Prometheus."""
    operand = part.children[-1]
    if operand.type == terms.RANGE:
        extremes = [call(terms.VECTOR, name, operand) for name in ("max_over_time", "min_over_time")]
        counts = call(terms.VECTOR, "count_over_time", operand)
    else:
        extremes, counts = [operand], terms.aggregation("count", operand)
    answers = both.theirs.ask(world.case(extremes + [counts], [instant_ms]))
    values = [abs(value) for answer in answers[:-1] for value in _values(answer[0]).values() if math.isfinite(value)]
    return max(values, default=0.0), max(_values(answers[-1][0]).values(), default=0.0)


def _absolute(both, world, part, instant_ms, scale):
    """What rounding may cost beside the relative part: a sum whose terms cancel out, a deviation that is small beside
    the values."""
    greatest, count = _magnitude(both, world, part, instant_ms)
    if part.op.startswith(("sum", "avg")):
        return 4 * count * count * ROUNDING * ROUNDING * greatest  # compensated
    if part.op.startswith("stddev"):
        return 4 * ROUNDING * greatest
    if part.op.startswith("stdvar"):
        return 4 * ROUNDING * greatest * math.sqrt(scale) + (4 * ROUNDING * greatest) ** 2
    return 0.0


def close(both, world, part, instant_ms, ours, theirs):
    """Whether the results of one loose operation on the same operands are as close as they must be."""
    if "error" in ours or "error" in theirs or ours["type"] != theirs["type"]:
        return False
    our_values, their_values = _values(ours), _values(theirs)
    if len(our_values) != len(their_values) or len(our_values) != len(ours.get("elements") or []):
        return False
    if part.op in OF_TIES:
        return _same_up_to_ties(part, our_values, their_values)
    if our_values.keys() != their_values.keys():
        return False
    if part.op in OF_ZEROS:
        return all(ours == theirs or (math.isnan(ours) and math.isnan(theirs))
                   for ours, theirs in ((our_values[labels], their_values[labels]) for labels in our_values))
    if all(_within(our_values[labels], value, 0.0) for labels, value in their_values.items()):
        return True
    if part.op in OF_LIBM:
        return False
    return all(_within(our_values[labels], value, _absolute(both, world, part, instant_ms, abs(value)))
               for labels, value in their_values.items())


def _same_up_to_ties(part, ours, theirs):
    """The same values in every group; which of equal ones stay is ours to say."""
    def by_group(values):
        return sorted((to_text(value), _group_of(part, dict(labels))) for labels, value in values.items())

    return by_group(ours) == by_group(theirs)


def _group_of(part, labels):
    grouping = part.extras[0]
    names = {name for name in grouping.partition("(")[2].rstrip(")").split(", ") if name}
    if grouping.startswith("without"):
        return sorted(pair for pair in labels.items() if pair[0] not in names | {"__name__"})
    return sorted(pair for pair in labels.items() if pair[0] in names)


def settle(world, part, instant_ms, result, number):
    """A world that has the result as series, and a term that yields exactly it."""
    if part.type == SCALAR:
        return world, terms.paren(literal(to_text(float(result["elements"][0]["value"]))))
    name = f"settled_{number}"
    series, labels_seen = [], set()
    for labels, value in _values(result).items():
        labels_seen.update(label for label, _ in labels)
        hidden = tuple(sorted((f"settled_{label}", text) for label, text in labels))
        series.append(Series(name, hidden, ((instant_ms, value),)))
    stand_in = selector(name)
    for label in sorted(labels_seen | {"__name__"}):
        stand_in = call(terms.VECTOR, "label_replace", stand_in, string(label), string("$1"),
                        string(f"settled_{label}"), string("(.*)"))
        stand_in = call(terms.VECTOR, "label_replace", stand_in, string(f"settled_{label}"), string(""),
                        string(f"settled_{label}"), string(".*"))
    return dataclasses.replace(world, series=world.series + tuple(series)), stand_in
