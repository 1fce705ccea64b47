#!/usr/bin/env python3
"""Writes the man pages into a folder: of the commands from their --help, of the file formats from docs/.

  packaging/man_pages.py --programs build/release/bin --version 0.1.0 --date 2026-11-22 --out DIR

lowdown makes roff of Markdown; what is done to the text before that is done here.
"""

import argparse
import itertools
import pathlib
import re
import subprocess

import cli_help

VOLUMES = {1: "User Commands", 5: "File Formats", 7: "Miscellanea"}
ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAMS = ("fleet-edge", "fleet-sim", "fleet-hub")
PACKAGES = {"fleet-edge": "fleet-edge", "fleet-sim": "fleet-edge-tools", "fleet-hub": "fleet-edge-tools"}

# Pages of documents: name, section, what NAME says, the document, and its chapters (none: all of it).
FORMATS = (
    ("fleet-edge.yaml", 5, "configuration of fleet-edge", "docs/configuration.md", ()),
    ("fleet-edge-drivers", 5, "how fleet-edge is connected to each device", "docs/drivers.md", ()),
    ("fleet-edge-rules", 5, "rules and alerts of fleet-edge", "rules/README.md", ("How it works", "A new function")),
    ("fleet-edge-tests", 5, "unit tests of rules", "docs/rule-tests.md", ()),
    ("fleet-edge-recordings", 5, "recordings, and replaying them", "docs/replay.md", ()),
    ("fleet-edge-status", 5, "what fleet-edge tells of itself", "docs/status.md", ()),
    ("fleet-edge-wire", 5, "topics and messages that fleet-edge sends", "docs/wire.md", ()),
    ("fleet-edge-outbox", 5, "the outbox of fleet-edge", "docs/outbox.md", ("How it is tested",)),
    ("fleet-edge-troubleshooting", 7, "what is wrong, and what to do about it", "docs/troubleshooting.md", ()),
    ("fleet-sim-scenario", 5, "simulated vehicles and what befalls them", "simulators/README.md", ("Where things are",)),
)


def documents_of(package):
    """Name and section of each."""
    return [(name, section) for name, section, *_ in FORMATS
            if name.startswith("fleet-sim") == (package == "fleet-edge-tools")]


def escaped(text):
    """Text of --help as Markdown that says the same: what is between backquotes stays as it is."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([\\*_<>\[\]])", r"\\\1", part) for part in parts)


def definition(term, text):
    return f"{term}\n\n:   {text or ' '}\n"


def option(entry):
    names = ", ".join(f"**{name}**" for name in entry.names)
    value = f" *{escaped(entry.value)}*" if entry.value else ""
    text = escaped(entry.text)
    if "REQUIRED" in entry.left:
        text = text.rstrip(".") + ". Required."
    return definition(names + value, text)


def joined(lines):
    """Lines that were broken for the terminal's width alone are one again."""
    out = []
    for line in lines:
        if out and len(out[-1]) > 60 and not out[-1].endswith((".", ":", ";")):
            out[-1] += " " + line
        else:
            out.append(line)
    return out


def footer(text):
    """Paragraphs; lines that are indented are examples."""
    out = []
    for block in re.split(r"\n\s*\n", text):
        for indented, run in itertools.groupby(block.splitlines(), lambda line: line.startswith("  ")):
            if indented:
                out.append("\n".join("    " + line[2:] for line in run))
            else:
                out.append("  \n".join(escaped(line) for line in joined(run)))
    return "\n\n".join(out) + "\n"


def command_text(command):
    """What one command says of itself, each chapter below a heading of its own."""
    out = []
    talk = [*command.about.split("\n\n", 1)[1:], command.footer]
    if any(talk):
        out.append("# Description\n\n" + "\n\n".join(footer(text) for text in talk if text))
    if command.positionals:
        out.append("# Arguments\n\n" + "\n".join(
            definition(f"*{entry.value or entry.names[0]}*", escaped(entry.text)) for entry in command.positionals))
    if command.options:
        out.append("# Options\n\n" + "\n".join(option(entry) for entry in command.options))
    return out


def synopsis(command):
    leaves = [leaf for leaf in command.walk() if not leaf.commands]
    return "  \n".join(f"**{leaf.name}**{escaped(leaf.usage[len(leaf.name):])}" for leaf in leaves)


def name_line(command):
    first = command.about.split("\n\n")[0].replace("\n", " ").rstrip(".")
    return first if re.match("[A-Z]{2}", first) else first[:1].lower() + first[1:]


def see_also(page, package, siblings):
    others = [f"**{other}**(1)" for other in siblings if other != page]
    others += [f"**{other}**({section})" for other, section in documents_of(package) if other != page]
    return ("# See also\n\n" + ", ".join(others) +
            "\n\nThe user guide is in */usr/share/doc/fleet-edge*, *README.md* first.\n")


def command_page(command, siblings):
    page = "-".join(command.words)
    package = PACKAGES[command.words[0]]
    out = [f"# Name\n\n{page} - {escaped(name_line(command))}\n", f"# Synopsis\n\n{synopsis(command)}\n"]
    out += command_text(command)
    own_pages = len(command.words) == 1
    for sub in command.commands:
        if own_pages:
            continue
        out.append(f"# {sub.name}\n\n{escaped(sub.about)}\n")
        out += [text.replace("# ", "## ", 1) for text in command_text(sub)]
    if own_pages and command.commands:
        out.append("# Commands\n\n" + "\n".join(
            definition(f"**{'-'.join(sub.words)}**(1)", escaped(sub.about)) for sub in command.commands))
    out.append(see_also(page, package, siblings))
    return "\n".join(out)


def without_chapters(text, unwanted):
    chapters = re.split(r"(?m)^(?=## )", text)
    return "".join(c for c in chapters if c[3:].split("\n", 1)[0] not in unwanted)


def keys_as_definitions(text):
    """A table of keys is a list of them: three columns are too many for a terminal."""
    out, header = [], None
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("|") else None
        if cells is None:
            header = None
            out.append(line)
        elif header is None:
            header = [cell.strip() for cell in line.strip("| ").split("|")]
            if header[0] != "key":
                out.append(line)
        elif header[0] != "key":
            out.append(line)
        elif not set(line) <= set("|-: "):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])]
            middle = f" ({header[1]} {cells[1]})" if len(cells) > 2 and cells[1] else ""
            out.append(definition(f"**{escaped(cells[0].replace('`', ''))}**{middle}", cells[-1]))
    return "\n".join(out) + "\n"


def with_underscores(text):
    """Those within words stay: in Markdown of lowdown's they emphasize. Code is left alone."""
    parts = re.split(r"(?ms)(^```.*?^```|^    .*?$|`[^`\n]*`)", text)
    return "".join(part if i % 2 else re.sub(r"(?<=\w)_(?=\w)", r"\_", part) for i, part in enumerate(parts))


def format_page(name, section, what, document, unwanted, siblings):
    text = (ROOT / document).read_text(encoding="utf-8")
    text = without_chapters(text, unwanted)
    text = re.sub(r"\A# .*\n", "# Description\n", text)
    text = re.sub(r"(?m)^#(#+) ", r"\1 ", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = with_underscores(text)
    package = "fleet-edge-tools" if name.startswith("fleet-sim") else "fleet-edge"
    return f"# Name\n\n{name} - {what}\n\n{keys_as_definitions(text)}\n{see_also(name, package, siblings)}"


def on_the_box(document):
    """Where a document of docs/ is found there."""
    pages = [f"**{name}**({section})" for name, section, _, path, _ in FORMATS if path == document[0]]
    return pages[0] if pages else f"/usr/share/doc/fleet-edge/{document[1]}"


def write(out, page, section, text, arguments):
    text = re.sub(r"docs/([\w-]+\.md)", on_the_box, text)
    meta = [f"-mtitle={page}", f"-mvolume={VOLUMES[section]}", f"-msection={section}", f"-mdate={arguments.date}",
            f"-msource=fleet-edge {arguments.version}"]
    roff = subprocess.run(["lowdown", "-s", "-Tman", "--out-no-smarty", *meta], input=text, capture_output=True,
                          text=True, check=True).stdout
    # whatis and apropos look for NAME; words are not torn apart, lines not padded.
    roff = re.sub(r"(?m)^\.SH\n(.*)$", lambda heading: f'.SH "{heading[1].upper()}"', roff)
    roff = re.sub(r"(?m)^(\.TH .*)$", r"\1\n.nh\n.nr HY 0\n.ad l", roff, count=1)
    # Tables are as wide as their words; what is left is the last column's.
    roff = re.sub(r"(?m)^tab\(\|\) expand allbox;\n(.*\n.*)\.$", r"tab(|);\n\1x.", roff)
    (out / f"{page}.{section}").write_text(roff, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, required=True, help="where the programs are")
    parser.add_argument("--emulator", default="", help="command that runs them, where this machine can't")
    parser.add_argument("--version", required=True)
    parser.add_argument("--date", required=True, help="of the release; the same date makes the same pages")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    pages = []
    for program in PROGRAMS:
        tree = cli_help.read([*arguments.emulator.split(), arguments.programs / program])
        pages += [tree, *tree.commands]
    names = {package: ["-".join(p.words) for p in pages if PACKAGES[p.words[0]] == package]
             for package in set(PACKAGES.values())}
    for page in pages:
        write(arguments.out, "-".join(page.words), 1, command_page(page, names[PACKAGES[page.words[0]]]), arguments)
    for name, section, what, document, unwanted in FORMATS:
        package = "fleet-edge-tools" if name.startswith("fleet-sim") else "fleet-edge"
        write(arguments.out, name, section, format_page(name, section, what, document, unwanted, names[package]),
              arguments)


if __name__ == "__main__":
    main()
