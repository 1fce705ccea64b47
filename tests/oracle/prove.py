#!/usr/bin/env python3
"""Proves that the oracle sees: plants errors, one at a time, in a copy of the sources, and expects differences.

    tests/oracle/prove.py [-n 500]

Builds in a temporary folder, which needs what `make build` needs. Exits with 1 if an error stays unseen, or if the sources
no longer hold the line that it replaces.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What goes wrong, where, the line as it is, the line as it is planted, and how the oracle is run.
PLANTED = [
    ("nothing", "rules/sample_ring.cc", "CountUntil(after, from)", "CountUntil(after, from)", []),
    ("a range is closed on the left", "rules/sample_ring.cc", "CountUntil(after, from)",
     "CountUntil(after - Duration{1}, from)", []),
    ("max starts at the smallest positive number", "rules/sliding_nodes.cc",
     "explicit Max(double first) : value(first) {}", "explicit Max(double first) : value(0x1p-1022) { Append(first); }", []),
    ("a window that slides loses the sample between its blocks", "rules/sliding_aggregate.h",
     "samples[older - 1].time > block", "samples[older - 1].time >= block", []),
]


def say(text):
    print(f"prove: {text}", flush=True)


def build(folder):
    subprocess.run(["cmake", "--preset", "dev"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "--preset", "dev", "--target", "oracle_evaluate"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    return folder / "build/dev/tests/oracle_evaluate"


def sees(folder, planted, count):
    """Whether the oracle says what it should of one planted error."""
    what, file, line, wrong, arguments = planted
    path = folder / file
    text = path.read_text(encoding="utf-8")
    if line not in text:
        say(f"{file} has no `{line}` any more. Plant {what!r} where it is now")
        return False
    path.write_text(text.replace(line, wrong), encoding="utf-8")
    command = [ROOT / "tests/oracle/oracle.py", "--evaluate", build(folder), "-n", str(count), "--seed", "4", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    path.write_text(text, encoding="utf-8")
    say(f"planted: {what}\n{done.stdout.strip()}\n")
    return done.returncode == (0 if line == wrong else 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("-n", type=int, default=500, help="expressions for each")
    count = parser.parse_args().n
    with tempfile.TemporaryDirectory(prefix="fleet-edge-prove-") as temporary:
        folder = pathlib.Path(temporary) / "fleet-edge"
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("build", ".git"))
        unseen = [planted[0] for planted in PLANTED if not sees(folder, planted, count)]
    say(f"{len(PLANTED) - 1} errors planted" + (f"; NOT as expected: {', '.join(unseen)}" if unseen else ", all seen"))
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
