"""The decoder in docs/wire.md makes of the page's batch what the page says."""

import ast
import re
import struct
import types
import unittest
from datetime import datetime, timezone

from support import ROOT

PAGE = (ROOT / "docs" / "wire.md").read_text()


def block(language):
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL).group(1)


def signal_names():
    text = (ROOT / "proto" / "fleet" / "v1" / "signal.proto").read_text()
    return {int(number): name for name, number in re.findall(r"(SIGNAL_\w+) = (\d+);", text)}


def batch_of(textproto):
    """What protobuf's class would hold, of the flat messages that the page shows."""
    numbers = {name: number for number, name in signal_names().items()}
    batch = types.SimpleNamespace(strings=[], signals=[], columns=b"", rows=[])
    for field, value in re.findall(r"^(\w+): (.*)$", textproto, re.MULTILINE):
        if field == "strings":
            batch.strings.append(ast.literal_eval(value))
        elif field == "signals":
            batch.signals = [numbers[name] for name in value.strip("[]").split(", ")]
        elif field == "columns":
            batch.columns = ast.literal_eval("b" + value)
        elif value.isdigit():
            setattr(batch, field, int(value))
    return batch


class WirePageTest(unittest.TestCase):
    def test_the_pages_decoder_reads_the_pages_batch(self):
        scope = {"struct": struct, "Signal": types.SimpleNamespace(Name=signal_names().get, values=signal_names)}
        exec(compile(block("python"), "docs/wire.md", "exec"), scope)
        lines = ["signal,labels,time,value"]
        for signal, labels, time_us, value, quality in scope["readings"](batch_of(block("textproto"))):
            self.assertEqual(quality, 0)
            instant = datetime.fromtimestamp(time_us / 1e6, timezone.utc)
            lines.append(",".join([signal, "".join(f"{n}={v}" for n, v in labels.items()),
                                   instant.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z", f"{value:g}"]))
        self.assertEqual("\n".join(lines) + "\n", block("csv"))

    def test_the_example_consumer_has_the_pages_decoder(self):
        self.assertIn(block("python"), (ROOT / "consumers" / "python" / "fleet_batch.py").read_text())


if __name__ == "__main__":
    unittest.main()
