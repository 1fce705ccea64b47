"""An ext4 of a test's own, on a file, whose power can be cut. Needs root."""

import fcntl
import os
import pathlib
import struct
import subprocess

_EXT4_IOC_SHUTDOWN = 0x8004587D
_NO_LOG_FLUSH = 2


class Ext4:
    """`with Ext4(folder, 64) as disk:` is mounted at disk.path with 64 MiB."""

    def __init__(self, folder, mebibytes):
        self._image = pathlib.Path(folder) / "disk.img"
        self._parent = pathlib.Path(folder) / "mount"
        self.path = self._parent / "disk"
        with open(self._image, "wb") as image:
            image.truncate(mebibytes << 20)
        self.path.mkdir(parents=True)
        _run("mkfs.ext4", "-q", "-m", "0", "-E", "lazy_itable_init=0,lazy_journal_init=0", self._image)

    def __enter__(self):
        # Shared, so that no mount namespace that somebody else makes meanwhile keeps what is unmounted here.
        _run("mount", "--bind", self._parent, self._parent)
        _run("mount", "--make-shared", self._parent)
        self.mount()
        return self

    def __exit__(self, *_):
        self.unmount()
        _run("umount", self._parent)

    def mount(self):
        _run("mount", "-o", "loop,errors=remount-ro", self._image, self.path)

    def unmount(self):
        _run("umount", self.path)

    def cut_power(self):
        """From now on nothing reaches the disk, and what was on the way to it is gone."""
        folder = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, _EXT4_IOC_SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(folder)

    def read_only(self, read_only):
        _run("mount", "-o", f"remount,{'ro' if read_only else 'rw'}", self.path)

    def meet_error(self):
        """The kernel meets an error and remounts read-only, though files are open for writing."""
        device = pathlib.Path(os.path.realpath(_run("findmnt", "-no", "SOURCE", self.path))).name
        pathlib.Path(f"/sys/fs/ext4/{device}/trigger_fs_error").write_text("a test's")

    def fill(self):
        """Takes all that is free, as another process would; the file that does."""
        file = self.path / "somebody-else's"
        with open(file, "wb", buffering=0) as data:
            for size in (1 << 20, 1 << 12):
                try:
                    while data.write(b"\0" * size) == size:
                        pass
                except OSError:
                    continue
        return file


def _run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"{' '.join(str(part) for part in command)}: {done.stderr.strip()}")
    return done.stdout.strip()
