#!/usr/bin/env python3
"""Copies the documents and examples of the package into a folder, laid out as below /usr/share/doc/fleet-edge.

  packaging/documents.py DIR

Links between what is copied lead to where it lies then. Of a link to anything else of the repository the words
stay, with where it is in the sources.
"""

import pathlib
import posixpath
import re
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]

# What is copied and into which folder. Patterns name no folder that a build writes into.
COPIED = (
    ("docs/*.md", "."),
    ("rules/README.md", "rules"),
    ("rules/examples/*", "examples"),
    ("rules/examples/cab/*", "examples/cab"),
    ("rules/examples/cab/tests/*", "examples/cab/tests"),
    ("rules/examples/tanker/*", "examples/tanker"),
    ("rules/examples/tanker/tests/*", "examples/tanker/tests"),
    ("packaging/systemd/*", "examples/systemd"),
    ("packaging/systemd/devices/*", "examples/systemd/devices"),
    ("packaging/monitoring/*", "examples/monitoring"),
    ("packaging/monitoring/tests/*", "examples/monitoring/tests"),
    ("consumers/java/*", "examples/consumers/java"),
    ("consumers/java/src/main/java/*", "examples/consumers/java/src/main/java"),
    ("consumers/java/src/main/resources/*", "examples/consumers/java/src/main/resources"),
    ("consumers/python/*", "examples/consumers/python"),
    ("proto/fleet/v1/*", "examples/proto/fleet/v1"),
)
LINK = re.compile(r"!?\[([^\]]*)\]\(([^):#]+)(#[^)]*)?\)")


def places():
    """Where each file of the repository goes, and each folder that a pattern names."""
    found = {}
    for pattern, folder in COPIED:
        source = posixpath.dirname(pattern)
        found[source] = folder
        for path in ROOT.glob(pattern):
            if path.is_file() and path.suffix not in (".service", ".timer"):
                found[f"{source}/{path.name}"] = posixpath.normpath(f"{folder}/{path.name}")
    return found


def relinked(text, source, found):
    """The page as it stands where it goes."""
    def link(match):
        words, target, anchor = match[1], match[2], match[3] or ""
        leads_to = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        place = found.get(leads_to)
        if place is None:
            return f"{words} (`{leads_to}` in the sources)"
        if ROOT.joinpath(words).exists():
            words = found.get(words, words)
        return f"[{words}]({posixpath.relpath(place, posixpath.dirname(found[source]) or '.')}{anchor})"
    return LINK.sub(link, text)


def main():
    out = pathlib.Path(sys.argv[1])
    found = places()
    for source, place in found.items():
        if ROOT.joinpath(source).is_dir():
            continue
        (out / place).parent.mkdir(parents=True, exist_ok=True)
        if source.endswith(".md"):
            text = (ROOT / source).read_text(encoding="utf-8")
            (out / place).write_text(relinked(text, source, found), encoding="utf-8")
        else:
            shutil.copyfile(ROOT / source, out / place)


if __name__ == "__main__":
    main()
