"""Random rule files over random series: what holds for `for` and `keep_firing_for`, which alert is in which state, what
is recorded, and that it ends when its expression yields it no more."""

import dataclasses
import json

import expressions
from term import Term, selector
from world import World


@dataclasses.dataclass(frozen=True)
class Rule:
    """`fields` are those of the file beside the expression: alert or record, for, keep_firing_for."""

    group: int
    term: Term
    fields: tuple
    labels: tuple

    def as_dict(self):
        return {**dict(self.fields), "expr": str(self.term), "labels": dict(self.labels)}


@dataclasses.dataclass(frozen=True)
class RuleWorld(World):
    """A world with a rule file, evaluated at each multiple of the interval from `from_ms` on."""

    rules: tuple = ()
    interval_ms: int = 1000
    from_ms: int = 0

    def file(self):
        groups = {}
        for rule in self.rules:
            groups.setdefault(f"g{rule.group}", []).append(rule.as_dict())
        return json.dumps({"groups": [{"name": name, "rules": rules} for name, rules in groups.items()]})

    def case(self, terms, instants_ms=None):
        rules = {"file": self.file(), "interval_ms": self.interval_ms, "from_ms": self.from_ms}
        return {**super().case(terms, instants_ms), "rules": rules}


class RuleGenerator(expressions.StrictGenerator):
    """Expressions of rules: many compare, since alerts come and go by that, some read what others record. All name
    their series, lest an alert feeds on its own ALERTS."""

    nameless = 0

    def rule_term(self):
        choice = self.random.random()
        if choice < 0.5:
            return expressions.binary(self.random.choice(["<", ">", ">=", "!="]), self.vector(1), self.number())
        if choice < 0.7:
            return selector(self.random.choice(["r:1", "r:2"]), self.matchers())
        return self.expression()

    def rule(self, number):
        fields = {"record": f"r:{number}"}
        if self.random.random() < 0.7:
            fields = {"alert": f"A{number}", "for": self.random.choice(["0s", "1s", "2s", "5s", "10s", "7500ms"]),
                      "keep_firing_for": self.random.choice(["0s", "0s", "1s", "3s", "10s"])}
        labels = {"own": "v"} if self.random.random() < 0.3 else {}
        if self.random.random() < 0.15:
            labels["x"] = self.random.choice(["", "9"])  # takes it away, or makes some collide
        return Rule(self.random.randint(1, 2), self.rule_term(), tuple(fields.items()), tuple(labels.items()))


def asked_for(world):
    """All that its rules write, as terms."""
    recorded = [dict(rule.fields)["record"] for rule in world.rules if "record" in dict(rule.fields)]
    return [selector(name) for name in ["ALERTS", "ALERTS_FOR_STATE", *recorded]]


def generate(randomness, base):
    """Rules over the series of the world `base`."""
    generator = RuleGenerator(randomness)
    interval_ms = randomness.choice([1000, 2000, 5000])
    times = [time for one in base.series for time, _ in one.samples] or [0]
    from_ms = min(times) // interval_ms * interval_ms
    steps = sorted(randomness.sample(range(1, 80), 12))
    instants = tuple(from_ms + step * interval_ms + randomness.choice([0, 0, 0, 500]) for step in steps)
    rules = tuple(sorted((generator.rule(number) for number in range(1, randomness.randint(2, 5))),
                         key=lambda rule: rule.group))
    return RuleWorld(base.lookback_ms, base.series, instants, False, rules, interval_ms, from_ms)
