"""A cgroup whose processes have so much memory and no more. Needs root."""

import os
import pathlib

_V1 = pathlib.Path("/sys/fs/cgroup/memory")
_V2 = pathlib.Path("/sys/fs/cgroup")


class MemoryLimit:
    """`with MemoryLimit(32 << 20) as limit:` — `limit.command` before a program's own words starts it inside.
    OSError where the machine lets nobody make one."""

    def __init__(self, limit):
        self._limit = limit
        name = f"fleet-edge-{os.getpid()}"
        self._is_v1 = (_V1 / "memory.limit_in_bytes").exists()
        self._group = (_V1 if self._is_v1 else _V2) / name

    def __enter__(self):
        self._group.mkdir()
        try:
            (self._group / ("memory.limit_in_bytes" if self._is_v1 else "memory.max")).write_text(str(self._limit))
        except OSError:
            self._group.rmdir()
            raise
        return self

    def __exit__(self, *_):
        self._group.rmdir()

    @property
    def command(self):
        return ["sh", "-c", 'echo $$ >"$0"/cgroup.procs && exec "$@"', self._group]

    @property
    def kills(self):
        """How often the kernel has ended a process for want of memory."""
        events = self._group / ("memory.oom_control" if self._is_v1 else "memory.events")
        return sum(int(line.split()[1]) for line in events.read_text().splitlines() if line.startswith("oom_kill "))
