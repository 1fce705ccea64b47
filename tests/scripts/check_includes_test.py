"""Plants includes in a temporary tree and looks at what scripts/check_includes says."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "check_includes"


class CheckIncludes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("core/reading.h", "#include <string>")
        self.write("uplink/outbox.h", '#include "core/reading.h"\n#include "fleet/v1/alert.pb.h"')

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")

    def complaints(self):
        done = subprocess.run([sys.executable, CHECK, self.root], stderr=subprocess.PIPE, text=True)
        lines = done.stderr.strip().splitlines()
        self.assertEqual(done.returncode, 1 if lines else 0)
        return lines

    def assert_one(self, *parts):
        lines = self.complaints()
        self.assertEqual(len(lines), 1, lines)
        for part in parts:
            self.assertIn(part, lines[0])

    def test_a_tree_that_keeps_to_the_table_passes(self):
        self.write("agent/app.cc", '#include "uplink/outbox.h"\n#include <sqlite3.h>')
        self.assertEqual(self.complaints(), [])

    def test_an_include_against_the_flow_is_refused(self):
        self.write("core/clock.cc", '#include <string>\n#include "uplink/outbox.h"')
        self.assert_one("core/clock.cc:2:", "core/ may not include")

    def test_simulators_do_not_share_code_with_drivers(self):
        self.write("drivers/nmea.h", "")
        self.write("simulators/nmea.cc", '#include "drivers/nmea.h"')
        self.assert_one("simulators/nmea.cc:1:")

    def test_simulated_agents_are_the_agents_own_code_and_the_judges_do_not_know_them(self):
        self.write("simulators/agents/fleet.h", '#include "uplink/outbox.h"')
        self.write("simulators/fleet_sim.cc", '#include "simulators/agents/fleet.h"')
        self.assertEqual(self.complaints(), [])
        self.write("simulators/verifier.cc", '#include "simulators/agents/fleet.h"')
        self.assert_one("simulators/verifier.cc:1:", "simulators/ may not include")

    def test_folders_inside_of_a_folder_do_not_include_one_another_in_a_circle(self):
        self.write("agent/text/json.h", "")
        self.write("agent/health/health.h", '#include "agent/text/json.h"')
        self.write("agent/status/status_text.h", '#include "agent/health/health.h"')
        self.write("agent/app.cc", '#include "agent/status/status_text.h"')
        self.assertEqual(self.complaints(), [])
        self.write("agent/text/wording.cc", '#include "agent/text/json.h"\n#include "agent/status/status_text.h"')
        self.assert_one("agent/text/wording.cc:2", "agent/status/status_text.h:1", "agent/health/health.h:1", "circle")

    def test_rules_do_not_know_the_wire(self):
        self.write("rules/engine.cc", '#include "fleet/v1/alert.pb.h"')
        self.assert_one("rules/engine.cc:1:")

    def test_ours_in_angle_brackets_is_refused(self):
        self.write("agent/app.cc", "#include <core/reading.h>")
        self.assert_one("agent/app.cc:1:", 'write "core/reading.h"')

    def test_an_include_that_is_not_from_the_root_is_refused(self):
        self.write("core/clock.cc", '#include "reading.h"')
        self.assert_one("core/clock.cc:1:", "root")

    def test_an_include_of_nothing_is_refused(self):
        self.write("core/clock.cc", '#include "core/nothing.h"')
        self.assert_one("core/clock.cc:1:", "no such file")

    def test_a_second_file_on_a_wrapped_library_is_refused(self):
        self.write("uplink/sqlite.cc", "#include <sqlite3.h>")
        self.write("uplink/store.cc", "#include <sqlite3.h>")
        self.assert_one("uplink/store.cc:1:", "uplink/sqlite.cc wraps SQLite")

    def test_a_header_that_shows_a_wrapped_library_is_refused(self):
        self.write("drivers/client.h", "#include <mqtt/async_client.h>")
        self.assert_one("drivers/client.h:1:", "Paho MQTT")


if __name__ == "__main__":
    unittest.main()
