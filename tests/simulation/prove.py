#!/usr/bin/env python3
"""Proves that the simulation sees: plants bugs, one at a time, in a copy of the sources, and expects a life that breaks.

    tests/simulation/prove.py [-n 2000] [--bug NAME] [BUILD-FOLDER]

Builds in BUILD-FOLDER (build/proof), which needs what `make build` needs; only what a bug touches is compiled anew. Prints a
line a bug, with the file that it is planted in; exits with 1 if one stays unseen, or if the sources no longer hold the lines
that it replaces.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ["agent", "cmake", "core", "drivers", "packaging", "proto", "rules", "scripts", "simulators", "tests", "uplink"]
FILES = ["CMakeLists.txt", "CMakePresets.json"]

# The bug, the file, the lines as they are, the lines as they are planted. The first is none: it must not be seen.
PLANTED = [
    ("none", "uplink/outbox.cc", "  if (!done) return;\n", "  if (!done) return;\n"),
    ("acknowledge-before-commit", "uplink/outbox_commit.cc",
     "  if (!rows) return NoteFailure(rows.error());\n  Settle(waiting, *rows);\n",
     "  Settle(waiting, rows ? *rows : std::vector<RowId>(waiting.size(), 1));\n"),
    ("delete-on-enqueue", "uplink/uplink.cc",
     "  for (const BatchId& id : unsent) outbox_.Return(id);\n",
     "  std::vector<BatchId> taken;\n"
     "  for (const auto& [batch, is_backlog] : leased) taken.push_back(batch->id);\n"
     "  for (const BatchId& id : unsent) std::erase(taken, id);\n"
     "  for (const BatchId& id : taken) outbox_.Complete(id);\n"
     "  for (const BatchId& id : unsent) outbox_.Return(id);\n"),
    ("delete-on-lease", "uplink/outbox.cc",
     "    spent += {entry->batch.body.size()};\n",
     "    EraseRow(entry->row, entry->batch);\n    spent += {entry->batch.body.size()};\n"),
    # In the simulated store: no SQLite is below it, and this is what that setting would do.
    ("synchronous=NORMAL", "tests/simulation/simulated_store.cc",
     "  disk_.Sync();\n", "  if (world_.chance.Below(8) == 0) disk_.Sync();\n"),
    ("reset-seq-on-restart", "uplink/epoch.cc",
     "  const std::uint64_t epoch = NewEpoch(clock.Now(), last, random);\n",
     "  const std::uint64_t epoch = last == 0 ? NewEpoch(clock.Now(), last, random) : last;\n"),
    ("drop-on-timeout", "uplink/uplink.cc",
     "        outbox_.Return(report.id);\n        came_back = true;\n",
     "        outbox_.Complete(report.id);\n        came_back = true;\n"),
    ("forget-on-corrupt", "uplink/outbox_load.cc",
     "  BookDrop(row.batch, kCorrupt);\n", "  BookDrop(row.batch.id.lane, kCorrupt, row.batch.count);\n"),
    ("load-what-went-ahead", "uplink/outbox_load.cc",
     "  return !erase_.Contains(row) && !lane_queue.Holds(row);\n",
     "  (void)lane_queue;\n  return !erase_.Contains(row);\n"),
]


def copy_sources(folder):
    """The tree as it is; files that did not change keep their times, so that little is built."""
    for name in FOLDERS + FILES:
        for source in [ROOT / name, *(ROOT / name).rglob("*")]:
            copy = folder / source.relative_to(ROOT)
            if not source.is_file() or (copy.exists() and copy.read_bytes() == source.read_bytes()):
                continue
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)


def build(folder):
    subprocess.run(["cmake", "--preset", "release"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run(["cmake", "--build", "--preset", "release", "--target", "simulate"], cwd=folder, check=False,
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"proof: does not build\n{done.stdout[-3000:]}")
    return folder / "build/release/tests/simulate"


def first_break(folder, planted, seeds):
    """The seed that breaks and what it broke; None when none does."""
    bug, file, line, wrong = planted
    path = folder / file
    text = path.read_text(encoding="utf-8")
    if text.count(line) != 1:
        sys.exit(f"proof: {file} does not hold these lines once any more. Plant {bug} where it belongs now:\n{line}")
    path.write_text(text.replace(line, wrong), encoding="utf-8")
    try:
        done = subprocess.run([build(folder), "--seeds", str(seeds)], capture_output=True, text=True, check=False)
    finally:
        path.write_text(text, encoding="utf-8")
    found = re.search(r"^seed (\d+) FAILED.*\n  (.*)", done.stdout, re.MULTILINE)
    if found is None and done.returncode != 0:
        return "?", done.stdout[-300:] + done.stderr[-300:]  # it crashed: seen as well
    return found.groups() if found else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("-n", type=int, default=2000, help="lives for each bug, at most")
    parser.add_argument("--bug", choices=[planted[0] for planted in PLANTED], help="this one alone")
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=ROOT / "build/proof")
    arguments = parser.parse_args()
    copy_sources(arguments.folder)
    failed = False
    for planted in PLANTED:
        if arguments.bug not in (None, planted[0]):
            continue
        seen = first_break(arguments.folder, planted, arguments.n)
        expected = (planted[0] == "none") == (seen is None)
        failed |= not expected
        verdict = f"caught by simulate --seed {seen[0]}: {seen[1]}" if seen else f"not seen in {arguments.n} lives"
        print(f"{planted[0]:<26} {planted[1]:<36} {verdict}{'' if expected else '   <-- WRONG'}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
