"""The readings of a fleet.v1.TelemetryBatch; docs/wire.md explains it."""

import struct

from fleet.v1.signal_pb2 import Signal


class Bits:
    def __init__(self, data):
        self.bits, self.at = "".join(f"{byte:08b}" for byte in data), 0
        self.left = 2 << 20  # numbers, of times and of values

    def take(self, count):
        self.at += count
        if self.at > len(self.bits):
            raise ValueError("the columns end too early")
        return int("0" + self.bits[self.at - count:self.at], 2)

    def number(self, k=0):
        zeros = self.bits.index("1", self.at) - self.at
        self.at += zeros
        head, low = self.take(zeros + 1) - 1, self.take(k)
        return (head << k) + low

    def signed(self, k):
        n = self.number(k)
        return n >> 1 if n % 2 == 0 else ~(n >> 1)

    def column(self, count):
        """What one unit is, and `count` numbers in it."""
        decimals = self.number()
        self.left -= count
        if decimals > 10 or self.left < 0:
            raise ValueError("no agent writes such a column")
        if decimals == 10:
            return 1, struct.unpack(f">{count}d", self.take(64 * count).to_bytes(8 * count, "big"))
        numbers, interval, step = [self.signed(12)], 0, self.number()
        steady, k = (self.take(1), self.number()) if step else (0, 0)
        while len(numbers) < count:
            interval = interval * steady + (self.signed(k) if step else 0)
            numbers.append(numbers[-1] + step * interval)
        return 10**decimals, numbers


def name_of(signal):
    """As in the catalogue; of a signal that a newer agent knows, its number."""
    return Signal.Name(signal)[7:].lower() if signal in Signal.values() else f"signal_{signal}"


def readings(batch):
    """(signal, labels, microseconds since 1970, value, quality) of each; ValueError where it is damaged."""
    bits = Bits(batch.columns)
    times = []
    for _ in range(bits.number() if batch.columns else 0):
        unit, numbers = bits.column(bits.number())
        times.append([batch.base_time_us + n * 1000000 // unit for n in numbers])
    for signal in batch.signals:
        name = name_of(signal) if signal else batch.strings[bits.number()]
        labels = {batch.strings[bits.number()]: batch.strings[bits.number()] for _ in range(bits.number())}
        quality, instants = bits.number(), times[bits.number()]
        unit, numbers = bits.column(len(instants))
        for time, number in zip(instants, numbers):
            yield name, labels, time, number / unit, quality
    for row in batch.rows:
        yield row.signal, dict(row.labels), row.time_us, row.value, row.quality
