"""The agent's Debian package, made of the programs that were just built, and one that claims to be older."""

import os
import pathlib
import re
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[2]
OLDER = "0.0.9"


def build(folder):
    """The package's file."""
    subprocess.run([SOURCE / "packaging/build", _architecture()], check=True, stdout=subprocess.DEVNULL, env={
        **os.environ, "FLEET_EDGE_OUT": str(folder), "DEB_BUILD_OPTIONS": "noautodbgsym"})
    return next(pathlib.Path(folder).glob("fleet-edge_*.deb"))


def older(package, folder, schema=None):
    """The same package under an older version; `schema`: it reads outboxes up to that one."""
    tree = pathlib.Path(folder) / f"older-{schema}"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    _replace(tree / "DEBIAN/control", r"(?m)^Version: .*$", f"Version: {OLDER}")
    _replace(tree / "DEBIAN/preinst", r"(?m)^version=.*$", f"version={OLDER}")
    if schema is not None:
        _replace(tree / "DEBIAN/preinst", r"(?m)^schema=.*$", f"schema={schema}")
    file = pathlib.Path(folder) / f"older-{schema}.deb"
    # Ours is made for this test alone: quick, not small.
    subprocess.run(["dpkg-deb", "-Znone", "--root-owner-group", "--build", tree, file], check=True,
                   stdout=subprocess.DEVNULL)
    return file


def _architecture():
    return subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()


def _replace(file, pattern, text):
    changed, count = re.subn(pattern, text, file.read_text())
    assert count == 1, f"{file}: {pattern}"
    file.write_text(changed)
