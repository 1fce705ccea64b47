"""What tests of the user guide share: a page's blocks, and a folder that is like a clone of the repository.

    ```sh            run by the page's test, as it stands
    ```sh terminal   started by it as in a terminal of its own; the test ends it
    ```sh hub        run by it on a hub's side, where Kafka's own tools are
    ```sh system     wants root or systemd: the system test runs it
    ```sh bench      measures: `make bench` runs it
    ```sh device     wants a device: the page's test has its words read, and nobody runs it
    ```sh make       a target of the whole: tests see that it is there; `make test` and demo_test.py are what it runs
    ```console       a command after `$ ` and what it prints: compared by the page's test
"""

import os
import pathlib
import re
import shutil
import subprocess
import typing

from demo.process import Process
from support import ROOT
from support.page import write_files
from support.road_test import PROGRAMS, RoadTest

# Not all of it: what pages name.
CLONED = ["consumers", "packaging", "proto", "rules/examples", "simulators/demo"]
WHEELS = (pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
          / "fleet-edge" / "consumers" / "wheels")
SECONDS = 120  # a Maven build, a virtual environment


class Block(typing.NamedTuple):
    kind: str
    text: str


def blocks(name):
    """The blocks of a page of docs/, in its order; of `../README.md` as well."""
    page = (ROOT / "docs" / name).read_text()
    return [Block(*found) for found in re.findall(r"^```(\S[^\n]*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)]


class GuideTest(RoadTest):
    """A page of the guide in `clone`, a folder with its files in it."""

    page = None  # its name, set by the test

    def setUp(self):
        super().setUp()
        self.clone = self.folder / "clone"
        for part in CLONED:
            shutil.copytree(ROOT / part, self.clone / part,
                            ignore=shutil.ignore_patterns("target", "__pycache__"))
        write_files((ROOT / "docs" / self.page).read_text(), self.clone)
        # Several agents run on this machine: none has the port of the pages' own.
        (self.clone / "conf.d").mkdir()
        (self.clone / "conf.d/http.yaml").write_text('http: {listen: ""}\n')
        self.environment = os.environ | {
            "PATH": f"{PROGRAMS.resolve()}:{os.environ['PATH']}",
            "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(WHEELS)}

    def of_kind(self, kind):
        return [block.text for block in blocks(self.page) if block.kind == kind]

    def change(self, name, *changes):
        """Where a file of the page has what does not suit a test, such as a fixed port."""
        text = (self.clone / name).read_text()
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        (self.clone / name).write_text(text)

    def run_block(self, text):
        """What it has printed (stdout, stderr); it must end well."""
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", text], cwd=self.clone, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS)
        self.assertEqual(done.returncode, 0, f"{text}\n{done.stdout}{done.stderr}")
        return done

    def make_python(self):
        """Python with the example consumer's packages comes first on the path, and the consumer's classes are made."""
        self.run_block("python3 -m venv venv\n"
                       "venv/bin/pip install --quiet --requirement consumers/python/requirements.txt\n"
                       "protoc --proto_path=proto --python_out=consumers/python proto/fleet/v1/*.proto")
        self.environment["PATH"] = f"{self.clone}/venv/bin:{self.environment['PATH']}"

    def make_java(self):
        """The example consumer in Java is built."""
        self.run_block("protoc --proto_path=proto --java_out=consumers/java/src/main/java proto/fleet/v1/*.proto\n"
                       "mvn --quiet --batch-mode --file consumers/java compile")

    def start_block(self, text):
        """It as a Process."""
        own = [f"{key}={value}" for key, value in self.environment.items() if os.environ.get(key) != value]
        process = Process("terminal", ["env", f"--chdir={self.clone}", *own, "bash", "-euc", "exec " + text.strip()],
                          self.folder)
        self.processes.append(process)
        return process
