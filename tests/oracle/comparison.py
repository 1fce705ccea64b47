"""Whether two results are the same, and how close results must be that no order of operations defines."""

import dataclasses
import math

import loose
from term import Term
from world import World


@dataclasses.dataclass(frozen=True)
class Difference:
    """An expression that the engines don't agree on at an instant, and what each says."""

    world: World
    term: Term
    instant_ms: int
    ours: dict
    theirs: dict


def elements(result):
    return {tuple(sorted(one["labels"].items())): float(one["value"]) for one in result.get("elements") or []}


def equal(a, b):
    """The same number to the last bit. NaN is NaN; the zeros differ."""
    return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))


def _same_order(term, ours, theirs):
    while term.form == "paren":
        term = term.children[0]
    if term.op not in ("sort", "sort_desc"):
        return True
    ours, theirs = ([float(one["value"]) for one in result.get("elements") or []] for result in (ours, theirs))
    return all(map(equal, ours, theirs))


def same(term, ours, theirs):
    """Exactly the same: both fail, or types, labels and values agree."""
    if "error" in ours or "error" in theirs:
        return "error" in ours and "error" in theirs
    if ours["type"] != theirs["type"]:
        return False
    our_elements, their_elements = elements(ours), elements(theirs)
    if len(our_elements) != len(ours.get("elements") or []) or our_elements.keys() != their_elements.keys():
        return False
    values_agree = all(equal(value, their_elements[labels]) for labels, value in our_elements.items())
    return values_agree and _same_order(term, ours, theirs)


class Judge:
    """Compares the engines. Where they differ and a part of the expression is loosely defined, that part is compared
    with its own tolerance, then our result of it is put into the place of the part as a series, in both engines: what
    is around it must again be the same to the last bit."""

    def __init__(self, both):
        self.both = both
        self.compared = self.with_elements = self.failed = self.settled = 0

    def differences(self, world, terms):
        """Those of all terms at all instants of the world."""
        ours, theirs = self.both.ask(world.case(terms))
        found = []
        for term, our_results, their_results in zip(terms, ours, theirs):
            for instant_ms, our_result, their_result in zip(world.instants_ms, our_results, their_results):
                self._count(their_result)
                if not same(term, our_result, their_result):
                    self.settled += 1
                    difference = self.difference(world, term, instant_ms)
                    found += [difference] if difference else []
        return found

    def _count(self, result):
        self.compared += 1
        self.with_elements += bool(result.get("elements"))
        self.failed += "error" in result

    def _at(self, world, term, instant_ms):
        ours, theirs = self.both.ask(world.case([term], [instant_ms]))
        return ours[0][0], theirs[0][0]

    def difference(self, world, term, instant_ms):
        """The difference at one instant, or None."""
        settled = 0
        while True:
            ours, theirs = self._at(world, term, instant_ms)
            if same(term, ours, theirs):
                return None
            path = next((path for path, part in term.paths() if loose.is_loose(part)), None)
            if path is None:
                return Difference(world, term, instant_ms, ours, theirs)
            part = term
            for index in path:
                part = part.children[index]
            ours, theirs = self._at(world, part, instant_ms)
            if not same(part, ours, theirs) and not loose.close(self.both, world, part, instant_ms, ours, theirs):
                return Difference(world, part, instant_ms, ours, theirs)
            settled += 1
            world, stand_in = loose.settle(world, part, instant_ms, ours, settled)
            term = term.replaced(path, stand_in)
