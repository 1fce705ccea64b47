"""Waits for what a file says, told of its changes by the kernel."""

import ctypes
import os
import pathlib
import select
import time

_IN_CLOSE_WRITE, _IN_MOVED_TO, _IN_CREATE = 0x8, 0x80, 0x100
_libc = ctypes.CDLL(None, use_errno=True)


class FileWatch:
    """Looks at one file each time that its folder's content changes. The folder must be there."""

    def __init__(self, path):
        self._path = pathlib.Path(path)
        self._events = _libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        folder = os.fsencode(self._path.parent)
        mask = _IN_CLOSE_WRITE | _IN_MOVED_TO | _IN_CREATE
        if self._events < 0 or _libc.inotify_add_watch(self._events, folder, mask) < 0:
            raise OSError(ctypes.get_errno(), f"cannot watch {self._path.parent}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._events)

    def wait_for(self, condition, seconds):
        """The first true value of `condition(text)`; AssertionError with the last text after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            text = self._path.read_text() if self._path.exists() else ""
            value = condition(text)
            if value:
                return value
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._events], [], [], left)[0]:
                raise AssertionError(f"{self._path} did not come to say it within {seconds} s: {text}")
            os.read(self._events, 16384)


def wait_for_file(path, condition, seconds):
    """See FileWatch.wait_for()."""
    with FileWatch(path) as watch:
        return watch.wait_for(condition, seconds)
