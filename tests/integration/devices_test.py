"""What fleet-sim's devices say, as clients of others understand it: gpsd reads its NMEA receiver, pymodbus its registers."""

import datetime
import json
import os
import pathlib
import select
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from pymodbus.client import ModbusTcpClient

BIN = pathlib.Path(os.environ["FLEET_EDGE_BIN"])
GPSD = shutil.which("gpsd") or "/usr/sbin/gpsd"  # not on everybody's path
PATIENCE = 60  # seconds for what takes a few at most
PROBES = 4  # of the Modbus unit


class DevicesTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def start(self, *command):
        program = subprocess.Popen([*map(str, command)], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(program.stdout.close)
        self.addCleanup(program.wait)
        self.addCleanup(program.kill)
        return program

    def devices(self, name):
        """The device of that name on its interface, with a vehicle that doesn't leave before it is asked."""
        simulator = self.start(BIN / "fleet-sim", "devices", "--dir", self.folder, "--ledger", self.folder / "ledger",
                               "--devices", name, "--calm", "--duration", f"{2 * PATIENCE}s", "--patience", f"{PATIENCE}s")
        config = pathlib.Path(simulator.stdout.readline().strip())
        self.assertTrue(config.exists())
        return simulator, config.read_text()

    def end(self, simulator):
        simulator.terminate()
        self.assertEqual(simulator.wait(PATIENCE), 0)

    def said(self):
        """The ledger: what was said of each signal, as (seconds since 1970, value), once the run is over."""
        forms, said = {}, {}
        for line in (self.folder / "ledger").read_text().splitlines():
            entry = json.loads(line)
            if isinstance(entry, list):
                for name, value in zip(forms[entry[0]], entry[2:]):
                    said.setdefault(name, []).append((entry[1] / 1e6, value))
            elif "form" in entry:
                form = entry["form"]
                forms[form["number"]] = [series["name"] for series in form["series"]]
        return said

    def test_gpsd_reads_the_receiver_as_the_ledger_has_it(self):
        simulator, _ = self.devices("nmea")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.start(GPSD, "-N", "-n", "-s", 9600, "-S", port, self.folder / "gnss")
        fixes = self.fixes(port, 4)
        self.end(simulator)
        said = {name: dict(values) for name, values in self.said().items()}
        for fix in fixes:
            at = min(said["latitude_deg"], key=lambda time: abs(time - fix["at"]))
            self.assertLess(abs(at - fix["at"]), 0.011)
            self.assertAlmostEqual(fix["lat"], said["latitude_deg"][at], delta=1e-8)
            self.assertAlmostEqual(fix["lon"], said["longitude_deg"][at], delta=1e-8)
            self.assertAlmostEqual(fix["altMSL"], said["altitude_m"][at], delta=0.001)
            self.assertAlmostEqual(fix["speed"] * 3.6, said["gnss_speed_kmh"][at], delta=0.002)
            self.assertEqual(fix["mode"], said["gnss_fix"][at])

    def fixes(self, port, count):
        """That many reports of gpsd with position, altitude and speed; `at` is their time."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                connection = socket.create_connection(("127.0.0.1", port))
                break
            except ConnectionRefusedError:
                self.assertLess(time.monotonic(), deadline, "gpsd does not listen")
                select.select([], [], [], 0.1)
        with connection:
            connection.settimeout(PATIENCE)
            connection.sendall(b'?WATCH={"enable":true,"json":true};\n')
            fixes = []
            for line in connection.makefile():
                report = json.loads(line)
                if report["class"] != "TPV" or not {"lat", "altMSL", "speed", "time"} <= report.keys():
                    continue
                report["at"] = from_iso(report["time"])
                fixes.append(report)
                if len(fixes) == count:
                    return fixes
        self.fail("gpsd has ended the connection")

    def test_pymodbus_reads_the_registers_as_the_ledger_has_them(self):
        simulator, config = self.devices("modbus")
        port = int(config.split("address: 127.0.0.1:")[1].split()[0])
        with ModbusTcpClient("127.0.0.1", port=port) as client:
            holding = client.read_holding_registers(100, count=1)
            tires = client.read_input_registers(200, count=2)
            tank = client.read_input_registers(210, count=2)
            missing = client.read_holding_registers(101, count=1)
            coil = client.read_coils(0, count=1)
            other = client.read_holding_registers(100, count=1, device_id=9)
        self.end(simulator)
        said = self.said()
        kinds = client.DATATYPE
        celsius = client.convert_from_registers(holding.registers, kinds.INT16) / 10
        self.assertAlmostEqual(celsius, said["cargo_celsius"][0][1])
        self.assertEqual(tires.registers, [value for _, value in said["tire_kpa"]])
        self.assertEqual(client.convert_from_registers(tank.registers, kinds.FLOAT32),
                         said["tank_pressure_kpa"][0][1])
        self.assertEqual([answer.exception_code for answer in (missing, coil, other)], [2, 1, 11])
        self.assertEqual(sum(len(values) for values in said.values()), PROBES)


def from_iso(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


if __name__ == "__main__":
    unittest.main()
