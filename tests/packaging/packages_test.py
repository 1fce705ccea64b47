"""Makes this machine's packages of the programs that are built, twice, looks into them, and installs, upgrades and
purges one below a folder of its own (dpkg --root, its scripts run outside: no service, no user)."""

import hashlib
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ["FLEET_EDGE_BIN"])
sys.path.insert(0, str(ROOT / "packaging"))
import cli_help  # noqa: E402

TOOLS = ("dh_builddeb", "lintian", "lowdown", "man", "lexgrog")
COMMANDS = {"fleet-edge": "fleet-edge", "fleet-sim": "fleet-edge-tools", "fleet-hub": "fleet-edge-tools"}


def output(*command, **options):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def another(folder):
    """A package of somebody else's."""
    return FOLDER / folder / f"another_1_{ARCHITECTURE}.deb"


def build(folder):
    """The packages without debug symbols, which take most of the time, by name; in a folder where something lies."""
    another(folder).parent.mkdir()
    another(folder).touch()
    subprocess.run([ROOT / "packaging/build", ARCHITECTURE], check=True, capture_output=True, cwd=FOLDER,
                   env={**os.environ, "FLEET_EDGE_OUT": folder, "DEB_BUILD_OPTIONS": "noautodbgsym"})
    return {deb.name.split("_")[0]: deb for deb in (FOLDER / folder).glob("fleet-edge*.deb")}


def setUpModule():
    global ARCHITECTURE, FOLDER, DEBS, TREES
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        print(f"needs {', '.join(missing)}: run scripts/setup packages")
        sys.exit(77)
    temporary = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(temporary.cleanup)
    FOLDER = pathlib.Path(temporary.name)
    ARCHITECTURE = output("dpkg", "--print-architecture").strip()
    DEBS = build("one")
    TREES = {name: FOLDER / "trees" / name for name in DEBS}
    for name, tree in TREES.items():
        tree.mkdir(parents=True)
        subprocess.run(["dpkg-deb", "-x", DEBS[name], tree], check=True)


def commands(program):
    return cli_help.read([PROGRAMS / program]).walk()


class Contents(unittest.TestCase):
    def test_there_is_a_package_of_the_agent_and_one_of_the_tools(self):
        self.assertEqual(sorted(DEBS), ["fleet-edge", "fleet-edge-tools"])

    def test_the_agents_package_has_what_debian_expects_where_debian_expects_it(self):
        for path in ("usr/bin/fleet-edge", "lib/systemd/system/fleet-edge.service", "usr/lib/sysusers.d/fleet-edge.conf",
                     "usr/lib/tmpfiles.d/fleet-edge.conf", "etc/fleet-edge/fleet-edge.yaml", "etc/fleet-edge/conf.d",
                     "etc/fleet-edge/rules", "usr/share/doc/fleet-edge/examples/tanker/engine.yaml",
                     "usr/share/doc/fleet-edge/copyright", "usr/share/doc/fleet-edge/changelog.gz"):
            self.assertTrue((TREES["fleet-edge"] / path).exists(), path)

    def test_all_units_of_the_service_are_packaged(self):
        there = {path.name for path in (TREES["fleet-edge"] / "lib/systemd/system").iterdir()}
        self.assertEqual(there, {path.name for path in (ROOT / "packaging/systemd").glob("fleet-edge*")})

    def test_the_scenarios_come_with_the_tools(self):
        there = {path.name for path in (TREES["fleet-edge-tools"] / "usr/share/fleet-edge/scenarios").iterdir()}
        self.assertEqual(there, {path.name for path in (ROOT / "simulators/scenarios").glob("*.yaml")})

    def test_what_a_technician_edits_is_kept_by_dpkg(self):
        conffiles = output("dpkg-deb", "--info", DEBS["fleet-edge"], "conffiles").split()
        self.assertIn("/etc/fleet-edge/fleet-edge.yaml", conffiles)
        self.assertIn("/etc/fleet-edge/rules/engine.yaml", conffiles)

    def test_the_installed_configuration_is_sound_but_for_the_hubs_address(self):
        etc = TREES["fleet-edge"] / "etc/fleet-edge/fleet-edge.yaml"
        self.assertIn("no errors\n", output(PROGRAMS / "fleet-edge", "check", "-c", etc))
        self.assertEqual(len(re.findall("hub.example", etc.read_text())), 1)

    def test_package_program_and_changelog_have_one_version(self):
        version = output("dpkg-deb", "--field", DEBS["fleet-edge"], "Version").strip()
        self.assertIn(f"VERSION {version} ", (ROOT / "CMakeLists.txt").read_text())
        self.assertIn(version, output(PROGRAMS / "fleet-edge", "version"))

    def test_nothing_says_where_it_was_built_nor_do_the_debug_symbols(self):
        cache = os.environ.get("XDG_CACHE_HOME", f"{pathlib.Path.home()}/.cache")
        builders = [f"--regexp={path}/" for path in (ROOT, cache, pathlib.Path.home())]
        # The packages of debug symbols are made of what is in these programs and stripped from the packaged ones.
        unstripped = [PROGRAMS / program for program in COMMANDS]
        for place in (*TREES.values(), *unstripped):
            done = subprocess.run(["grep", "-raohF", *builders, place], stdout=subprocess.PIPE, text=True)
            self.assertEqual(set(done.stdout.split()), set(), place)

    def test_lintian_has_nothing_to_say(self):
        done = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", *DEBS.values()],
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_what_else_lies_in_the_folder_stays(self):
        self.assertTrue(another("one").exists())

    def test_two_builds_are_equal_byte_by_byte(self):
        def digests(debs):
            return {name: hashlib.sha256(deb.read_bytes()).hexdigest() for name, deb in debs.items()}
        self.assertEqual(digests(build("a-second-time-elsewhere")), digests(DEBS))

    def test_the_outbox_has_the_schema_that_the_package_names(self):
        named = (TREES["fleet-edge"] / "usr/share/fleet-edge/outbox-schema").read_text().split("\n")[-2].split()[0]
        source = (ROOT / "uplink/sqlite_schema.cc").read_text()
        migrations = re.search(r"std::array kMigrations\{(.*?)\n\};", source, re.S).group(1)
        self.assertEqual(int(named), len(re.findall(r'(?m)",$', migrations)))


class Pages(unittest.TestCase):
    def page(self, program, name):
        return TREES[COMMANDS[program]] / f"usr/share/man/man1/{name}.1.gz"

    def test_each_command_has_a_page_with_all_its_flags(self):
        for program in COMMANDS:
            for command in commands(program):
                page = self.page(program, "-".join(command.words[:2]))
                self.assertTrue(page.exists(), f"{command.name} has no page: packaging/man_pages.py makes it")
                text = output("man", "-l", page, env={**os.environ, "MANWIDTH": "200", "LC_ALL": "C.UTF-8"})
                for option in command.options:
                    self.assertIn(option.names[-1], text, command.name)

    def test_whatis_finds_each_page(self):
        for tree in TREES.values():
            for page in tree.glob("usr/share/man/man?/*.gz"):
                name = page.name.rsplit(".", 2)[0]
                self.assertIn(f'"{name} - ', output("lexgrog", page))

    def test_each_format_has_a_page(self):
        there = {page.name for tree in TREES.values() for page in tree.glob("usr/share/man/man5/*")}
        for name in ("fleet-edge.yaml", "fleet-edge-rules", "fleet-edge-tests", "fleet-edge-recordings",
                     "fleet-edge-status", "fleet-edge-wire", "fleet-edge-outbox", "fleet-sim-scenario"):
            self.assertIn(f"{name}.5.gz", there)

    def shown(self, page):
        return output("man", "-l", TREES["fleet-edge"] / "usr/share/man" / page,
                      env={**os.environ, "MANWIDTH": "200", "LC_ALL": "C.UTF-8"})

    def test_each_identifier_is_a_heading_of_the_page_for_troubleshooting(self):
        text = self.shown("man7/fleet-edge-troubleshooting.7.gz")
        identifiers = re.findall(r"(?m)^### (\w+)$", (ROOT / "docs/troubleshooting.md").read_text())
        self.assertIn("driver_silent", identifiers)
        self.assertEqual([name for name in identifiers if not re.search(rf"(?m)^ +{name}$", text)], [])

    def test_each_key_is_on_its_page_as_it_is_written(self):
        text = self.shown("man5/fleet-edge.yaml.5.gz")
        keys = re.findall(r"(?m)^\| `([^`]+)` \|", (ROOT / "docs/configuration.md").read_text())
        self.assertGreater(len(keys), 100)
        self.assertEqual([key for key in keys if key not in text], [])

    def test_each_link_of_each_document_leads_into_the_package(self):
        documents = TREES["fleet-edge"] / "usr/share/doc/fleet-edge"
        pages = sorted(documents.rglob("*.md"))
        self.assertIn(documents / "examples/monitoring/README.md", pages)
        for page in pages:
            for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
                with self.subTest(page=str(page.relative_to(documents)), target=target):
                    place = (page.parent / target).resolve()
                    self.assertTrue(place.is_relative_to(documents) and place.exists())

    def test_the_example_consumers_lie_as_their_commands_want_them(self):
        examples = TREES["fleet-edge"] / "usr/share/doc/fleet-edge/examples"
        for path in ("consumers/python/consume.py", "consumers/java/pom.xml", "proto/fleet/v1/telemetry.proto"):
            self.assertEqual((examples / path).read_bytes(), (ROOT / path).read_bytes())

    def test_what_the_unit_and_the_configuration_name_is_on_the_box(self):
        tree = TREES["fleet-edge"]
        for file in [*tree.glob("lib/systemd/system/*"), tree / "etc/fleet-edge/fleet-edge.yaml"]:
            text = file.read_text()
            self.assertNotRegex(text, r"(packaging|docs|scripts)/")
            for path in re.findall(r"/(?:usr|etc)/[\w./-]*[\w/]", text):
                with self.subTest(file=file.name, path=path):
                    self.assertTrue(path == "/usr/bin/env" or (tree / path[1:]).exists())


class Completion(unittest.TestCase):
    def complete(self, *words):
        """What bash offers after the words, the last of which is being typed."""
        program = words[0]
        script = TREES[COMMANDS[program]] / "usr/share/bash-completion/completions" / program
        # compopt asks for a completion in progress, which there is none of in a script.
        ask = ('source "$1"; shift; compopt() { :; }; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); '
               f'_{program.replace("-", "_")}; printf "%s\\n" "${{COMPREPLY[@]}}"')
        return output("bash", "-euc", ask, "bash", script, *words, cwd=ROOT).split()

    def test_each_command_and_flag_of_help_is_offered(self):
        for program in COMMANDS:
            for command in commands(program):
                flags = {name for option in command.options for name in option.names}
                self.assertEqual(set(self.complete(*command.words, "-")), flags, command.name)
                if command.commands:
                    below = {sub.words[-1] for sub in command.commands}
                    self.assertEqual(set(self.complete(*command.words, "")) - flags, below, command.name)

    def test_a_word_is_completed(self):
        self.assertEqual(self.complete("fleet-edge", "outbox", "ver"), ["verify"])

    def test_a_flags_value_is_completed(self):
        self.assertIn("README.md", self.complete("fleet-edge", "run", "-c", "READ"))
        self.assertEqual(self.complete("fleet-edge", "test", "--color", "a"), ["auto", "always"])
        self.assertEqual(self.complete("fleet-edge", "replay", "--step", ""), [])


class Life(unittest.TestCase):
    """Installation, upgrade, downgrade and purge below a folder."""

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(dir=FOLDER))
        for folder in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "etc"):
            (self.root / folder).mkdir(parents=True)
        (self.root / "var/lib/dpkg/status").touch()
        for name in ("passwd", "group"):
            (self.root / "etc" / name).touch()
        self.configuration = self.root / "etc/fleet-edge/fleet-edge.yaml"
        self.database = self.root / "var/lib/fleet-edge/outbox.db"

    def dpkg(self, *arguments):
        return subprocess.run(
            ["dpkg", f"--root={self.root}", "--force-script-chrootless", "--force-depends", "--force-confold",
             "--no-triggers", "--log=/dev/null", *arguments], capture_output=True, text=True,
            env={**os.environ, "LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})

    def done(self, *arguments):
        result = self.dpkg(*arguments)
        self.assertEqual(result.returncode, 0, result.stderr)

    def repacked(self, version):
        """The same package as another version."""
        tree = FOLDER / f"repacked-{version}"
        deb = FOLDER / f"fleet-edge_{version}.deb"
        if not deb.exists():
            subprocess.run(["dpkg-deb", "-R", DEBS["fleet-edge"], tree], check=True)
            for name, key in (("control", "Version: "), ("preinst", "version=")):
                file = tree / "DEBIAN" / name
                file.write_text(re.sub(f"(?m)^{key}.*", key + version, file.read_text()))
            subprocess.run(["dpkg-deb", "-b", tree, deb], check=True, capture_output=True)
        return deb

    def outbox(self, schema):
        self.database.parent.mkdir(parents=True, exist_ok=True)
        self.database.unlink(missing_ok=True)
        with sqlite3.connect(self.database) as database:
            database.execute("CREATE TABLE meta(key TEXT)")
            database.execute(f"PRAGMA user_version={schema}")
        database.close()

    def test_an_upgrade_keeps_configuration_and_outbox(self):
        self.done("-i", DEBS["fleet-edge"])
        edited = self.configuration.read_text().replace("hub.example", "hub.north.example")
        self.configuration.write_text(edited)
        self.outbox(2)
        before = self.database.read_bytes()
        self.done("-i", self.repacked("9.0.0"))
        self.assertEqual(self.configuration.read_text(), edited)
        self.assertEqual(self.database.read_bytes(), before)

    def test_a_downgrade_that_can_read_the_outbox_is_done(self):
        self.done("-i", self.repacked("9.0.0"))
        self.outbox(2)
        self.done("-i", DEBS["fleet-edge"])

    def test_a_downgrade_that_can_not_read_the_outbox_is_refused_with_what_would_work(self):
        self.done("-i", self.repacked("9.0.0"))
        self.outbox(3)
        with (self.root / "usr/share/fleet-edge/outbox-schema").open("a") as schemas:
            schemas.write("3 8.5.0\n")
        result = self.dpkg("-i", DEBS["fleet-edge"])
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("has schema 3,\nthis version knows schemas up to 2. Versions from 8.5.0 on read it.", result.stderr)
        status = output("dpkg-query", f"--admindir={self.root}/var/lib/dpkg", "-W", "-f", "${Version} ${Status}", "fleet-edge")
        self.assertEqual(status, "9.0.0 install ok installed")

    def test_an_older_version_after_a_removal_is_refused_too_and_nothing_is_told_that_is_gone(self):
        self.done("-i", self.repacked("9.0.0"))
        self.outbox(3)
        self.done("-r", "fleet-edge")
        result = self.dpkg("-i", DEBS["fleet-edge"])
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("Nothing has been changed: version 9.0.0 can be installed again.", result.stderr)
        self.assertNotIn("fleet-edge outbox", result.stderr)

    def test_removal_keeps_configuration_and_outbox_and_purge_leaves_nothing(self):
        self.done("-i", DEBS["fleet-edge"])
        self.outbox(2)
        (self.root / "etc/fleet-edge/rules/own.yaml").write_text("groups: []\n")
        self.done("-r", "fleet-edge")
        self.assertTrue(self.configuration.exists())
        self.assertTrue(self.database.exists())
        self.done("--purge", "fleet-edge")
        for path in ("etc/fleet-edge", "var/lib/fleet-edge", "usr/share/fleet-edge", "usr/bin/fleet-edge"):
            self.assertFalse((self.root / path).exists(), path)

    def test_the_service_is_enabled_at_installation(self):
        self.done("-i", DEBS["fleet-edge"])
        self.assertTrue((self.root / "etc/systemd/system/multi-user.target.wants/fleet-edge.service").is_symlink())


if __name__ == "__main__":
    unittest.main()
