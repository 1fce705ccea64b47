"""Control groups of a box's own, in which its systemd can enforce what a unit may take. Needs root and cgroup v1's
controllers for memory and CPU."""

import os
import pathlib

_MOUNTS = pathlib.Path("/sys/fs/cgroup")
CONTROLLERS = ("memory", "cpu", "cpuacct")  # systemd takes the last two together


def missing():
    """Why there are none here, in a sentence; empty when nothing is known against them."""
    if not all((_MOUNTS / name / "cgroup.procs").exists() for name in CONTROLLERS):
        return f"needs cgroup v1's controllers {', '.join(CONTROLLERS)} in {_MOUNTS}"
    return ""


class ControlGroups:
    """`with ControlGroups() as groups:` — `groups.command` before a program's own words starts it inside. Who ends them
    has ended before what runs there."""

    def __init__(self):
        self._groups = [_MOUNTS / name / f"fleet-edge-box-{os.getpid()}" for name in CONTROLLERS]

    def __enter__(self):
        for group in self._groups:
            group.mkdir()
        return self

    def __exit__(self, *_):
        for group in self._groups:
            for folder, _, _ in os.walk(group, topdown=False):
                os.rmdir(folder)

    @property
    def command(self):
        enter = "".join(f"echo $$ >{group}/cgroup.procs; " for group in self._groups)
        return ["sh", "-ec", enter + 'exec "$0" "$@"']

    def open_in(self, machine):
        """nspawn lets a box only look at them; its systemd takes them when it may write."""
        for name in CONTROLLERS:
            machine.run("mount", "-o", "remount,bind,rw", f"/sys/fs/cgroup/{name}")
        machine.run("systemctl", "daemon-reexec")
