"""Two network namespaces, a vehicle's and a hub's, and the link between them. Needs root."""

import os
import pathlib
import shutil
import subprocess

_NAMES = pathlib.Path("/etc/netns")


class Network:
    """`with Network() as network:` — run programs under `network.vehicle` or `network.hub`, which are commands."""

    hub_address, vehicle_address = "10.203.7.2", "10.203.7.1"
    hub_name = "hub.fleet-edge.test"

    def __init__(self):
        self._vehicle, self._hub = f"fleet-edge-v{os.getpid()}", f"fleet-edge-h{os.getpid()}"
        self.vehicle = ["ip", "netns", "exec", self._vehicle]
        self.hub = ["ip", "netns", "exec", self._hub]
        self._hosts = _NAMES / self._vehicle / "hosts"

    def __enter__(self):
        try:
            self._make()
        except OSError:
            self.__exit__()
            raise
        return self

    def _make(self):
        for name in (self._vehicle, self._hub):
            (_NAMES / name).mkdir(parents=True)
            (_NAMES / name / "hosts").write_text("127.0.0.1 localhost\n")
            (_NAMES / name / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
            _run("ip", "netns", "add", name)
            _run("ip", "-n", name, "link", "set", "lo", "up")
        _run("ip", "-n", self._vehicle, "link", "add", "wan", "type", "veth", "peer", "name", "wan", "netns", self._hub)
        for name, address in ((self._vehicle, self.vehicle_address), (self._hub, self.hub_address)):
            _run("ip", "-n", name, "address", "add", f"{address}/24", "dev", "wan")
            _run("ip", "-n", name, "link", "set", "wan", "up")
        (_NAMES / self._hub / "hosts").write_text(f"127.0.0.1 localhost\n{self.hub_address} {self.hub_name}\n")
        self.name_is_known(True)

    def __exit__(self, *_):
        for name in (self._vehicle, self._hub):
            subprocess.run(["ip", "netns", "del", name], check=False)
            shutil.rmtree(_NAMES / name, ignore_errors=True)

    def cut(self, cut):
        """The modem goes, or is back."""
        _run("ip", "-n", self._hub, "link", "set", "wan", "down" if cut else "up")

    def black_hole(self, swallow):
        """What is sent to the hub is lost on the way, without a word."""
        _run("ip", "-n", self._hub, "route", "replace" if swallow else "del", "blackhole", f"{self.vehicle_address}/32")

    def slow(self, rate):
        """Both ways, as tc writes rates."""
        for name in (self._vehicle, self._hub):
            _run("ip", "netns", "exec", name, "tc", "qdisc", "replace", "dev", "wan", "root", "tbf",
                 "rate", rate, "burst", "4kb", "latency", "2s")

    def name_is_known(self, known):
        """Whether the vehicle can find the hub by its name. The file stays the same: others have it mounted."""
        hub = f"{self.hub_address} {self.hub_name}\n" if known else ""
        with open(self._hosts, "r+", encoding="utf-8") as hosts:
            hosts.truncate()
            hosts.write(f"127.0.0.1 localhost\n{hub}")


def _run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"{' '.join(command)}: {done.stderr.strip()}")
