#!/usr/bin/env python3
"""Holds the rule engine against Prometheus 3 on random expressions over random series.

    tests/oracle/oracle.py --evaluate build/release/tests/oracle_evaluate [-n 2000] [--seed N] [--rules]
    tests/oracle/oracle.py --evaluate build/release/tests/oracle_evaluate --promtool

Prints the seed, and each difference made small. Exits with 0 without differences, 1 with some, 77 when there
is no Prometheus to ask (no Go, no way to its module, no promtool).
"""

import argparse
import random
import sys

import comparison
import engines
import expressions
import promtool
import report
import rule_file
import shrink
import world as worlds

EXPRESSIONS_A_WORLD = 20
MOST_TOLD = 12
SKIPPED = 77


def say(text):
    print(f"oracle: {text}", flush=True)


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--evaluate", required=True, help="our program, oracle_evaluate")
    parser.add_argument("-n", type=int, default=2000, help="how many expressions")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--world", type=int, help="only this one of the seed")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--promtool", action="store_true", help="compare with Prometheus 2's, off boundaries")
    kind.add_argument("--rules", action="store_true", help="compare rule files, by the series that they write")
    parser.add_argument("--whole", action="store_true", help="don't make differences small")
    return parser.parse_args()


def key_of(difference):
    """Differences that look alike are told once."""
    if "error" in difference.ours and "error" not in difference.theirs:
        return difference.ours["error"].split(":", 3)[-1]
    return tuple(sorted(difference.term.operations() - {"a", "b", "c", "d", "e_total", "job:f"}))


class Run:
    """Worlds with their expressions, one after the other, as long as expressions are wanted."""

    def __init__(self, arguments, both):
        self.arguments = arguments
        of_2 = arguments.promtool
        self.make_world = worlds.generate_off_boundaries if of_2 else worlds.generate
        self.make_generator = expressions.CommonGenerator if of_2 else expressions.Generator
        self.judge = comparison.Judge(both)
        self.found, self.asked = 0, 0
        self.told, self.small = set(), set()

    def world(self, number):
        randomness = random.Random(f"{self.arguments.seed}/{number}")
        world = self.make_world(randomness)
        if self.arguments.rules:
            world = rule_file.generate(randomness, world)
            terms = rule_file.asked_for(world)
            self.asked += len(world.rules)
        else:
            generator = self.make_generator(randomness)
            terms = [generator.expression() for _ in range(min(EXPRESSIONS_A_WORLD, self.arguments.n - self.asked))]
            self.asked += len(terms)
        for difference in self.judge.differences(world, terms):
            self.found += 1
            self.tell(number, difference)

    def tell(self, number, difference):
        if key_of(difference) in self.told or len(self.told) >= MOST_TOLD:
            return
        if not self.arguments.whole:
            self.told.add(key_of(difference))
            difference = shrink.Shrinker(self.judge).shrink(difference)
            if key_of(difference) in self.small:
                return
        self.told.add(key_of(difference))
        self.small.add(key_of(difference))
        say(f"difference in world {number}:\n{report.text(difference)}")


def main():
    arguments = read_arguments()
    version = 2 if arguments.promtool else 3
    try:
        theirs = promtool.Promtool() if arguments.promtool else engines.Engine(engines.build_prometheus(say))
    except engines.Unavailable as reason:
        say(f"SKIPPED, nothing was compared with Prometheus {version}: {reason}")
        return SKIPPED
    say(f"{arguments.n} {'rules' if arguments.rules else 'expressions'} beside Prometheus {version}, "
        f"seed {arguments.seed}")
    run = Run(arguments, engines.Both(engines.Engine(arguments.evaluate), theirs))
    number = arguments.world or 0
    while run.asked < arguments.n:
        run.world(number)
        if arguments.world is not None:
            break
        number += 1
    run.judge.both.close()
    say(f"{run.asked} compared; of {run.judge.compared} results {run.judge.with_elements} have elements and "
        f"{run.judge.failed} fail; {run.judge.settled} had a part settled; {run.found} differences")
    return 1 if run.found else 0


if __name__ == "__main__":
    sys.exit(main())
