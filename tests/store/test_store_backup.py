"""Backups: what is in them, what they share, which of them stay."""

import datetime as dt
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import Archive
from store import backup, disk, files, snapshot
from store.nights import current
from tests.store.conftest import NIGHT

# on PostgreSQL a backup reads by a connection of its own: tests/nights/test_kept_safe.py
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]

BODY = b"%PDF an annex"


@pytest.fixture
def data(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a file, a night's WARC and settings."""
    settings.DATA = tmp_path
    monkeypatch.delenv("KUAIXUN_BACKUPS", raising=False)
    files.put(BODY)
    Archive(tmp_path / "warc", NIGHT).close()
    (tmp_path / "house.toml").write_text("firm = '某公司'")
    (tmp_path / "desk.key").write_text("secret")
    (tmp_path / "desk.key").chmod(0o600)
    current(NIGHT)
    return tmp_path


@pytest.fixture
def tick(monkeypatch: pytest.MonkeyPatch) -> Callable[[], backup.Made]:
    """A backup a minute."""
    from django.utils import timezone

    clock = [timezone.now()]

    def made(**more: Any) -> backup.Made:
        clock[0] += dt.timedelta(minutes=1)
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda: clock[0])
            return backup.make(backup.default_folder(), **more)

    return made


def test_all_of_it_is_there(data: Path, tick: Any) -> None:
    made = tick()
    names = {str(p.relative_to(made.folder)) for p in made.folder.rglob("*") if p.is_file()}
    kept = next((data / "files").iterdir()).name
    assert names == {
        "SHA256SUMS",
        "database.sqlite3",
        "manifest.json",
        f"files/{kept}",
        f"warc/{NIGHT}.warc.gz",
        "settings/desk.key",
        "settings/environment.json",
        "settings/house.toml",
    }
    listed = {name: sha256 for sha256, name in backup.sums(made.folder)}
    assert listed.keys() == names - {"SHA256SUMS", "manifest.json"}
    assert all(disk.sha256_of(made.folder / name) == sum_ for name, sum_ in listed.items())
    manifest = json.loads((made.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["rows"] == snapshot.counts_in(made.folder / "database.sqlite3")
    assert (made.files, made.warcs, made.damaged) == (1, 1, [])


def test_secrets_are_for_the_owner_alone(data: Path, tick: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("KUAIXUN_DATABASE_URL", "postgresql://office:s3cret@db/k?password=s3cret")
    monkeypatch.setenv("KUAIXUN_CONTACT", "mailto:you@example.org")
    folder = tick().folder
    assert folder.stat().st_mode & 0o777 == 0o700
    for name in ("desk.key", "environment.json"):
        assert (folder / "settings" / name).stat().st_mode & 0o777 == 0o600
    told = json.loads((folder / "settings" / "environment.json").read_text(encoding="utf-8"))
    assert "s3cret" not in json.dumps(told)
    assert told["KUAIXUN_CONTACT"] == "mailto:you@example.org"


def test_what_did_not_change_takes_no_second_space(data: Path, tick: Any) -> None:
    name, warc = next((data / "files").iterdir()).name, f"{NIGHT}.warc.gz"
    one, other = tick().folder, tick().folder
    assert (data / "files" / name).samefile(one / "files" / name)
    assert (one / "files" / name).samefile(other / "files" / name)
    assert (one / "warc" / warc).samefile(other / "warc" / warc)
    # a night appends to the live one: it is never shared
    assert not (data / "warc" / warc).samefile(one / "warc" / warc)
    archive = Archive(data / "warc", NIGHT)
    archive.write("https://x.cn/", 200, {}, b"a page")
    archive.close()
    third = tick().folder
    assert (third / "warc" / warc).read_bytes() == (data / "warc" / warc).read_bytes()
    assert (other / "warc" / warc).stat().st_size < (third / "warc" / warc).stat().st_size


def test_only_the_newest_stay(data: Path, tick: Any) -> None:
    made = [tick(keep=3) for _ in range(5)]
    assert [one.removed for one in made[:3]] == [[], [], []]
    kept = [one.folder for one in backup.kept(backup.default_folder())]
    assert kept == [one.folder for one in made[2:]]
    assert tick(keep=1).removed == [one.name for one in kept]


def test_none_is_removed_before_the_new_one_is_whole(
    data: Path, tick: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tick(keep=1).folder

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(snapshot, "write", full)
        with pytest.raises(OSError, match="No space"):
            tick(keep=1)
    assert [one.folder for one in backup.kept(backup.default_folder())] == [first]
    assert [path.name for path in first.parent.iterdir() if path.name.startswith(".")] == []


def test_on_another_disk_a_damaged_file_is_left_out_and_named(
    data: Path, tick: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "link", lambda *_: False)
    sha256 = files.put(b"well")
    victim = next(path for path in (data / "files").iterdir() if path.name != sha256)
    victim.write_bytes(b"rot")
    made = tick()
    assert made.damaged == [f"files/{victim.name}"]
    assert [path.name for path in (made.folder / "files").iterdir()] == [sha256]
    assert (made.folder / "files" / sha256).read_bytes() == b"well"


def test_what_a_killed_one_left_is_swept(data: Path, tick: Any) -> None:
    to = backup.default_folder()
    rest = to / ".2026-01-01T0230.part" / "files"
    rest.mkdir(parents=True)
    (to / ".stfolder").mkdir()  # of somebody else
    tick()
    assert not rest.exists()
    assert (to / ".stfolder").exists()


def test_another_one_at_the_same_time_is_refused(data: Path, tick: Any) -> None:
    with disk.alone(data), pytest.raises(disk.Busy):
        tick()


def test_a_damaged_database_is_not_taken_for_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "own.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE t (x TEXT)")
        database.executemany("INSERT INTO t VALUES (?)", [("word" * 100,)] * 200)
        database.commit()
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 4] = b"\xff" * 4096 * 2
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as database, pytest.raises(snapshot.DamagedDatabase):
        snapshot.copy_sqlite(database, tmp_path / "copied.sqlite3")
