"""The driver `modbus` against pymodbus's server: TCP, and RTU over a pair of pseudo-terminals."""

import asyncio
import json
import os
import pathlib
import random
import select
import socket
import subprocess
import sys
import tempfile
import threading
import tty
import unittest

from pymodbus.client.mixin import ModbusClientMixin
from pymodbus.constants import ExcCodes
from pymodbus.datastore import ModbusServerContext
from pymodbus.datastore.context import ModbusBaseDeviceContext
from pymodbus.framer import FramerType
from pymodbus.server import ModbusSerialServer, ModbusTcpServer

from support.driver_readings import DriverReadings

class Unit(ModbusBaseDeviceContext):
    """Registers by address as on the wire; one that isn't there is refused. Reads of BUSY say so at first."""

    BUSY = 900

    def __init__(self, registers):
        self.registers = {int(address): value for address, value in registers.items()}
        self.refusals = 3

    def getValues(self, func_code, address, count=1):
        if address == self.BUSY and self.refusals > 0:
            self.refusals -= 1
            return ExcCodes.DEVICE_BUSY
        wanted = range(address, address + count)
        if any(register not in self.registers for register in wanted):
            return ExcCodes.ILLEGAL_ADDRESS
        return [self.registers[register] + (1 if func_code == 4 else 0) for register in wanted]


async def serve(line, units):
    """Input registers hold one more than holding registers."""
    context = ModbusServerContext(
        devices={int(unit): Unit(registers) for unit, registers in units.items()}, single=False)
    if line["port"]:
        server = ModbusTcpServer(context, address=("127.0.0.1", line["port"]))
    else:
        server = ModbusSerialServer(context, framer=FramerType.RTU, port=line["device"], baudrate=19200)
    await server.serve_forever(background=True)
    print("ready", flush=True)
    await server.serving


class Server:
    """pymodbus in a process of its own, with these registers by unit and address."""

    def __init__(self, units, port=None, device=None):
        request = json.dumps([{"port": port, "device": device}, units])
        self.process = subprocess.Popen([sys.executable, __file__, "serve", request], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Wire:
    """Two pseudo-terminals whose bytes go to and fro; the driver's is found under a name that stays."""

    def __init__(self, folder):
        self.link = pathlib.Path(folder) / "ttyProbe"
        self.masters = []
        self.plug()

    def plug(self):
        self.done, self.stopping = os.pipe()
        pairs = [os.openpty(), os.openpty()]
        self.masters = [master for master, _ in pairs]
        self.slaves = [slave for _, slave in pairs]
        for slave in self.slaves:
            tty.setraw(slave)
        self.server_device, driver_device = (os.ttyname(slave) for slave in self.slaves)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(driver_device)
        self.carrier = threading.Thread(target=self._carry)
        self.carrier.start()

    def _carry(self):
        one, other = self.masters
        while True:
            ready, _, _ = select.select([one, other, self.done], [], [])
            if self.done in ready:
                return
            for source in ready:
                os.write(other if source == one else one, os.read(source, 4096))

    def pull(self):
        os.close(self.stopping)
        self.carrier.join()
        for file in [*self.masters, *self.slaves, self.done]:
            os.close(file)
        self.link.unlink()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.link.is_symlink():
            self.pull()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


TYPES = {name: getattr(ModbusClientMixin.DATATYPE, name.upper())
         for name in ("uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64")}


def some_value(name, luck):
    """A value of that type which a double holds exactly."""
    if name.startswith("float"):
        return luck.choice([-1, 1]) * luck.randrange(1 << 20) / 1024
    bits = min(int(name.removeprefix("u").removeprefix("int")), 53)
    return luck.randrange(1 << bits) if name.startswith("u") else luck.randrange(-(1 << bits - 1), 1 << bits - 1)


def encoded(value, name, word_order):
    return ModbusClientMixin.convert_to_registers(value, TYPES[name], word_order=word_order)


class ModbusTest(unittest.TestCase):
    def test_values_are_those_that_pymodbus_encodes(self):
        luck = random.Random(34)
        registers, signals, expected = {}, {}, {}
        address = 0
        for number in range(400):
            name, order = luck.choice(list(TYPES)), luck.choice(["big", "little"])
            value = some_value(name, luck)
            words = encoded(value, name, order)
            swap = luck.random() < 0.5
            registers.update({address + i: (word >> 8 | word << 8) & 0xFFFF if swap else word
                              for i, word in enumerate(words)})
            signals[f"value_{number}"] = {"register": address, "type": name, "word_order": order,
                                          "byte_order": "little" if swap else "big"}
            expected[f"value_{number}"] = value
            address += len(words) + luck.choice([0, 0, 3, 20])
        registers = {register: registers.get(register, 0) for register in range(address)}
        with Server({1: registers}, port=(port := free_port())):
            options = {"address": f"127.0.0.1:{port}", "every": "100ms", "signals": signals}
            with DriverReadings("modbus", options) as driver:
                self.assertEqual(driver.await_series(expected), expected)

    def test_frost_units_and_tables(self):
        with Server({1: {100: 65536 - 182}, 7: {100: 50}}, port=(port := free_port())):
            options = {"address": f"127.0.0.1:{port}", "every": "100ms", "signals": {
                'cargo_celsius{zone="1"}': {"register": 100, "scale": 0.1},
                'cargo_celsius{zone="2"}': {"register": 100, "unit_id": 7, "unit": "F"},
                'cargo_celsius{zone="3"}': {"register": 100, "table": "input", "scale": 0.1}}}
            with DriverReadings("modbus", options) as driver:
                found = driver.await_series(options["signals"])
        self.assertAlmostEqual(found['cargo_celsius{zone="1"}'], -18.2)
        self.assertAlmostEqual(found['cargo_celsius{zone="2"}'], 10)
        self.assertAlmostEqual(found['cargo_celsius{zone="3"}'], -18.1)

    def test_what_a_unit_refuses_takes_nothing_else(self):
        with Server({1: {100: 4, 102: 5, Unit.BUSY: 6}}, port=(port := free_port())):
            options = {"address": f"127.0.0.1:{port}", "every": "100ms", "signals": {
                "value_a": {"register": 100}, "value_b": {"register": 101}, "value_c": {"register": 102},
                "value_busy": {"register": Unit.BUSY}}}
            with DriverReadings("modbus", options) as driver:
                driver.await_line("value_busy 6 good")
                found = driver.await_series(["value_a", "value_c"])
                lines, _ = driver.stop()
        self.assertEqual((found["value_a"], found["value_c"]), (4, 5))
        self.assertIn("rejected modbus value_busy device_error 3", lines)
        # Once with its neighbours, once alone; then after a minute.
        self.assertIn("rejected modbus value_b device_error 2", lines)

    def test_a_server_that_is_killed_is_found_again(self):
        port = free_port()
        options = {"address": f"127.0.0.1:{port}", "every": "100ms", "stale_after": "500ms",
                   "signals": {"value_a": {"register": 1}}}
        with DriverReadings("modbus", options) as driver:
            for value in (3, 4):
                with Server({1: {1: value}}, port=port):
                    driver.await_line(f"value_a {value} good")
                driver.await_line(f"value_a {value} stale")

    def test_a_stop_waits_for_no_silent_device(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            options = {"address": f"127.0.0.1:{port}", "timeout": "500ms",
                       "signals": {"value_a": {"register": 1}}}
            with DriverReadings("modbus", options) as driver:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(64)  # it has asked
                    lines, took = driver.stop()
        self.assertLess(took, 1)
        self.assertIn("rejected modbus value_a no_answer 1", lines)

    def test_rtu_and_a_wire_that_is_pulled(self):
        with tempfile.TemporaryDirectory() as folder, Wire(folder) as wire:
            options = {"device": str(wire.link), "every": "100ms", "stale_after": "500ms", "signals": {
                "value_a": {"register": 1, "scale": 0.5}, "value_b": {"register": 1, "unit_id": 9}}}
            with DriverReadings("modbus", options) as driver:
                for value in (65535, 2):
                    with Server({1: {1: value}}, device=wire.server_device):
                        driver.await_line("value_a -0.5 good" if value == 65535 else "value_a 1 good")
                        wire.pull()
                    driver.await_line("value_a -0.5 stale" if value == 65535 else "value_a 1 stale")
                    wire.plug()
                lines, took = driver.stop()
        self.assertLess(took, 1)
        self.assertTrue(any(line.startswith("rejected modbus value_b no_answer") for line in lines), lines)


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(*json.loads(sys.argv[2])))
    else:
        unittest.main()
