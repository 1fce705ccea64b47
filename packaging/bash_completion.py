#!/usr/bin/env python3
"""Prints bash's completion of a program, made from its --help.

  packaging/bash_completion.py --programs build/release/bin fleet-edge

It knows the subcommands and flags at each word, files where a FILE is wanted, and the words of a flag that has few.
"""

import argparse
import pathlib

import cli_help

TEMPLATE = """# bash completion of {name}; made from its --help.
# shellcheck shell=bash disable=SC2207  # words without blanks; files come from compgen -f one a line

_{function}() {{
  local IFS=$'\\n' word command={name} previous=${{COMP_WORDS[COMP_CWORD - 1]}} current=${{COMP_WORDS[COMP_CWORD]}}
  # The flags and commands of "$command", and what "$command $previous" wants.
  local words=() value=""
  # Bash takes `=` for a word of its own.
  [[ $current != "=" ]] || current=""
  [[ $previous != "=" ]] || previous=${{COMP_WORDS[COMP_CWORD - 2]}}
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD - 1}}"; do
    case "$command $word" in
{descend}
    esac
  done
  case "$command" in
{words}
  esac
  case "$command $previous" in
{values}
  esac
  COMPREPLY=()
  if [[ $value == FILE ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$current"))
  elif [[ $value == DIR ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -d -- "$current"))
  elif [[ $value == NONE ]]; then
    return
  elif [[ -n $value ]]; then
    COMPREPLY=($(compgen -W "${{value// /$'\\n'}}" -- "$current"))
  elif [[ $current == -* || ${{#words[@]}} -gt 0 && ${{words[0]}} != -* ]]; then
    COMPREPLY=($(compgen -W "${{words[*]}}" -- "$current"))
  else
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}}
complete -F _{function} {name}
"""


def value_of(entry):
    """What the completion offers after a flag; nothing for one that takes no value."""
    if entry.words:
        return "'" + " ".join(entry.words) + "'"
    kind = entry.value.split(":")[0].split("=")[0].split(" ")[0]
    return {"": "", "FILE": "FILE", "RECORDING": "FILE", "DIR": "DIR"}.get(kind, "NONE")


def completion(tree):
    descend, words, values = [], [], []
    for command in tree.walk():
        descend += [f"      '{command.name} {sub.words[-1]}') command='{sub.name}' ;;" for sub in command.commands]
        flags = [name for entry in command.options for name in entry.names]
        offered = [sub.words[-1] for sub in command.commands] + flags
        words.append(f"    '{command.name}') words=({' '.join(offered)}) ;;")
        for entry in command.options:
            if value_of(entry):
                pattern = " | ".join(f"'{command.name} {name}'" for name in entry.names)
                values.append(f"    {pattern}) value={value_of(entry)} ;;")
    return TEMPLATE.format(name=tree.name, function=tree.name.replace("-", "_"), words="\n".join(words),
                           descend="\n".join(descend) or "      *) ;;", values="\n".join(values) or "    *) ;;")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, required=True, help="where the programs are")
    parser.add_argument("--emulator", default="", help="command that runs them, where this machine can't")
    parser.add_argument("program")
    arguments = parser.parse_args()
    print(completion(cli_help.read([*arguments.emulator.split(), arguments.programs / arguments.program])), end="")


if __name__ == "__main__":
    main()
