#!/usr/bin/env python3
"""Ten thousand random signals of DBC files: what we read from a frame is what cantools reads, bit for bit."""

import math
import os
import pathlib
import subprocess
import tempfile
import unittest

import cantools

from integration.random_dbc import RandomDbc

DECODE = pathlib.Path(os.environ["FLEET_EDGE_BIN"]).parent / "tests" / "dbc_decode"
SIGNALS = 10_000
WHOLE = 1 << 53  # up to here a double holds every whole number


def not_a_value(dbc, message, signal, raw):
    """SAE J1939-71, 5.1.4: from 0xFB on the highest byte of a parameter says that there is none, and so do 2 and 3 of a
    state of two bits."""
    if message.name not in dbc.groups or signal.is_signed or signal.is_float:
        return False
    if signal.length == 2:
        return signal.scale == 1 and signal.offset == 0 and not signal.is_multiplexer and raw > 1
    return signal.length % 8 == 0 and raw >> (signal.length - 8) > 0xFA


class Dbc(unittest.TestCase):
    def judge(self, seed, signals):
        dbc = RandomDbc(seed, signals)
        database = cantools.database.load_string(dbc.text, "dbc", strict=False)
        expected = {}
        for place, (name, _, data) in enumerate(dbc.frames):
            message = database.get_message_by_name(name)
            options = {"decode_choices": False, "allow_truncated": True}
            values = message.decode(data, **options)
            raws = message.decode(data, scaling=False, **options)
            for key, value in values.items():
                signal = message.get_signal_by_name(key)
                if abs(raws[key]) > WHOLE or isinstance(value, int) and abs(value) > WHOLE:
                    # cantools' raw value, and a double's arithmetic: its own goes on in endless integers.
                    value = float(raws[key]) * signal.scale + signal.offset
                if math.isfinite(value) and not not_a_value(dbc, message, signal, raws[key]):
                    expected[place, f"{name}.{key}"] = float(value)
        self.compare(dbc, expected)
        return len(expected)

    def compare(self, dbc, expected):
        lines = "".join(f"(1.000000) can0 {identifier:0{8 if extended else 3}X}#{data.hex()}\n"
                        for _, (identifier, extended), data in dbc.frames)
        with tempfile.NamedTemporaryFile("w", suffix=".dbc") as file:
            file.write(dbc.text)
            file.flush()
            run = subprocess.run([DECODE, file.name], input=lines, capture_output=True, text=True, check=False)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        ours = {}
        for line in run.stdout.splitlines():
            place, name, value = line.split()
            ours[int(place), name] = float.fromhex(value)
        wrong = [(key, expected.get(key), ours.get(key)) for key in sorted(expected.keys() | ours.keys())
                 if expected.get(key) != ours.get(key)]
        self.assertEqual(wrong[:5], [], f"{len(wrong)} of {len(expected)} values differ")

    def test_values_are_those_of_cantools(self):
        values = self.judge(1, SIGNALS)
        self.assertGreater(values, 2 * SIGNALS)
        print(f"{SIGNALS} signals, {values} values: no difference")


if __name__ == "__main__":
    unittest.main()
