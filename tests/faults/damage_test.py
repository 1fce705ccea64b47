"""The outbox's files are damaged: the start succeeds, what is readable arrives, the rest is counted."""

import contextlib
import os
import shutil
import sqlite3
import struct
import zlib

from lives import LANES, Batch, Lives, LivesTest
from support import faults

FILL = ("--batches", 300, "--pace-ms", 0, "--link", "down", "--seed", 5)
SALVAGE_CALLS = ("pwrite64", "fdatasync", "fsync", "ftruncate", "rename", "unlink")


class DamageTest(LivesTest):
    def filled(self, name, size=2_500):
        lives = Lives(self.folder / name)
        self.assertEqual(lives.run(*FILL, "--size", size).code, 0)
        return lives

    def copy(self, template, name):
        lives = Lives(self.folder / name)
        shutil.copytree(template.disk, lives.disk)
        lives.lives = template.lives[:1]
        return lives

    def assert_counted(self, lives, readable):
        """What SQLite could read has arrived, the rest is in the books as corrupt; returns its records."""
        arrived, books = lives.arrived(), lives.lives[-1].books
        self.assertEqual(sorted(readable - arrived.keys())[:3], [], "readable, and did not arrive")
        self.assertEqual(books["residual"], 0)
        self.assertEqual(books["acknowledged"], lives.arrived_records())
        self.assertLessEqual({reason for reason, _ in self.booked_drops(lives)}, {"corrupt"})
        self.assertEqual(sum(records for _, records in self.booked_drops(lives)), books["dropped"])
        missing = lives.missing_records()
        if self.books_are_readable(lives):
            # A damaged row may tell more records than it had; as many are found beyond the totals.
            surplus = books["recovered"] - lives.committed_records()
            self.assertEqual(missing + surplus, books["dropped"])
        else:
            self.assertGreaterEqual(missing, books["dropped"])
        return missing

    @staticmethod
    def readable(lives):
        """The batches whose rows SQLite can still read, one by one, and whose crc is right."""
        batches = set()
        with contextlib.closing(sqlite3.connect(f"file:{lives.disk}/outbox.db?immutable=1", uri=True)) as database:
            for row in range(1, 1 + len(lives.lives[0].committed)):
                with contextlib.suppress(sqlite3.Error, UnicodeError, TypeError, LookupError, struct.error):
                    for _, lane, epoch, seq, count, _, _, crc, body in database.execute(
                            "SELECT * FROM batch NOT INDEXED WHERE rowid=?", (row,)):
                        if zlib.crc32(struct.pack("<4q", lane, epoch, seq, count), zlib.crc32(body)) == crc:
                            batches.add(Batch(LANES[lane], epoch, seq))
        return batches

    def drain_damaged(self, lives):
        """Drains a damaged copy, which then goes; records that did not arrive, all of them counted."""
        readable = self.readable(lives)
        lives.drain()
        missing = self.assert_counted(lives, readable)
        shutil.rmtree(lives.home)
        return missing

    @staticmethod
    def books_are_readable(lives):
        """False when the damage has hit what the database says of itself."""
        aside = lives.disk / "outbox.db.corrupt-1"
        if not aside.exists():
            return True
        try:
            with contextlib.closing(sqlite3.connect(f"file:{aside}?immutable=1", uri=True)) as database:
                return bool(database.execute("SELECT value FROM meta WHERE key='totals'").fetchone())
        except (sqlite3.Error, UnicodeError):
            return False

    def flip(self, file, at):
        with open(file, "r+b") as data:
            data.seek(at)
            byte = data.read(1)[0]
            data.seek(at)
            data.write(bytes([byte ^ (1 << self.random.randrange(8))]))

    def test_a_bit_flips_anywhere_in_the_database(self):
        template, count, missing = self.filled("template"), faults.runs(25, 300), 0
        size = (template.disk / "outbox.db").stat().st_size
        for number in range(count):
            lives = self.copy(template, f"flip-{number}")
            # Where the tree has its roots as often as where the rows are.
            self.flip(lives.disk / "outbox.db", self.random.randrange(self.random.choice([16_384, size])))
            missing += self.drain_damaged(lives)
        faults.report("a bit flipped anywhere in the database", count, result=f"{missing} records counted")

    def test_pages_are_overwritten(self):
        template, count, missing = self.filled("template"), faults.runs(10, 100), 0
        pages = (template.disk / "outbox.db").stat().st_size // 4096
        for number in range(count):
            lives = self.copy(template, f"pages-{number}")
            with open(lives.disk / "outbox.db", "r+b") as file:
                file.seek(self.random.randrange(pages) * 4096)
                file.write(self.random.randbytes(self.random.randrange(1, 8) * 4096))
            missing += self.drain_damaged(lives)
        faults.report("pages of the database overwritten", count, result=f"{missing} records counted")

    def test_one_row_is_damaged(self):
        lives = self.filled("row", 100)
        content = (lives.disk / "outbox.db").read_bytes()
        life = lives.lives[0]
        self.assertEqual(len(life.committed), 300)
        # The end of a page holds the page's first row, its body last.
        self.flip(lives.disk / "outbox.db", len(content) - 2)
        readable = self.readable(lives)
        self.assertEqual(len(readable), 299)
        lives.drain()
        self.assert_counted(lives, readable)
        faults.report("one row damaged", 1, result="it alone is put aside")

    def test_the_index_hides_alerts(self):
        lives = self.filled("index", 100)
        file = lives.disk / "outbox.db"
        with contextlib.closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as database:
            page = database.execute("SELECT rootpage FROM sqlite_schema WHERE name='urgent'").fetchone()[0]
        with open(file, "r+b") as data:
            data.seek((page - 1) * 4096 + 3)
            data.write(struct.pack(">H", 4))  # of its cells
        readable = self.readable(lives)
        self.assertEqual(len(readable), 300)
        lives.drain()
        self.assertEqual(self.assert_counted(lives, readable), 0)
        faults.report("an index that hides alerts", 1, result="they arrive")

    def test_the_file_is_cut_short_or_empty(self):
        template, count, missing = self.filled("template"), faults.runs(10, 50), 0
        size = (template.disk / "outbox.db").stat().st_size
        for number in range(count):
            lives = self.copy(template, f"cut-{number}")
            os.truncate(lives.disk / "outbox.db",
                        self.random.choice([0, 1, 100, 4096, size - 1, self.random.randrange(size)]))
            missing += self.drain_damaged(lives)
        faults.report("the database cut short", count, result=f"{missing} records counted, or beyond its books")

    def test_an_empty_file_or_a_directory_is_in_its_place(self):
        for make in (os.mkdir, lambda path: open(path, "wb").close()):
            lives = Lives(self.folder / f"place-{make.__name__}")
            lives.disk.mkdir()
            make(lives.disk / "outbox.db")
            lives.run("--batches", 50, "--link", "flapping")
            self.assertEqual(lives.lives[0].code, 0)
            self.assert_nothing_lost(lives.verify())
        faults.report("an empty file, a directory in the database's place", 2)

    def test_the_journal_is_damaged(self):
        count, missing = faults.runs(10, 100), 0
        for number in range(count):
            lives, wal = self.killed_with_a_journal(number)
            size = wal.stat().st_size
            if number % 3 == 0:
                os.truncate(wal, self.random.randrange(size))
            else:
                self.flip(wal, self.random.randrange(size))
            lives.drain()
            self.assertEqual(lives.lives[-1].books["residual"], 0)
            # SQLite takes a journal up to its first frame that is not right.
            batches = sorted(lives.lives[0].committed, key=lambda batch: batch.seq)
            arrived = lives.arrived()
            for lane in ("alert", "telemetry"):
                there = [batch in arrived for batch in batches if batch.lane == lane]
                self.assertEqual(there, sorted(there, reverse=True), "a hole in the middle")
            missing += lives.missing_records()
        faults.report("the journal damaged", count, result=f"{missing} records behind the damage")

    def killed_with_a_journal(self, number):
        """Lives whose first was killed with commits in its journal, and the journal; a busy machine needs longer."""
        for moment in (0.15, 0.6, 2.4, 9.6):
            lives = Lives(self.folder / f"wal-{number}-{moment}", durable_within_ms=20)
            lives.run_until(moment, "--batches", 10_000, "--pace-ms", 1, "--link", "down", "--seed", number)
            wal = lives.disk / "outbox.db-wal"
            if lives.lives[0].killed and lives.lives[0].committed and wal.exists():
                return lives, wal
        raise AssertionError("no life was killed with a journal")

    @faults.needs("strace")
    def test_a_salvage_is_killed_at_every_call(self):
        template = self.filled("template", 300 if not faults.FULL else 2_500)
        page = (template.disk / "outbox.db").stat().st_size // 4096 // 2
        with open(template.disk / "outbox.db", "r+b") as file:
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)
        whole = self.copy(template, "whole")
        whole.drain()
        expected, lost = self.readings(whole), self.booked_as_lost(whole)
        self.assertTrue(whole.lives[-1].salvages)
        self.assertGreater(lost, 0)
        count = 0
        for call in SALVAGE_CALLS:
            step = 1 if faults.FULL or call != "pwrite64" else 4
            at, killed = self.random.randrange(step) + 1 - step, True
            while killed:
                at += step
                lives = self.copy(template, f"{call}-{at}")
                # The damage is met when rows are loaded; the hub stays away.
                killed = lives.run("--link", "down", "--batches", 1, "--seed", 1, under=[
                    "strace", "-f", "-qq", "-o", lives.home / "strace", "-e", f"trace={call}",
                    "-e", f"inject={call}:signal=SIGKILL:when={at}"]).killed
                lives.drain()
                self.assertLessEqual(expected, self.readings(lives), f"{call} {at}")
                self.assertEqual(self.booked_as_lost(lives), lost, f"{call} {at}")
                count += killed
                shutil.rmtree(lives.home)
        faults.report("SIGKILL at each call of a salvage", count)

    @staticmethod
    def readings(lives):
        return {batch for batch in lives.arrived() if batch.lane != "status"}

    @classmethod
    def booked_as_lost(cls, lives):
        return sum(records for _, records in cls.booked_drops(lives))

    @staticmethod
    def booked_drops(lives):
        """(reason, records), as the database itself says, over all starts."""
        with contextlib.closing(sqlite3.connect(lives.disk / "outbox.db")) as database:
            return [(key.split(".")[2], records) for key, records in
                    database.execute("SELECT key, value FROM meta WHERE key LIKE 'dropped.%'")]


if __name__ == "__main__":
    faults.main()
