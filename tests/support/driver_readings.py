"""Runs one driver outside of the agent and waits for what it reads."""

import json
import os
import pathlib
import signal
import subprocess
import threading
import time

BIN = pathlib.Path(os.environ["FLEET_EDGE_BIN"])
PATIENCE = 60  # seconds for what takes a few at most


class DriverReadings:
    """driver_readings with one driver of this kind; its lines as they come."""

    def __init__(self, kind, options):
        self.process = subprocess.Popen(
            [BIN.parent / "tests/driver_readings", json.dumps({kind: options})], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        self.lines = []
        self.grown = threading.Condition()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.grown:
                self.lines.append(line.rstrip("\n"))
                self.grown.notify_all()

    def await_line(self, wanted):
        """Waits for a line after those that were waited for; drops those before it."""
        deadline = time.monotonic() + PATIENCE
        with self.grown:
            while True:
                if wanted in self.lines:
                    del self.lines[:self.lines.index(wanted) + 1]
                    return
                if not self.grown.wait(deadline - time.monotonic()):
                    raise AssertionError(f"no '{wanted}', but {self.lines[-5:]}")

    def await_series(self, names):
        """The last values of all these series, all of which are good."""
        found = {}
        deadline = time.monotonic() + PATIENCE
        with self.grown:
            while True:
                for line in self.lines:
                    series, value, quality = line.rsplit(" ", 2)
                    assert quality == "good", line
                    found[series] = float(value)
                if set(names) <= set(found):
                    return found
                if not self.grown.wait(deadline - time.monotonic()):
                    raise AssertionError(f"missing: {sorted(set(names) - set(found))}")

    def stop(self):
        """Stops it and returns its last lines, and how long that took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        took = time.monotonic() - began
        self.reader.join()
        return self.lines, took

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        self.process.stdout.close()
