"""A page of docs/ as something to run: the files it shows, and the commands with what they print."""

import re
import shlex


def write_files(page, folder):
    """Each file shown under its name in backquotes and a colon."""
    for name, text in re.findall(r"`(\S+)`:\n\n```\w+\n(.*?)```", page, re.S):
        (folder / name).write_text(text)


def commands(page):
    """(words after fleet-edge, what is printed), in the page's order."""
    shown = re.findall(r"```console\n\$ fleet-edge (.*?)\n(.*?)```", page, re.S)
    return [(shlex.split(command), printed) for command, printed in shown]
