"""The commands of the user guide that want a box: as they stand on the pages, on a booted Debian."""

import pathlib
import re
import shutil
import tempfile

from support import box, packages
from support.guide import blocks

FIRST = ("installing.md", "operating.md", "security.md", "troubleshooting.md")  # in this order; then all others
HUB = "hub.example:9092"  # the pages'
# These say how bad it is by their exit code; of a container's clock nobody is sure.
WARNINGS = 1
CREDENTIAL = "/run/credentials/fleet-edge.service/hub-password"
SEEN = ("fleet-edge status", "fleet-edge doctor")


class GuideTest(box.BoxTest):
    @classmethod
    def setUpClass(cls):
        made = pathlib.Path(tempfile.mkdtemp(prefix="fleet-edge-packages-"))
        cls.addClassCleanup(shutil.rmtree, made)
        cls.package = packages.build(made)

    def setUp(self):
        super().setUp()
        self.broker()
        self.hub()
        self.machine.put(self.package, f"/root/{self.package.name}")

    def run_page(self, name):
        """What each block of the page prints, in its order."""
        texts = [block.text.replace(HUB, self.hub_address) for block in blocks(name) if block.kind == "sh system"]
        return [self.run_block(text) for text in texts]

    def run_block(self, text):
        done = self.machine.run("bash", "-euo", "pipefail", "-c", f"cd /root\n{text}", check=False)
        allowed = (0, WARNINGS) if text.startswith(SEEN) else (0,)
        self.assertIn(done.returncode, allowed, f"{text}\n{done.stdout}{done.stderr}")
        return done.stdout

    def test_what_the_readme_says_makes_a_new_box_deliver(self):
        *_, status = self.run_page("../README.md")
        self.assertIn("hub", status)
        self.journal.await_entry("hub: reached")

    def test_its_pages_run_on_a_new_box(self):
        with self.subTest("installing.md"):
            *_, doctor, _, status = self.run_page("installing.md")
            self.assertIn("hub", doctor)
            self.journal.await_entry("hub: reached")
            self.assertEqual(self.property("ActiveState"), "active")
            self.assertIn("hub", status)
        with self.subTest("operating.md"):
            self.run_page("operating.md")
            self.assertEqual(self.property("ActiveState"), "inactive")
            self.systemctl("start", "fleet-edge")
        with self.subTest("security.md"):
            seen = len(self.journal.lines)
            self.run_page("security.md")
            self.journal.await_entry("hub: reached", seen)
            self.assertEqual(self.machine.path(CREDENTIAL).read_text(), "correct-horse\n")
            self.systemctl("reload", "fleet-edge")  # its check finds the credential, too
        with self.subTest("troubleshooting.md"):
            status, *_ = self.run_page("troubleshooting.md")
            self.assertTrue(re.search("hub +up", status), status)
        for path in sorted((box.SOURCE / "docs").glob("*.md")):
            if path.name not in FIRST:
                with self.subTest(path.name):
                    self.run_page(path.name)


if __name__ == "__main__":
    box.main()
