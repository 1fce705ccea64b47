"""Makes one thread of a program hang, as a bug in it would, while its others run on. Needs root."""

import ctypes
import os
import pathlib
import threading

_SEIZE, _INTERRUPT = 0x4206, 0x4207
_ALL = 0x40000000  # __WALL: threads, too
_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


class HungThread:
    """`HungThread(pid, "pipeline")` stops the thread of that name for good; `wait_for_end()` returns when it is gone.

    A debugger's stop, held by a thread of its own, which must also take note of the end: the kernel keeps the
    process for it until then.
    """

    def __init__(self, pid, name):
        self._thread_id = next(int(task.parent.name) for task in pathlib.Path(f"/proc/{pid}/task").glob("*/comm")
                               if task.read_text().strip() == name)
        self._stopped = threading.Event()
        self._failure = None
        self._holder = threading.Thread(target=self._hold, daemon=True)
        self._holder.start()
        self._stopped.wait()
        if self._failure:
            raise self._failure

    def wait_for_end(self, seconds):
        """True when the program has ended in time."""
        self._holder.join(seconds)
        return not self._holder.is_alive()

    def _hold(self):
        try:
            self._ask(_SEIZE)
            self._ask(_INTERRUPT)
            os.waitpid(self._thread_id, _ALL)
        except OSError as error:
            self._failure = error
            return
        finally:
            self._stopped.set()
        os.waitpid(self._thread_id, _ALL)

    def _ask(self, request):
        if _libc.ptrace(request, self._thread_id, None, None) < 0:
            raise OSError(ctypes.get_errno(), f"ptrace of thread {self._thread_id}")
