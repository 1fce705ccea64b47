"""The life of the package on a box: installed, upgraded with a full outbox, not downgraded, purged."""

import json
import pathlib
import shutil
import signal
import tempfile

from support import box, packages

NEW, OLD, OLDER_SCHEMA = "/root/fleet-edge.deb", "/root/older.deb", "/root/older-schema.deb"


class PackageTest(box.BoxTest):
    @classmethod
    def setUpClass(cls):
        cls.made = pathlib.Path(tempfile.mkdtemp(prefix="fleet-edge-packages-"))
        cls.addClassCleanup(shutil.rmtree, cls.made)
        cls.package = packages.build(cls.made)
        cls.older = packages.older(cls.package, cls.made)
        cls.older_schema = packages.older(cls.package, cls.made, schema=0)

    def setUp(self):
        super().setUp()
        for source, path in ((self.package, NEW), (self.older, OLD), (self.older_schema, OLDER_SCHEMA)):
            self.machine.put(source, path)

    def apt(self, *command, check=True):
        return self.machine.run("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--assume-yes",
                                "-o", "Dpkg::Options::=--force-confdef", *command, check=check, timeout=120)

    def version(self):
        return self.machine.out("dpkg-query", "--show", "--showformat=${Version}", "fleet-edge")

    def waiting(self):
        """Records in the outbox."""
        status = self.machine.out("fleet-edge", "outbox", "status", "--dir", "/var/lib/fleet-edge", "--json")
        return json.loads(status)["records"]

    def traces(self):
        """Files of the agent's, wherever they are."""
        found = self.machine.out("find", "/", "/run", "-xdev", "-name", "*fleet-edge*", "-not", "-path", "/root/*")
        return [path for path in found.splitlines() if path != "/etc/fleet-edge-system"]

    def test_installed_and_told_its_hub_it_delivers(self):
        self.apt("install", NEW)
        self.assertEqual(self.property("ActiveState"), "inactive")
        self.assertEqual(self.property("UnitFileState"), "enabled")
        self.machine.run("fleet-edge", "check", "-c", box.CONFIGURATION)

        self.surroundings()
        self.start()
        self.await_session()
        verify = self.verify()
        self.assertEqual(self.trip(10).wait(box.SECONDS), 0)
        self.assertGreater(self.verdict(verify)["readings"]["expected"], 0)

    def test_an_upgrade_keeps_configuration_and_outbox_and_a_downgrade_is_refused(self):
        self.apt("install", OLD)
        self.broker()
        hub = self.hub()
        self.configure()
        configuration = self.machine.path(box.CONFIGURATION).read_text()
        self.start()
        self.await_session()
        hub.signal(signal.SIGSTOP)  # It takes connections, and answers nobody.
        self.assertEqual(self.trip(10).wait(box.SECONDS), 0)
        waiting = self.waiting()
        self.assertGreater(waiting, 0)

        self.apt("install", NEW)
        self.assertNotEqual(self.version(), packages.OLDER)
        self.assertEqual(self.property("ActiveState"), "active")
        self.assertEqual(self.machine.path(box.CONFIGURATION).read_text(), configuration)
        self.assertGreaterEqual(self.waiting(), waiting)

        refused = self.apt("install", "--allow-downgrades", OLDER_SCHEMA, check=False)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("can't read the outbox that is here", refused.stdout + refused.stderr)
        self.assertNotEqual(self.version(), packages.OLDER)
        self.assertEqual(self.property("ActiveState"), "active")

        hub.signal(signal.SIGCONT)
        self.verdict(self.verify())

    def test_removed_it_leaves_what_is_the_fleets_and_purged_nothing(self):
        self.apt("install", NEW)
        self.configure()
        self.start()
        self.apt("remove", "fleet-edge")
        self.assertEqual(self.property("ActiveState"), "inactive")
        self.assertTrue(self.machine.path(box.CONFIGURATION).exists())
        self.assertTrue(self.machine.path("/var/lib/fleet-edge/outbox.db").exists())

        self.assertIn(box.CONFIGURATION, self.traces())
        self.apt("purge", "fleet-edge")
        self.assertEqual(self.traces(), [])


if __name__ == "__main__":
    box.main()
