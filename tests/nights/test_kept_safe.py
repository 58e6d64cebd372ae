"""Backup, restore, prune and forget on a night's data: whole, whatever is killed, however full."""

import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import read
from crawler.warc_rewrite import placed
from tests.nights.kill import FULL_KEEPING, KEEPING, NEVER
from tests.nights.nightly_runs import kuaixun, run
from tests.nights.test_killed import FEW, NIGHTS, Processes, Run, nightly

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL: a POSIX system")

FIRST, SECOND = NIGHTS
SAMPLED = 3  # steps of a command at which it is killed, beside the last ones
LAST = 3
# of the first night: with files and a page, in no family with another
FORGOTTEN = "https://jxj.beijing.gov.cn/jxdt/tzgg/201909/t20190906_300478.html"


@dataclass
class World:
    """A data folder after one night of a few sources, and what runs on copies of it."""

    processes: Processes
    night: Path
    folder: Path

    def copy(self, name: str) -> Path:
        """The data folder as it is after the night, to go on with."""
        return Path(shutil.copytree(self.night, self.folder / name / "data"))

    def run(self, data: Path, *words: str, expect: int = 0) -> Run:
        ran = self.processes.run(words, data)
        assert ran.code == expect, ran.said
        return ran

    def told(self, data: Path, *words: str, expect: int = 0) -> Any:
        """What a command says with --json."""
        return json.loads(self.run(data, *words, "--json", expect=expect).said.splitlines()[-1])

    def backup(self, data: Path) -> Path:
        return Path(self.told(data, "db", "backup")["folder"])

    def dump(self, data: Path) -> list[str]:
        return sorted(self.run(data, "db", "dump").said.splitlines())

    def steps(self, data: Path, *words: str) -> int:
        """How many steps the command takes on the disk."""
        seen = self.folder / "seen.json"
        ran = self.processes.run(words, data, NEVER, "0", "--seen", str(seen))
        assert ran.code == 0, ran.said
        return int(json.loads(seen.read_bytes())[KEEPING])

    def killed(self, data: Path, step: int, *words: str) -> None:
        ran = self.processes.run(words, data, KEEPING, str(step))
        assert ran.code == -signal.SIGKILL, ran.said

    def full(self, data: Path, step: int, *words: str) -> Run:
        ran = self.processes.run(words, data, FULL_KEEPING, str(step))
        assert ran.code == 4, ran.said
        assert "Traceback" not in ran.said
        return ran

    def agrees(self, data: Path) -> None:
        assert self.told(data, "db", "check") == {"findings": [], "count": 0}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("safe")
    with Processes(1) as processes:
        night = folder / "night"
        ran = processes.run(nightly(FIRST, FEW), night)
        assert ran.code in (0, 1), ran.said
        yield World(processes, night, folder)


def sampled(steps: int, first: int = 1) -> list[int]:
    """Some steps from the first on, and the last ones, where names change."""
    some = range(first, steps - LAST + 1, max(1, (steps - first) // SAMPLED))
    return [*some, *range(steps - LAST + 1, steps + 1)]


def tables(data: Path) -> list[str]:
    """All that is in the database, but for when tombstones were laid and migrations applied."""
    with closing(sqlite3.connect(data / "kuaixun.sqlite3")) as database:
        lines = list(database.iterdump())
    clocks = ("store_tombstone", "django_migrations", "sqlite_sequence")
    return [line for line in lines if not any(f'INTO "{name}"' in line for name in clocks)]


def files(data: Path) -> dict[str, str]:
    """Files and WARCs of a data folder and the hashes of their bytes."""
    return {
        str(path.relative_to(data)): sha256(path.read_bytes()).hexdigest()
        for name in ("files", "warc")
        for path in sorted((data / name).iterdir())
    }


def whole_backups(data: Path) -> list[Path]:
    """The folders that stand under a backup's name; each must be whole."""
    found = sorted((data / "backups").glob("20*")) if (data / "backups").is_dir() else []
    for folder in found:
        assert (folder / "manifest.json").is_file()
        for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
            stated, _, name = line.partition("  ")
            assert sha256((folder / name).read_bytes()).hexdigest() == stated, name
    return found


def rests(data: Path) -> list[str]:
    return [path.name for path in data.rglob(".*") if path.name not in (".", "..")]


def query(data: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(data / "kuaixun.sqlite3")) as database:
        return database.execute(sql).fetchall()


def pages(data: Path) -> dict[str, str]:
    """Revision -> the hash of the page that its pointer leads to."""
    found = query(
        data,
        "SELECT n.address || ' ' || r.number, r.record FROM store_revision r "
        "JOIN store_notice n ON n.id = r.notice_id",
    )
    return {key: sha256(read(data / "warc", record).body).hexdigest() for key, record in found}


def test_what_was_damaged_comes_back_and_the_next_night_goes_on(world: World) -> None:
    undisturbed = world.copy("undisturbed")
    second = nightly(SECOND, FEW)
    code = world.processes.run(second, undisturbed).code

    data = world.copy("damaged")
    before, held = world.dump(data), files(data)
    backup = world.backup(data)
    (data / "kuaixun.sqlite3").write_bytes(b"not a database" * 1000)
    shutil.rmtree(data / "warc")
    file = next((data / "files").iterdir())
    file.unlink()  # the backup has it under a name of its own
    file.write_bytes(b"other bytes")

    told = world.told(data, "db", "restore", str(backup), "--replace")
    assert Path(told["aside"], "kuaixun.sqlite3").read_bytes().startswith(b"not a database")
    assert world.dump(data) == before
    assert files(data) == held
    world.agrees(data)
    assert world.processes.run(second, data).code == code
    assert world.dump(data) == world.dump(undisturbed)
    assert pages(data) == pages(undisturbed)
    # the night went on in files of its own: the backup is what it was
    assert whole_backups(data) == [backup]


def test_an_empty_folder_takes_a_backup_and_one_with_data_refuses(world: World) -> None:
    data = world.copy("from")
    backup = world.backup(data)
    new = world.folder / "to" / "data"
    world.run(data, "db", "restore", str(backup), "--to", str(new))
    assert world.dump(new) == world.dump(data)
    refused = world.run(data, "db", "restore", str(backup), expect=2)
    assert "--replace" in refused.said


def test_a_damaged_backup_is_refused_by_name(world: World) -> None:
    data = world.copy("harmed")
    whole = world.backup(data)
    before = files(data)
    victim = sorted((whole / "files").iterdir())[0].name
    harms: list[tuple[Callable[[Path], None], str]] = [
        (lambda b: (b / "files" / victim).unlink(), victim),
        (lambda b: rewrite(b / "files" / victim, b"x"), victim),
        (lambda b: rewrite(b / "database.sqlite3", b"x"), "database.sqlite3"),
        (lambda b: rewrite(b / "SHA256SUMS", b"00  files/invented"), "SHA256SUMS"),
        (lambda b: (b / "manifest.json").unlink(), "manifest.json"),
        (lambda b: rewrite(b / "manifest.json", later(b)), "9999_later"),
    ]
    for number, (harm, words) in enumerate(harms):
        backup = Path(shutil.copytree(whole, world.folder / f"harmed-{number}"))
        harm(backup)
        refused = world.run(data, "db", "restore", str(backup), "--replace", expect=2)
        assert words in refused.said
        assert files(data) == before
        assert not list(data.glob("before-restore-*"))
    # one attachment is no reason to lose all else
    more = ("--replace", "--without-damaged")
    told = world.told(data, "db", "restore", str(world.folder / "harmed-1"), *more)
    assert told["left_out"] == [f"files/{victim}"]
    found = world.told(data, "db", "check", expect=1)["findings"]
    assert [finding["code"] for finding in found] == ["file.missing"]


def rewrite(path: Path, content: bytes) -> None:
    path.unlink()  # it may be linked
    path.write_bytes(content)


def later(backup: Path) -> bytes:
    """The manifest of a backup that a later version made."""
    manifest = json.loads((backup / "manifest.json").read_bytes())
    manifest["migrations"].append("9999_later")
    return json.dumps(manifest).encode()


@pytest.mark.postgresql
def test_a_backup_of_a_server_goes_back_to_it_or_to_a_file(
    tmp_path: Path, database_url: str
) -> None:
    data, on = tmp_path / "data", {"KUAIXUN_DATABASE_URL": database_url}
    kuaixun(data, *nightly(FIRST, FEW), env=on)
    before = kuaixun(data, "db", "dump", env=on)
    backup = json.loads(kuaixun(data, "db", "backup", "--json", env=on))["folder"]
    kuaixun(data, *nightly(SECOND, FEW), env=on)
    further = kuaixun(data, "db", "dump", env=on)
    assert further != before
    run(data, "-m", "kuaixun", "db", "restore", backup, env=on, expect=2)
    assert kuaixun(data, "db", "dump", env=on) == further
    told = json.loads(kuaixun(data, "db", "restore", backup, "--replace", "--json", env=on))
    assert "schema before_restore_" in told["aside"]
    assert kuaixun(data, "db", "dump", env=on) == before
    assert json.loads(kuaixun(data, "db", "check", "--json", env=on))["count"] == 0
    kuaixun(data, *nightly(SECOND, FEW), env=on)
    assert kuaixun(data, "db", "dump", env=on) == further
    kuaixun(tmp_path / "file", "db", "restore", backup)
    assert kuaixun(tmp_path / "file", "db", "dump") == before


def test_a_database_in_use_is_not_replaced(world: World) -> None:
    data = world.copy("used")
    backup = world.backup(data)
    with closing(sqlite3.connect(data / "kuaixun.sqlite3")) as desk:
        desk.execute("PRAGMA journal_mode=WAL")
        desk.execute("BEGIN")
        desk.execute("SELECT COUNT(*) FROM store_notice").fetchone()
        refused = world.run(data, "db", "restore", str(backup), "--replace", expect=2)
        assert "Stop the desk" in refused.said
    world.run(data, "db", "restore", str(backup), "--replace")


def test_a_backup_while_a_night_writes_is_of_one_moment(world: World) -> None:
    """What a killed writer left half written, and what is not committed, is not in it."""
    data = world.copy("writing")
    warc = data / "warc" / f"{FIRST}.warc.gz"
    whole = warc.read_bytes()
    *_, last = placed(warc)
    warc.write_bytes(whole + whole[last.offset : last.end - 20])  # being written
    (data / "files" / f"{'0' * 64}.1.part").write_bytes(b"half")
    with closing(sqlite3.connect(data / "kuaixun.sqlite3", isolation_level=None)) as night:
        night.execute("BEGIN IMMEDIATE")
        night.execute("UPDATE store_notice SET title = 'half written'")
        backup = world.backup(data)
        night.execute("ROLLBACK")
    assert (backup / "warc" / warc.name).read_bytes() == whole
    assert not list((backup / "files").glob("*.part"))
    with closing(sqlite3.connect(backup / "database.sqlite3")) as copied:
        said = "SELECT COUNT(*) FROM store_notice WHERE title = 'half written'"
        assert copied.execute(said).fetchone() == (0,)
    new = world.folder / "of-one-moment" / "data"
    world.run(data, "db", "restore", str(backup), "--to", str(new))
    assert world.dump(new) == world.dump(data)


def test_a_killed_backup_is_none_and_the_next_one_sweeps_it(world: World) -> None:
    data = world.copy("backup")
    steps = world.steps(data, "db", "backup")
    for step in sampled(steps):
        before = whole_backups(data)
        world.killed(data, step, "db", "backup")
        assert set(before) <= set(whole_backups(data))
    last = world.backup(data)
    assert last in whole_backups(data)
    assert rests(data) == []


def test_a_full_disk_leaves_no_backup_and_the_older_ones(world: World) -> None:
    data = world.copy("backup-full")
    older = world.backup(data)
    whole = Path(shutil.copytree(data, world.folder / "backup-full-whole" / "data"))
    steps = world.steps(whole, "db", "backup")
    for step in (2, steps // 2):
        world.full(data, step, "db", "backup", "--keep", "1")
        assert whole_backups(data) == [older]
        assert rests(data) == []
    told = world.told(data, "db", "backup", "--keep", "1")
    assert told["removed"] == [older.name]
    assert whole_backups(data) == [Path(told["folder"])]


def test_a_killed_restore_changed_nothing_or_is_finished(world: World) -> None:
    """Killed at any step: what the next command sees is all old, or all restored."""
    data = world.copy("restore")
    backup = world.backup(data)
    restored = tables(data)
    # what stands there when the restore begins is another state
    world.run(data, "db", "prune", "--before", "2019-09-12", "--apply")
    further, held = tables(data), files(data)
    assert further != restored
    words = ("db", "restore", str(backup), "--replace")
    whole = Path(shutil.copytree(data, world.folder / "restore-whole" / "data"))
    steps = world.steps(whole, *words)
    seen = set()
    for step in (*sampled(steps), *range(steps - 27, steps - LAST, 6)):
        here = Path(shutil.copytree(data, world.folder / f"restore-{step}" / "data"))
        world.killed(here, step, *words)
        world.agrees(here)  # whatever command comes next finds all as it was, or all restored
        now = tables(here)
        assert now in (further, restored)
        seen.add(now == restored)
        if now == further:
            assert files(here) == held
            world.run(here, *words)
            assert tables(here) == restored
        assert not list(here.glob(".restoring/*"))
        shutil.rmtree(here.parent)
    assert seen == {True, False}


def test_a_restore_that_finds_the_disk_full_changes_nothing(world: World) -> None:
    data = world.copy("restore-full")
    backup = world.backup(data)
    before, held = tables(data), files(data)
    for step in (5, 12):
        world.full(data, step, "db", "restore", str(backup), "--replace")
        assert (tables(data), files(data)) == (before, held)
        assert not list(data.glob(".restoring*"))


def test_a_killed_prune_leaves_every_pointer_right(world: World) -> None:
    data = world.copy("prune")
    words = ("db", "prune", "--before", "2019-09-12", "--apply")
    expected = pages(data)
    whole = Path(shutil.copytree(data, world.folder / "prune-whole" / "data"))
    steps = world.steps(whole, *words)
    assert pages(whole) == expected
    pruned = size(whole)
    assert pruned < size(data)
    for step in range(1, steps + 1, 3):
        here = Path(shutil.copytree(data, world.folder / f"prune-{step}" / "data"))
        world.killed(here, step, *words)
        assert pages(here) == expected
        world.run(here, *words)
        assert pages(here) == expected
        assert size(here) == pruned
        shutil.rmtree(here.parent)


def size(data: Path) -> int:
    return sum(path.stat().st_size for path in (data / "warc").iterdir())


def test_what_is_forgotten_is_gone_and_stays_gone(world: World) -> None:
    data = world.copy("forget")
    backup = world.backup(data)
    ((title, text),) = query(
        data,
        "SELECT n.title, r.text FROM store_notice n JOIN store_revision r ON r.notice_id = n.id "
        f"WHERE n.address = '{FORGOTTEN}'",
    )
    told = world.told(data, "notice", "forget", FORGOTTEN, "--reason", "当事人要求")
    assert told["backups"] == [backup.name]
    assert (told["revisions"], told["shell"]) == (1, False)
    assert told["records"] >= 1
    assert left_of(data, title, text) == []
    world.agrees(data)
    # a list that names it, and the pages of the second night
    world.processes.run(nightly(FIRST, FEW), data)
    world.processes.run(nightly(SECOND, FEW), data)
    assert not query(data, f"SELECT 1 FROM store_notice WHERE address = '{FORGOTTEN}'")
    assert query(data, f"SELECT state, title FROM store_row WHERE address = '{FORGOTTEN}'") == [
        ("unwanted", "")
    ]
    assert FORGOTTEN not in {r.address for path in warcs(data) for r in placed(path)}
    world.agrees(data)
    page = data.with_name("page.html")
    page.write_text(f"<title>{title}</title><h1>{title}</h1><p>{text}</p>", encoding="utf-8")
    kuaixun(data, "intake", str(page), "--url", FORGOTTEN)
    assert not query(data, f"SELECT 1 FROM store_notice WHERE address = '{FORGOTTEN}'")
    assert FORGOTTEN not in {r.address for path in warcs(data) for r in placed(path)}
    again = world.run(data, "notice", "forget", FORGOTTEN, "--reason", "x", expect=2)
    assert "was forgotten on" in again.said
    # a backup from before it brings it back: that is said
    told = world.told(data, "db", "restore", str(backup), "--replace")
    assert ["beijing_jxj", FORGOTTEN] in told["forgotten"]


def left_of(data: Path, title: str, text: str) -> list[str]:
    """Where in the data folder something of the notice can still be read."""
    words = [line for line in [title, *text.splitlines()] if len(line) > 12]
    found = [
        f"{path.name}: {word}"
        for path in (data / "kuaixun.sqlite3", data / "kuaixun.sqlite3-wal")
        if path.exists()
        for word in words[:1]
        if word.encode() in path.read_bytes()
    ]
    return found + [
        record.url for path in warcs(data) for record in placed(path) if record.url == FORGOTTEN
    ]


def warcs(data: Path) -> list[Path]:
    return sorted((data / "warc").glob("*.warc.gz"))


def test_a_killed_forget_is_finished_by_the_same_command(world: World) -> None:
    data = world.copy("forget-killed")
    world.processes.run(nightly(SECOND, FEW), data)
    words = ("notice", "forget", FORGOTTEN, "--reason", "当事人要求")
    whole = Path(shutil.copytree(data, world.folder / "forget-whole" / "data"))
    steps = world.steps(whole, *words)
    expected, held = tables(whole), sorted(p.name for p in (whole / "files").iterdir())
    records = {r.url for path in warcs(whole) for r in placed(path)}
    for step in range(1, steps + 1, 3):
        here = Path(shutil.copytree(data, world.folder / f"forget-{step}" / "data"))
        world.killed(here, step, *words)
        world.processes.run(words, here)
        assert tables(here) == expected, step
        assert sorted(path.name for path in (here / "files").iterdir()) == held
        assert {r.url for path in warcs(here) for r in placed(path)} == records
        shutil.rmtree(here.parent)
