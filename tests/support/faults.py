"""What the tests of faults share: how often, what they need, and the table that `make faults` ends with."""

import collections
import json
import os
import pathlib
import random
import shutil
import sys
import unittest

PROGRAMS = pathlib.Path(os.environ["FLEET_EDGE_BIN"])
SKIPPED = 77  # the exit code that ctest counts as not run
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)  # of what is at random
FULL = os.environ.get("FAULTS") == "full"  # else the short form, as in `make test`

Row = collections.namedtuple("Row", "fault runs lost younger result")


def runs(short, full):
    """How often a fault is made; `N` in the environment overrides what `make faults` does."""
    return int(os.environ.get("N") or full) if FULL else short


def report(fault, count, lost=0, younger=0, result="held"):
    """A row of the table: readings lost, and those younger than durable_within when the power went."""
    row = Row(fault, count, lost, younger, result)
    print(f"{line(row)}  SEED={SEED}", flush=True)
    if file := os.environ.get("FAULTS_TABLE"):
        with open(file, "a", encoding="utf-8") as table:
            table.write(json.dumps(row._asdict()) + "\n")


HEADING = f"  {'fault':<58}{'runs':>6}{'lost':>6}{'younger':>9}  result"


def line(row):
    return f"  {row.fault:<58}{row.runs:>6}{row.lost:>6}{row.younger:>9}  {row.result}"


def needs_root(test):
    return unittest.skipUnless(os.geteuid() == 0, "needs root")(test)


def needs(*tools):
    """Skips, saying so, where a tool is missing."""
    missing = [tool for tool in tools if not (shutil.which(tool) or shutil.which(f"/usr/sbin/{tool}"))]
    return unittest.skipIf(missing, f"needs {', '.join(missing)}: scripts/setup test installs it")


def main():
    """As unittest.main(), but a test that could not run is never a passed one."""
    result = unittest.main(exit=False, verbosity=2).result
    for test, why in result.skipped:
        report(test.id().split(".", 1)[1], 0, 0, 0, f"NOT RUN: {why}")
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if result.skipped else 0)
