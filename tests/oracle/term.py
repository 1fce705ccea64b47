"""Expressions as trees: what is generated, settled and shrunk. `str()` gives PromQL."""

import dataclasses
import random

SCALAR, VECTOR, RANGE, STRING = "scalar", "vector", "range", "string"

# How tightly each operator binds, as in Prometheus's grammar.
LEVELS = {"or": 1, "and": 2, "unless": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "+": 4, "-": 4,
          "*": 5, "/": 5, "%": 5, "atan2": 5, "^": 6}
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
SETS = ("and", "or", "unless")
UNARY_LEVEL = 5
ATOM_LEVEL = 9


@dataclasses.dataclass(frozen=True)
class Term:
    """One node of an expression. `op` names the operation, `form` how it is written; `extras` are texts that go
    along with it, by form."""

    form: str
    type: str
    op: str
    children: tuple = ()
    extras: tuple = ()

    def __str__(self):
        return _WRITERS[self.form](self)

    @property
    def level(self):
        if self.form == "binary":
            return LEVELS[self.op]
        return UNARY_LEVEL if self.form == "unary" else ATOM_LEVEL

    def with_child(self, index, child):
        return dataclasses.replace(self, children=self.children[:index] + (child,) + self.children[index + 1:])

    def paths(self, path=()):
        """All nodes with the way to them, children before their parents."""
        for index, child in enumerate(self.children):
            yield from child.paths(path + (index,))
        yield path, self

    def replaced(self, path, term):
        if not path:
            return term
        return self.with_child(path[0], self.children[path[0]].replaced(path[1:], term))

    def operations(self):
        return {term.op for _, term in self.paths()}


def literal(text):
    """A number as it is written."""
    return Term("literal", SCALAR, text)


def string(value):
    return Term("literal", STRING, '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"')


def selector(name, matchers=(), duration="", offset=""):
    """`matchers` are texts; with a `duration` it is a range."""
    return Term("selector", RANGE if duration else VECTOR, name, (), (tuple(matchers), duration, offset))


def call(kind, name, *arguments):
    return Term("call", kind, name, tuple(arguments))


def unary(sign, operand):
    return Term("unary", operand.type, sign, (operand,))


def paren(inner):
    return Term("paren", inner.type, "()", (inner,))


def binary(op, left, right, modifiers=""):
    """`modifiers` stand behind the operator: `bool`, `on(x) group_left`."""
    kind = SCALAR if left.type == right.type == SCALAR else VECTOR
    return Term("binary", kind, op, (left, right), (modifiers,))


def aggregation(op, *arguments, grouping="", grouping_first=True):
    return Term("aggregation", VECTOR, op, tuple(arguments), (grouping, grouping_first))


def _write_selector(term):
    matchers, duration, offset = term.extras
    text = term.op
    if matchers or not text:
        text += "{" + ",".join(matchers) + "}"
    if duration:
        text += f"[{duration}]"
    return text + (f" offset {offset}" if offset else "")


def _write_call(term):
    return f"{term.op}({', '.join(map(str, term.children))})"


def _write_binary(term):
    left, right = term.children
    is_power = term.op == "^"
    left_text = f"({left})" if left.level < term.level or (is_power and left.level == term.level) else str(left)
    tight = right.form == "unary" or right.level > term.level or (is_power and right.level == term.level)
    right_text = str(right) if tight else f"({right})"
    modifiers = f" {term.extras[0]}" if term.extras[0] else ""
    return f"{left_text} {term.op}{modifiers} {right_text}"


def _write_unary(term):
    operand = term.children[0]
    return term.op + (f"({operand})" if operand.level <= UNARY_LEVEL and operand.form != "unary" else str(operand))


def _write_aggregation(term):
    grouping, grouping_first = term.extras
    arguments = f"({', '.join(map(str, term.children))})"
    if not grouping:
        return term.op + arguments
    return f"{term.op} {grouping} {arguments}" if grouping_first else f"{term.op}{arguments} {grouping}"


_WRITERS = {
    "literal": lambda term: term.op,
    "selector": _write_selector,
    "call": _write_call,
    "unary": _write_unary,
    "paren": lambda term: f"({term.children[0]})",
    "binary": _write_binary,
    "aggregation": _write_aggregation,
}


def one_of(randomness: random.Random, weighted):
    """A choice among (weight, choice) pairs."""
    weights, choices = zip(*weighted)
    return randomness.choices(choices, weights)[0]
