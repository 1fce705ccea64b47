"""A program that is started here, read line by line, and ended by its own process id."""

import collections
import pathlib
import re
import signal
import subprocess
import threading

STOP_SECONDS = 10
SHOWN_LINES = 15


class ProcessError(Exception):
    """A program did not do what was waited for; the text says what, shows its last lines and its log."""


class Process:
    """One running program. Its output goes to `folder`/`name`.log, line by line, and to `on_line`.

    Both streams are read by threads of its own, which call `on_line(process, line)`; the other
    methods are for the thread that made it. It has a process group of its own, so that Ctrl-C at the
    terminal reaches only who started it, and the kernel ends it if its starter is killed.
    """

    def __init__(self, name, command, folder, on_line=None):
        self.name = name
        self.log = pathlib.Path(folder) / f"{name}.log"
        self.lines = []
        self.stdout = []
        self._on_line = on_line or (lambda process, line: None)
        self._changed = threading.Condition()
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *map(str, command)], process_group=0,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, errors="replace")
        self._open_streams = 2
        log = open(self.log, "a", encoding="utf-8")
        self._readers = [threading.Thread(target=self._read, args=(stream, kept, log), daemon=True)
                         for stream, kept in ((self._process.stdout, self.stdout),
                                              (self._process.stderr, []))]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self):
        return self._process.pid

    @property
    def running(self):
        return self._process.poll() is None

    def expect(self, pattern, seconds, since=0):
        """The match of the first line that holds `pattern`, from line number `since` on."""
        search = re.compile(pattern).search

        def find():
            return next(filter(None, map(search, self.lines[since:])), None)

        return self.wait_for(find, seconds, f"line like '{pattern}'")

    def wait_for(self, condition, seconds, what):
        """The first true value of `condition()`, which is asked again after each line of output."""
        with self._changed:
            self._changed.wait_for(lambda: condition() or not self._open_streams, seconds)
            value = condition()
            if value:
                return value
            ended = not self._open_streams
        raise self.error(f"ended without a {what}" if ended else f"gave no {what} within {seconds} s")

    def wait(self, seconds):
        """Its exit code, once it has ended of itself."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._open_streams, seconds):
                raise self.error(f"did not end within {seconds} s")
        return self._reap()

    def signal(self, number):
        self._process.send_signal(number)

    def terminate(self, seconds=STOP_SECONDS):
        """SIGTERM; its exit code. SIGKILL and an error when it does not end in time."""
        self.signal(signal.SIGTERM)
        try:
            return self.wait(seconds)
        except ProcessError:
            self.kill()
            raise

    def kill(self):
        """SIGKILL, as a power cut would. Harmless when it has ended."""
        self._process.kill()
        self._reap()

    def error(self, what):
        """A ProcessError of this program, to be raised."""
        last = "".join(f"\n    {line}" for line in self.lines[-SHOWN_LINES:]) or "\n    (nothing)"
        return ProcessError(f"{self.name} {what}. Its last lines:{last}\n  All of them: {self.log}")

    def _reap(self):
        for reader in self._readers:
            reader.join()
        self._process.stdout.close()
        self._process.stderr.close()
        return self._process.wait()

    def _read(self, stream, kept, log):
        for line in stream:
            line = line.rstrip("\n")
            with self._changed:
                log.write(line + "\n")
                log.flush()
                self.lines.append(line)
                kept.append(line)
                self._changed.notify_all()
            self._on_line(self, line)
        with self._changed:
            self._open_streams -= 1
            if not self._open_streams:
                log.close()
            self._changed.notify_all()


class Processes(collections.UserList):
    """All that were started; ends those that still run, the last one first, when the `with` block is left."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self):
            if process.running:
                process.signal(signal.SIGTERM)
        for process in reversed(self):
            try:
                process.wait(STOP_SECONDS)
            except ProcessError:
                process.kill()
