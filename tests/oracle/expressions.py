"""Random expressions of the supported subset of PromQL, typed so that most of them are valid. A file's tables are the
subset as tests/oracle knows it: a new function is one line here."""

import re

import loose
import term
from term import SCALAR, VECTOR, binary, call, literal, one_of, selector, string

OVER_TIME = ["avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "count_over_time", "first_over_time",
             "last_over_time", "stddev_over_time", "stdvar_over_time", "mad_over_time", "present_over_time",
             "absent_over_time", "delta", "idelta", "deriv", "rate", "irate", "increase", "changes", "resets"]
OF_ELEMENTS = ["abs", "ceil", "floor", "sgn", "sqrt", "exp", "ln", "log2", "log10", "sin", "cos", "tan", "asin", "acos",
               "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "deg", "rad", "round"]
OF_DATES = ["minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year"]
OTHER_VECTORS = ["absent", "sort", "sort_desc", "timestamp"]
AGGREGATIONS = ["sum", "min", "max", "avg", "count", "stddev", "stdvar", "group"]
ARITHMETIC = ["+", "-", "*", "/", "%", "^", "atan2"]

NUMBERS = ["0", "1", "2", "3", "0.5", "1.5", "10", "100", ".5", "2.", "1e3", "1E-2", "0x1F", "0X0a", "1_000", "0.1",
           "Inf", "NaN", "inf", "nan", "1e308", "1e-300", "5m", "1h30m", "500ms", "1d", "010"]
DURATIONS = ["1s", "2s", "5s", "10s", "30s", "1m", "1m30s", "5m", "500ms", "1ms", "137ms", "10", "0.5", "90", "1.5",
             "0x10", "1h"]
OFFSETS = ["1s", "5s", "10s", "30s", "1m", "1ms", "10", "2.5"]
LABELS = ["x", "y", "z", "none"]
MATCHERS = ['x="1"', 'x="2"', 'x!="1"', 'x=~"1|2"', 'x!~"1|2"', 'y="p"', 'y=~"p.*"', 'y!=""', 'z=""', 'z="r"', 'z!="r"',
            'x=~"[12]"', 'y=~".+"', 'z=~"r?"', "y!~'q'", 'none=""', 'none="s"', 'x=~"."', 'y=~"(p|q)"', "x=`3`"]
NAMELESS = ['x="1"', 'y="p"', 'x=~"1|2"', 'y=~".+"', '__name__=~"a|d"', '__name__="c"', '__name__=~"[ab]"']
REGEXES = ["(.*)", "1|2", "(.)(.*)", "([12])", "p", "", "(p)?.*", "(1)|(2)"]
REPLACEMENTS = ["$1", "v", "", "${1}-b", "$2$1", "$1a", "$$1", "$0", "a$", "$3"]


class Generator:
    """Makes terms of a type, at most `depth` operations deep."""

    over_time = OVER_TIME + ["quantile_over_time", "predict_linear", "double_exponential_smoothing"]
    of_element = OF_ELEMENTS
    other_vectors = OTHER_VECTORS
    aggregations = AGGREGATIONS + ["quantile", "topk", "bottomk", "count_values"]
    arithmetic = ARITHMETIC
    numbers = NUMBERS
    durations = DURATIONS
    offsets = OFFSETS
    nameless = 0.1  # the share of selectors without a name

    def __init__(self, randomness):
        self.random = randomness

    def expression(self):
        depth = self.random.choice([0, 1, 1, 2, 2, 3, 3, 4])
        return self.scalar(depth) if self.random.random() < 0.07 else self.vector(depth)

    def vector(self, depth):
        if depth <= 0:
            return self.instant_selector()
        make = one_of(self.random, [
            (2, self.instant_selector), (14, lambda: self.over_range(depth)), (6, lambda: self.of_elements(depth)),
            (4, lambda: self.with_numbers(depth)), (3, lambda: self.labels_changed(depth)),
            (2, lambda: self.of_time(depth)), (3, lambda: self.other(depth)), (9, lambda: self.aggregation(depth)),
            (7, lambda: self.of_vectors(depth)), (6, lambda: self.with_scalar(depth)), (4, lambda: self.set(depth)),
            (1, lambda: term.unary(self.random.choice("+--"), self.vector(depth - 1))),
            (1, lambda: term.paren(self.vector(depth - 1)))])
        return make()

    def scalar(self, depth):
        if depth <= 0 or self.random.random() < 0.3:
            return self.number()
        make = one_of(self.random, [
            (2, lambda: call(SCALAR, "time")), (1, lambda: call(SCALAR, "pi")),
            (4, lambda: call(SCALAR, "scalar", self.vector(depth - 1))), (5, lambda: self.of_scalars(depth)),
            (1, lambda: term.unary(self.random.choice("+--"), self.scalar(depth - 1))),
            (1, lambda: term.paren(self.scalar(depth - 1)))])
        return make()

    def number(self):
        if self.random.random() < 0.3:
            return literal(repr(round(self.random.uniform(0, 100), self.random.randint(0, 6))))
        return literal(self.random.choice(self.numbers))

    def small_number(self, *usual):
        """Mostly one of `usual`, at times anything."""
        return literal(self.random.choice(usual)) if self.random.random() < 0.85 else self.scalar(1)

    def matchers(self):
        count = self.random.choice([0, 0, 0, 1, 1, 2])
        return [self.random.choice(MATCHERS) for _ in range(count)]

    def instant_selector(self, duration=""):
        offset = self.random.choice(self.offsets) if self.random.random() < 0.12 else ""
        if self.random.random() < self.nameless:
            return selector("", [self.random.choice(NAMELESS)] + self.matchers(), duration, offset)
        name = self.random.choices(["a", "b", "c", "d", "e_total", "job:f", "unknown"], [6, 5, 3, 4, 3, 2, 1])[0]
        return selector(name, self.matchers(), duration, offset)

    def range(self):
        made = self.instant_selector(self.random.choice(self.durations))
        return term.paren(made) if self.random.random() < 0.02 else made

    def over_range(self, depth):
        name = self.random.choice(self.over_time)
        if name == "quantile_over_time":
            return call(VECTOR, name, self.small_number("0", "0.5", "0.9", "1", "0.25", "-0.1", "1.1"), self.range())
        if name == "predict_linear":
            return call(VECTOR, name, self.range(), self.scalar(depth - 1))
        if name == "double_exponential_smoothing":
            return call(VECTOR, name, self.range(), self.factor(), self.factor())
        return call(VECTOR, name, self.range())

    def factor(self):
        """A wrong one stands in a series: as a literal it is refused at load."""
        if self.random.random() < 0.85:
            return literal(self.random.choice(["0.5", "0.1", "0.9", "0.3"]))
        return call(SCALAR, "scalar", self.vector(0))

    def of_elements(self, depth):
        return call(VECTOR, self.random.choice(self.of_element), self.vector(depth - 1))

    def with_numbers(self, depth):
        name = self.random.choice(["clamp", "clamp_min", "clamp_max", "round", "vector"])
        if name == "vector":
            return call(VECTOR, name, self.scalar(depth - 1))
        numbers = [self.scalar(depth - 1) for _ in range(2 if name == "clamp" else 1)]
        return call(VECTOR, name, self.vector(depth - 1), *numbers)

    def label(self):
        return self.random.choice(LABELS + ["__name__"] if self.random.random() < 0.3 else LABELS)

    def labels_changed(self, depth):
        argument = self.vector(depth - 1)
        if self.random.random() < 0.5:
            sources = [string(self.label()) for _ in range(self.random.randint(0, 3))]
            return call(VECTOR, "label_join", argument, string(self.label()), string(self.random.choice(["", "-", ","])),
                        *sources)
        return call(VECTOR, "label_replace", argument, string(self.label()), string(self.random.choice(REPLACEMENTS)),
                    string(self.label()), string(self.random.choice(REGEXES)))

    def of_time(self, depth):
        name = self.random.choice(OF_DATES)
        if self.random.random() < 0.4:
            return call(VECTOR, name)
        seconds = call(VECTOR, "timestamp", self.vector(depth - 2))
        if self.random.random() < 0.5:
            seconds = binary("*", self.vector(depth - 2), literal(self.random.choice(["1", "3600", "86400", "40000"])))
        return call(VECTOR, name, seconds)

    def other(self, depth):
        return call(VECTOR, self.random.choice(self.other_vectors), self.vector(depth - 1))

    def grouping(self):
        if self.random.random() < 0.25:
            return ""
        names = self.random.sample(LABELS + ["__name__"], self.random.randint(0, 3))
        return f"{self.random.choice(['by', 'without'])} ({', '.join(names)})"

    def aggregation(self, depth):
        name = self.random.choice(self.aggregations)
        parameters = {"quantile": lambda: self.small_number("0", "0.5", "0.9", "1", "0.3", "-1", "2"),
                      "topk": lambda: self.small_number("1", "2", "3", "1.9", "0", "100"),
                      "bottomk": lambda: self.small_number("1", "2", "3", "1.9", "0", "100"),
                      "count_values": lambda: string(self.random.choice(LABELS + ["value"]))}
        arguments = [parameters[name]()] if name in parameters else []
        return term.aggregation(name, *arguments, self.vector(depth - 1), grouping=self.grouping(),
                                grouping_first=self.random.random() < 0.7)

    def matching(self, with_groups):
        if self.random.random() < 0.35:
            return ""
        labels = self.random.sample(LABELS, self.random.randint(0, 2))
        text = f"{self.random.choice(['on', 'ignoring'])}({', '.join(labels)})"
        if with_groups and self.random.random() < 0.5:
            included = [label for label in self.random.sample(LABELS, self.random.randint(0, 2)) if label not in labels]
            text += f" {self.random.choice(['group_left', 'group_right'])}"
            text += f"({', '.join(included)})" if included or self.random.random() < 0.5 else ""
        return text

    def operator(self):
        """An operator with its `bool`."""
        if self.random.random() < 0.6:
            return self.random.choice(self.arithmetic), ""
        return self.random.choice(term.COMPARISONS), self.random.choice(["", "bool"])

    def split(self, depth):
        """The depths of two operands: one of them may be shallower."""
        depths = [depth - 1, self.random.randint(0, depth - 1)]
        self.random.shuffle(depths)
        return depths

    def of_vectors(self, depth):
        op, flag = self.operator()
        left, right = map(self.vector, self.split(depth))
        return binary(op, left, right, f"{flag} {self.matching(True)}".strip())

    def with_scalar(self, depth):
        op, flag = self.operator()
        operands = [self.vector(depth - 1), self.scalar(depth - 1)]
        self.random.shuffle(operands)
        return binary(op, *operands, flag)

    def of_scalars(self, depth):
        op, flag = self.operator()
        left, right = map(self.scalar, self.split(depth))
        return binary(op, left, right, "bool" if op in term.COMPARISONS else flag)

    def set(self, depth):
        left, right = map(self.vector, self.split(depth))
        return binary(self.random.choice(term.SETS), left, right, self.matching(False))




class StrictGenerator(Generator):
    """Nothing whose last digits are loose: for rules, whose parts can't be settled."""

    over_time = [name for name in Generator.over_time if name not in loose.LOOSE]
    of_element = [name for name in Generator.of_element if name not in loose.LOOSE]
    aggregations = [name for name in Generator.aggregations if name not in loose.LOOSE]
    arithmetic = [op for op in Generator.arithmetic if op not in loose.LOOSE]


class CommonGenerator(StrictGenerator):
    """What Prometheus 2.42 reads too and computes alike: no numbers for durations, whole seconds, no function of
    version 3; no growth of counters, which 2 takes back to zero by another rule; no order, since promtool shows
    results in one of its own."""

    over_time = ["quantile_over_time"] + [
        name for name in StrictGenerator.over_time
        if name not in ("double_exponential_smoothing", "first_over_time", "rate", "increase")]
    aggregations = StrictGenerator.aggregations + ["quantile"]
    other_vectors = ["absent", "timestamp"]
    numbers = [text for text in NUMBERS if not re.search(r"_|[0-9](m|s|d)", text)]
    durations = ["1s", "2s", "5s", "10s", "30s", "1m", "1m30s", "5m", "1h"]
    offsets = ["1s", "5s", "10s", "30s", "1m"]

    def of_vectors(self, depth):
        """In 2 a filter hides that several elements match one; `bool` doesn't filter."""
        made = super().of_vectors(depth)
        if made.op not in term.COMPARISONS or made.extras[0].startswith("bool"):
            return made
        return binary(made.op, *made.children, f"bool {made.extras[0]}".strip())
