"""The two programs that evaluate cases, and the building of Prometheus's."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "fleet-edge"
NEEDED_GO = (1, 25)


class Unavailable(Exception):
    """Prometheus can't be asked on this machine; the text says why and what to do."""


class Engine:
    """One of the programs, kept running: a case goes in as a line, the answer comes out as one."""

    tells_types = True

    def __init__(self, program):
        self.program = program
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, case):
        self.process.stdin.write(json.dumps(case).encode() + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.program} ended with {self.process.wait()}")
        return json.loads(line)["results"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Both:
    """Our engine and Prometheus."""

    def __init__(self, ours, theirs):
        self.ours, self.theirs = ours, theirs

    def ask(self, case):
        ours, theirs = self.ours.ask(case), self.theirs.ask(case)
        for result in (one for results in ours + theirs for one in results):
            if "type" in result and not self.theirs.tells_types:
                result["type"] = "vector"
        return ours, theirs

    def close(self):
        self.ours.close()
        self.theirs.close()


def _go():
    go = shutil.which("go") or "/usr/local/go/bin/go"
    try:
        version = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unavailable("there is no Go. Install Go 1.25 or newer: https://go.dev/dl") from error
    found = tuple(map(int, re.match(r"go(\d+)\.(\d+)", version).groups()))
    if found < NEEDED_GO:
        raise Unavailable(f"{go} is {version}. Install Go 1.25 or newer: https://go.dev/dl")
    return go, version


def build_prometheus(say):
    """The program on Prometheus's packages, built once for each version of its source and of Go."""
    go, version = _go()
    source = HERE / "prometheus"
    key = hashlib.sha256(version.encode())
    for file in sorted(source.iterdir()):
        key.update(file.read_bytes())
    programs = CACHE / "oracle"
    program = programs / key.hexdigest()[:16]
    if program.exists():
        return program
    say("building Prometheus's engine, which takes a minute or two")
    programs.mkdir(parents=True, exist_ok=True)
    unfinished = programs / f"{program.name}.{os.getpid()}"
    done = subprocess.run([go, "build", "-buildvcs=false", "-o", unfinished, "."], cwd=source, capture_output=True,
                          text=True, check=False, env={**os.environ, "GOTOOLCHAIN": "auto"})
    if done.returncode != 0:
        raise Unavailable(f"it can't be built; its modules come from Go's proxy.\n{done.stderr.strip()}")
    unfinished.rename(program)
    return program
