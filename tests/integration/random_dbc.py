"""Random DBC files, and frames for them, by a seed."""

import random

FORMATS = ("StandardCAN", "ExtendedCAN", "J1939PG")
EXTENDED = 1 << 31


def number(value):
    """As a DBC file writes a number; whole ones without a point, at times."""
    return repr(value)


class Signal:
    """A line SG_, and the lines about it."""

    def __init__(self, name, start, length, big_endian, signed, mark="", kind=0):
        self.name, self.start, self.length = name, start, length
        self.big_endian, self.signed, self.mark, self.kind = big_endian, signed, mark, kind
        self.factor, self.offset = "1", "0"

    def bits(self):
        """Where it lies, as DBC numbers the bits."""
        if not self.big_endian:
            return set(range(self.start, self.start + self.length))
        first = self.start - self.start % 8 + 7 - self.start % 8
        return {bit - bit % 8 + 7 - bit % 8 for bit in range(first, first + self.length)}

    def line(self):
        sign = "-" if self.signed else "+"
        mark = f" {self.mark}" if self.mark else ""
        return (f" SG_ {self.name}{mark} : {self.start}|{self.length}@{0 if self.big_endian else 1}{sign}"
                f" ({self.factor},{self.offset}) [0|0] \"\" Vector__XXX")


class RandomDbc:
    """A file of at least `signals` signals: `text`, `frames` as (message, identifier, data)."""

    def __init__(self, seed, signals):
        self._random = random.Random(seed)
        self._ids = set()
        self._messages, self._about = [], []
        self.groups = set()    # names of the messages that are parameter groups
        self.signals = 0
        self.frames = []
        while self.signals < signals:
            self._message(f"M{len(self._messages)}")
        self.text = "\n".join(
            ['VERSION ""', "", "NS_ :", "\tCM_", "", "BS_:", "", "BU_: Node", ""] + self._messages + [
                'BA_DEF_ BO_ "VFrameFormat" ENUM ' + ",".join(f'"{name}"' for name in FORMATS) + ";",
                'BA_DEF_DEF_ "VFrameFormat" "StandardCAN";'] + self._about) + "\n"

    def _identifier(self, form):
        """Exact extended identifiers and parameter groups keep apart: each has a data page."""
        while True:
            identifier = self._random.getrandbits(11 if form == 0 else 24)
            if form == 2 and identifier >> 16 & 0xFF < 240:
                identifier &= 0xFF00FF                  # its destination
            key = identifier if form != 2 else identifier >> 8
            if (form, key) not in self._ids:
                self._ids.add((form, key))
                return identifier if form != 1 else identifier | 1 << 24

    def _sender(self, identifier):
        """The same group from somebody else."""
        identifier = identifier & ~0xFF | self._random.getrandbits(8) | self._random.getrandbits(3) << 26
        if identifier >> 16 & 0xFF < 240:
            identifier |= self._random.getrandbits(8) << 8
        return identifier

    def _place(self, bits):
        kind = self._random.choice((0, 0, 0, 0, 0, 0, 0, 1, 2))
        length = self._random.choice((1, 2, 4, 8, 16, 32, self._random.randint(1, 64)))
        if kind:
            length = 32 * kind
        if length > bits:
            kind, length = 0, self._random.randint(1, bits)
        big_endian = self._random.random() < 0.5
        first = self._random.randint(0, bits - length)
        if big_endian:
            first = first - first % 8 + 7 - first % 8
        return first, length, big_endian, kind

    def _signal(self, name, bits, mark=""):
        start, length, big_endian, kind = self._place(bits)
        signal = Signal(name, start, length, big_endian, kind == 0 and self._random.random() < 0.5, mark, kind)
        signal.factor = number(self._random.choice(
            (1, 1, 2, 5, -1, 0.1, 0.125, 0.01, 1 / 3, 1e-05, 2.0, self._random.uniform(-100, 100))))
        signal.offset = number(self._random.choice((0, 0, -40, 100, -273.15, self._random.uniform(-1e4, 1e4))))
        return signal

    def _message(self, name):
        form = self._random.choice((0, 0, 0, 1, 1, 2)) if len(self._messages) < 900 else 1
        size = self._random.choice((8, 8, 8, 8, self._random.randint(2, 8)))
        identifier = self._identifier(form)
        written = identifier | (EXTENDED if form else 0)
        if form == 2:
            self.groups.add(name)
        shape = self._random.choice(("plain", "plain", "paged", "nested"))
        # What is always there lies side by side; pages lie over it and over each other, as decoding doesn't mind.
        signals = [] if shape == "plain" else [self._page_number("Page", size, 2, "M")]
        for place in range(self._random.randint(1, 12)):
            signal = self._signal(f"S{place}", size * 8)
            if all(signal.bits().isdisjoint(other.bits()) for other in signals):
                signals.append(signal)
        if shape != "plain":
            signals += self._pages(written, size, shape == "nested")
        self._messages.append("\n".join([f"BO_ {written} {name}: {size} Node"] + [s.line() for s in signals] + [""]))
        if form:
            self._about.append(f'BA_ "VFrameFormat" BO_ {written} {form};')
        for signal in signals:
            if signal.kind:
                self._about.append(f"SIG_VALTYPE_ {written} {signal.name} : {signal.kind};")
            elif self._random.random() < 0.1:
                self._about.append(f'VAL_ {written} {signal.name} 0 "none" 1 "one" ;')
        self.signals += len(signals)
        for _ in range(4):
            cut = size if shape != "plain" or self._random.random() < 0.8 else self._random.randint(0, size)
            data = self._random.choice((self._random.randbytes(cut), bytes(cut), b"\xff" * cut))
            self.frames.append((name, (self._sender(identifier), True) if form == 2 else (identifier, form == 1), data))

    def _page_number(self, name, size, bits, mark):
        return Signal(name, self._random.randint(0, size * 8 - bits), bits, False, False, mark)

    def _pages(self, written, size, nested):
        """Each value of the multiplexor brings something; nested: page 0 brings another multiplexor, of which
        ranges bring the rest."""
        signals = [self._signal(f"P{page}", size * 8, f"m{page}") for page in range(1 if nested else 0, 4)]
        if nested:
            signals.append(self._page_number("Sub", size, 3, "m0M"))
            for place, ranges in enumerate(("0-2, 7-7", "3-3", "4-6")):
                signals.append(self._signal(f"N{place}", size * 8, f"m{place}"))
                self._about.append(f"SG_MUL_VAL_ {written} N{place} Sub {ranges};")
            self._about.append(f"SG_MUL_VAL_ {written} Sub Page 0-0;")
            self._about += [f"SG_MUL_VAL_ {written} P{page} Page {page}-{page};" for page in range(1, 4)]
        return signals
