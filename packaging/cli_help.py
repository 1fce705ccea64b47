"""What a program's --help says, as a tree of commands: for man pages and for the shell's completion."""

import dataclasses
import pathlib
import re
import subprocess

# CLI11 begins an entry's text at this column, two further within a group; after a longer left side on the next line.
_TEXT_AT = 30
_CONTINUED = re.compile(r"^ {20,}(?P<text>\S.*)$")
_CHOICES = re.compile(r"\{([^}]*)\}")


@dataclasses.dataclass
class Entry:
    """An option, a positional argument or a subcommand."""

    left: str  # as --help has it: `-c,--config FILE ...`
    text: str = ""

    @property
    def names(self):
        # After the names: a type's range, a default, what a flag means.
        return re.split("[ :={]", self.left)[0].split(",")

    @property
    def value(self):
        """What follows the name: `FILE`, `{auto,always,never}`; empty for a flag."""
        rest = self.left.partition(" ")[2]
        rest = re.sub(r"\b(REQUIRED|Excludes:.*|Needs:.*)", "", rest).replace("...", "").strip()
        return rest

    @property
    def words(self):
        """The values that it can have, where they are few."""
        choices = _CHOICES.search(self.left)
        return choices.group(1).split(",") if choices else []


@dataclasses.dataclass
class Command:
    words: list  # ["fleet-edge", "outbox", "status"]
    about: str = ""
    usage: str = ""
    positionals: list = dataclasses.field(default_factory=list)
    options: list = dataclasses.field(default_factory=list)
    commands: list = dataclasses.field(default_factory=list)  # Command
    footer: str = ""

    @property
    def name(self):
        return " ".join(self.words)

    def walk(self):
        yield self
        for command in self.commands:
            yield from command.walk()


def _help(program, words):
    done = subprocess.run([*program, *words, "--help"], capture_output=True, text=True, check=True)
    return done.stdout


def _sections(text):
    """(about, usage, {title: lines}, footer): titles end in a colon and begin a line; a footer is what comes
    after the last section's blank line."""
    about, usage, sections, footer = [], "", {}, []
    current, in_group = None, False
    for line in text.splitlines():
        title = re.match(r"^(?:\[Option Group: (?P<group>.*)\]|(?P<plain>Positionals|Options|Subcommands):)$", line)
        if title:
            in_group = bool(title["group"])
            current = sections.setdefault("Options" if title["group"] else title["plain"], [])
        elif not usage:
            if line.startswith("Usage: "):
                usage = line[len("Usage: "):]
            else:
                about.append(line)
        elif current is not None and line.startswith(" "):
            # In a group two blanks begin what it says of itself: `  Exactly one of`.
            if not in_group or line.startswith("    "):
                current.append(line)
        elif line.strip() or footer:
            current = None
            footer.append(line)
    return "\n".join(about).strip(), usage, sections, "\n".join(footer).strip("\n")


def _entries(lines):
    found = []
    for line in lines:
        continued = _CONTINUED.match(line)
        if continued and found:
            found[-1].text = (found[-1].text + " " + continued["text"].strip()).strip()
        elif line.strip():
            at = _TEXT_AT + (2 if line.startswith("    ") else 0)
            fits = len(line) > at and line[at - 1] == " " and line[at] != " "
            found.append(Entry(*((line[:at].strip(), line[at:].strip()) if fits else (line.strip(), ""))))
    return found


def read(program, words=()):
    """The command `NAME words…` with all below it. `program`: what runs it, its path last; with qemu before
    it another architecture's."""
    name = pathlib.PurePath(program[-1]).name
    about, usage, sections, footer = _sections(_help(program, words))
    command = Command([name, *words], about, usage, footer=footer)
    command.positionals = _entries(sections.get("Positionals", []))
    command.options = _entries(sections.get("Options", []))
    for entry in _entries(sections.get("Subcommands", [])):
        command.commands.append(read(program, (*words, entry.names[0])))
    return command
