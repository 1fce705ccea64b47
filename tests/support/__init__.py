"""What tests in Python share. The code that runs our programs is the demo's."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / "simulators"))
