"""Every configuration on the pages of drivers and of keys passes `fleet-edge check` as it stands."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

FLEET_EDGE = pathlib.Path(os.environ["FLEET_EDGE_BIN"]) / "fleet-edge"
PAGES = [pathlib.Path(__file__).parents[2] / "docs" / name for name in ("drivers.md", "configuration.md")]
SECONDS = 20
REST = 'uplink: {kafka: {bootstrap.servers: "hub.example:9092"}}\nvehicle: {id: truck-1}\n'
DBC = """VERSION ""
BU_: Box
BO_ 256 Brakes: 8 Box
 SG_ WheelSpeed : 0|16@1+ (0.01,0) [0|655] "km/h" Box
BO_ 257 Climate: 8 Box
 SG_ Cabin : 0|8@1+ (1,-40) [-40|210] "C" Box
"""


def configurations():
    """The pages' YAML, each made whole."""
    for text in re.findall(r"```yaml\n(.*?)```", "".join(page.read_text() for page in PAGES), re.DOTALL):
        whole = text if re.search(r"^drivers:", text, re.MULTILINE) else "drivers:\n" + text
        yield whole if "uplink:" in whole else REST + whole


class DriversPageTest(unittest.TestCase):
    def test_every_configuration_passes(self):
        texts = list(configurations())
        self.assertGreater(len(texts), 8)
        for text in texts:
            with self.subTest(text), tempfile.TemporaryDirectory() as folder:
                (pathlib.Path(folder) / "vehicle.dbc").write_text(DBC)
                (pathlib.Path(folder) / "fleet-edge.yaml").write_text(text)
                done = subprocess.run([FLEET_EDGE, "check", "-c", "fleet-edge.yaml"], cwd=folder, text=True,
                                      capture_output=True, timeout=SECONDS)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
