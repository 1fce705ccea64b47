"""Where promtool is, which the rule tests are held against."""

import os
import pathlib
import shutil


def find_promtool():
    """The machine's own, else the one that scripts/setup_promtool has fetched; else None."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
    fetched = cache / "fleet-edge" / "promtool"
    return shutil.which("promtool") or (fetched if fetched.exists() else None)
