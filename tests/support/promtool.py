"""Where promtool is, which the rule tests are held against, and prometheus, which reads the metrics."""

import os
import pathlib
import shutil


def find_promtool():
    """The machine's own, else the one that scripts/setup_promtool has fetched; else None."""
    return _find("promtool")


def find_prometheus():
    """As find_promtool()."""
    return _find("prometheus")


def _find(program):
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    fetched = cache / "fleet-edge" / program
    return shutil.which(program) or (fetched if fetched.exists() else None)
