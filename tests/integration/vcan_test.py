#!/usr/bin/env python3
"""SocketCAN on a virtual bus, where the kernel has one. Where it has none, this counts as not run."""

import os
import pathlib
import subprocess
import sys

SKIPPED = 77  # the exit code that ctest counts as not run
TEST = pathlib.Path(os.environ["FLEET_EDGE_BIN"]).parent / "tests" / "vcan_test"
NAME = f"fe{os.getpid() % 10**8}"


def ip(*words):
    return subprocess.run(["ip", "link", *words], capture_output=True, text=True, check=False)


def main():
    made = ip("add", "dev", NAME, "type", "vcan")
    if made.returncode != 0:
        print(f"not run: kernel has no vcan, or this is not root: {made.stderr.strip()}")
        return SKIPPED
    try:
        up = ip("set", NAME, "up")
        if up.returncode != 0:
            print(up.stderr)
            return 1
        return subprocess.run([TEST], env=os.environ | {"FLEET_EDGE_VCAN": NAME}, check=False).returncode
    finally:
        ip("delete", NAME)


if __name__ == "__main__":
    sys.exit(main())
