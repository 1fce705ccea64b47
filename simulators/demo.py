#!/usr/bin/env python3
"""A tanker's trip from sensor to hub, on one screen; `make demo` runs it.

Simulated sensors publish to a real MQTT broker. The agent judges them by demo/rules.yaml, warns the driver,
and delivers to the hub, whose link dies on the way. While it is dead the ignition goes off and on again,
so what waits must be on disk. At the end the hub is held against the truth; exit code 0 only if
nothing is missing.
"""

import argparse
import pathlib
import shutil
import signal
import sys
import tempfile

from demo.output import open_output
from demo.process import ProcessError, Processes
from demo.trip import Trip

PROGRAMS = ("fleet-edge", "fleet-sim", "fleet-hub")


def main():
    arguments = _arguments()
    programs = arguments.build / "bin"
    missing = [name for name in PROGRAMS if not (programs / name).exists()]
    if missing:
        return _fail(f"{programs} has no {', '.join(missing)}", "Run: make build")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
    folder = arguments.keep or pathlib.Path(tempfile.mkdtemp(prefix="fleet-edge-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    code = 1
    try:
        with Processes() as processes:
            trip = Trip(programs, folder, processes, arguments.kafka)
            with open_output(sys.stdout) as output:
                code = trip.run(output.show)
        print("\n".join(trip.table()))
        if code:
            _fail("the hub does not hold what the ledger says",
                  f"The findings are above; what each program said is in {folder}")
    except ProcessError as error:
        _fail(str(error), f"What each program said is in {folder}")
    except KeyboardInterrupt:
        print("demo: stopped", file=sys.stderr)
        code = 128 + signal.SIGINT
    if code in (0, 128 + signal.SIGINT) and not arguments.keep:
        shutil.rmtree(folder)
    return code


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default="build/release", metavar="DIR",
                        help="where bin/ is; default: build/release")
    parser.add_argument("--kafka", metavar="HOST:PORT", help="a Kafka of yours as the hub; its link is not cut")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR",
                        help="works in DIR, and leaves logs, ledger and outbox there")
    return parser.parse_args()


def _fail(what, mend):
    print(f"demo: error: {what}.\n{mend}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
