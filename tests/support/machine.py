"""A Debian of the test's own whose PID 1 is systemd: a box in a vehicle, to install on, hang and break. Needs root."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "fleet-edge"
ROOT = CACHE / "system-bookworm"
BOOT_SECONDS = 60


class MachineError(Exception):
    """The machine did not do what was waited for."""


def missing():
    """Why no machine can be booted here, in a sentence; empty when nothing is known against it."""
    if os.geteuid() != 0:
        return "needs root"
    if not shutil.which("systemd-nspawn") or not shutil.which("nsenter"):
        return "needs systemd-nspawn and nsenter: scripts/setup test installs them"
    if subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True, check=False).returncode:
        return "needs the right to make namespaces"
    if not (ROOT / "etc/os-release").exists():
        return f"needs a Debian in {ROOT}: scripts/setup test makes it"
    return ""


class Machine:
    """`with Machine(folder) as machine:` — boots from the cached Debian; what it writes is in memory and ends with it.

    It has no network but its own loopback: `inside()` starts servers there, which are programs of this machine.
    Its console is `folder`/console.log. `command` starts nspawn, whose words come behind it.
    """

    def __init__(self, folder, command=()):
        self._command = command
        self.console = pathlib.Path(folder) / "console.log"
        self._nspawn = None
        self._pid1 = None

    def __enter__(self):
        try:
            self._boot()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self._pid1:
            with contextlib.suppress(ProcessLookupError):  # All that runs in the machine goes, as with nspawn it wouldn't.
                os.kill(int(self._pid1), signal.SIGKILL)
        elif self._nspawn:
            self._nspawn.terminate()
        if self._nspawn:
            self._nspawn.wait()

    def _boot(self):
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind(f"{folder}/notify")
            with open(self.console, "wb") as console:
                # The machine is shut down when its starter is killed.
                self._nspawn = subprocess.Popen(
                    [*self._command, "setpriv", "--pdeathsig", "TERM", "systemd-nspawn", "--quiet", "--boot", "--register=no",
                     "--keep-unit", "--volatile=overlay", "--private-network", "--console=read-only", "--link-journal=no",
                     "--notify-ready=yes", f"--machine=fleet-edge-{os.getpid()}", f"--directory={ROOT}"],
                    stdin=subprocess.DEVNULL, stdout=console, stderr=subprocess.STDOUT,
                    env={**os.environ, "NOTIFY_SOCKET": f"{folder}/notify"})
            self._await_ready(told)

    def _await_ready(self, told):
        """nspawn says which process is PID 1, and passes on that it has booted."""
        deadline = time.monotonic() + BOOT_SECONDS
        ready = False
        while not (ready and self._pid1):
            told.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                message = told.recv(4096).decode().splitlines()
            except TimeoutError as error:
                raise MachineError(f"not booted within {BOOT_SECONDS} s: {self._console_end()}") from error
            ready |= "READY=1" in message
            for line in message:
                if line.startswith("X_NSPAWN_LEADER_PID="):
                    self._pid1 = line.partition("=")[2]

    def _console_end(self):
        return self.console.read_text(errors="replace")[-500:]

    def inside(self, *command):
        """`command`, to be started as a program of this machine whose loopback is the booted one's."""
        return ["nsenter", "-t", self._pid1, "-n", *map(str, command)]

    def command(self, *command):
        """`command`, to be started in the booted machine, as root."""
        return ["nsenter", "-t", self._pid1, "-a", *map(str, command)]

    def run(self, *command, check=True, timeout=60):
        """Runs a command in the booted machine, as root. Raises MachineError when it fails, unless told not to `check`."""
        done = subprocess.run(self.command(*command), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout, check=False)
        if check and done.returncode:
            raise MachineError(f"{' '.join(map(str, command))}: exit {done.returncode}: {done.stdout}{done.stderr}")
        return done

    def out(self, *command):
        """What a command prints, without the last line feed."""
        return self.run(*command).stdout.rstrip("\n")

    def path(self, path):
        """A path of the booted machine, as one of this machine."""
        return pathlib.Path(f"/proc/{self._pid1}/root{path}")

    def put(self, source, path, mode=0o644):
        """Copies a file into the machine."""
        target = self.path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        target.chmod(mode)

    def write(self, path, text):
        target = self.path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def pid_here(self, pid):
        """This machine's number of the process that is `pid` in the booted one."""
        for entry in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                numbers = next(line for line in entry.read_text().splitlines() if line.startswith("NSpid:")).split()[1:]
                same = os.stat(entry.with_name("ns") / "pid").st_ino == os.stat(f"/proc/{self._pid1}/ns/pid").st_ino
            except (OSError, StopIteration):
                continue  # It has ended meanwhile.
            if same and numbers[-1] == str(pid):
                return int(numbers[0])
        raise MachineError(f"no process {pid}")
