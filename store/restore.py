"""A backup put back: checked first, built aside, then moved into its place.

All that is to become the data is built beside the present data. Once it is whole, a plan of renames
is written down; from then on the restore is settled, and whatever is killed, the next command on
the data folder finishes it (`store.migrate` asks `finish`). Before that nothing has changed. What
stood there before is put aside, never removed.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.utils import timezone
from filelock import FileLock

from store import backup, disk, snapshot

STAGE, PLAN = ".restoring", "plan.json"
_NEW = ".restoring"  # how the database to be is called beside the present one
_BESIDE = ("-wal", "-shm", "-journal")  # of an SQLite file

Tick = Callable[[str], None]


class NoBackup(ValueError):
    """The folder is no backup that this version can restore; says why."""


class NotEmpty(RuntimeError):
    """There are data already, and nobody said that they may be put aside; names them."""


class Open(RuntimeError):
    """Another process has the present database open."""


class DamagedBackup(RuntimeError):
    """Files of the backup are not there, or not what they were; names them."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names[:5]) + (f" … ({len(names)})" if len(names) > 5 else ""))
        self.names = names


@dataclass(slots=True)
class Restored:
    """What a restore did."""

    made: str  # when the backup was made
    files: int = 0
    aside: str = ""  # where the data lie that stood there before; "" when there were none
    left_out: list[str] = field(default_factory=list)  # damaged files that were left out
    forgotten: list[tuple[str, str]] = field(default_factory=list)  # since: they are back now


def restore(
    folder: Path, *, replace: bool = False, without: bool = False, tick: Tick = lambda _: None
) -> Restored:
    """Make the backup the data of this installation (its data folder and database).

    `replace`: put aside what is there; `without`: leave out attachments and WARCs that are damaged
    in the backup. The night's lock is the caller's. Raises NoBackup, DamagedBackup, NotEmpty, Open,
    store.disk.Busy, OSError; then nothing has changed."""
    data = Path(settings.DATA)
    with disk.alone(data):
        with FileLock(data / "migrate.lock"):
            finish()
        told = _checked(folder)
        bad = _damaged(folder, tick)
        fatal = [n for n in bad if not (without and n.split("/")[0] in (backup.FILES, backup.WARC))]
        if fatal:
            raise DamagedBackup(fatal)
        present = _present(data)
        if present and not replace:
            raise NotEmpty(", ".join(present))
        result = Restored(made=told["made"], left_out=bad)
        result.forgotten = _forgotten_since(folder / backup.DATABASE)
        _let_go()
        stage = data / STAGE
        if stage.exists():  # of a restore that was killed before it was settled
            shutil.rmtree(stage)
        try:
            result.files = _build(folder, stage, set(bad), tick)
            with FileLock(data / "migrate.lock"):  # whoever starts now waits, then finds it done
                result.aside = _settle(stage, present)
                finish()
        except BaseException:
            _sweep(stage)
            raise
        return result


def finish() -> bool:
    """Finish a restore that was settled; returns whether there was one. Idempotent."""
    data = Path(settings.DATA)
    stage = data / STAGE
    if not (stage / PLAN).is_file():
        return False
    connections.close_all()
    plan: dict[str, Any] = json.loads((stage / PLAN).read_text(encoding="utf-8"))
    for step in plan["steps"]:
        new, at, aside = (Path(step[name]) for name in ("new", "at", "aside"))
        if not new.exists():
            continue  # done before
        for suffix in _BESIDE:
            _move(at.with_name(at.name + suffix), aside.with_name(aside.name + suffix))
        _move(at, aside)
        at.parent.mkdir(parents=True, exist_ok=True)
        new.rename(at)
        disk.sync_folder(at.parent)
    copied = stage / backup.DATABASE
    if copied.exists():  # for a server's database, which no rename replaces
        snapshot.put_back(copied, plan["schema"])
        copied.unlink()
    for name in (backup.FILES, backup.WARC, backup.SETTINGS):
        shutil.rmtree(stage / name, ignore_errors=True)  # what of it was not moved
    (stage / PLAN).unlink()
    disk.sync_folder(stage)
    stage.rmdir()
    return True


def _checked(folder: Path) -> dict[str, Any]:
    try:
        told = backup.manifest_of(folder)
    except FileNotFoundError:
        raise NoBackup(f"{folder} is no backup: it has no {backup.MANIFEST}") from None
    except ValueError as fault:
        raise NoBackup(f"{folder / backup.MANIFEST} cannot be read: {fault}") from None
    if told.get("form") != backup.FORM:
        raise NoBackup(
            f"{folder} has the form {told.get('form')}, this version knows {backup.FORM}"
        )
    if newer := snapshot.unknown(told["migrations"]):
        raise NoBackup(f"{folder} was made by a newer version: it has {', '.join(newer)}")
    return told


def _damaged(folder: Path, tick: Tick) -> list[str]:
    """Paths of the backup's files that are missing or changed."""
    listed = folder / backup.SUMS
    if not listed.is_file() or disk.sha256_of(listed) != backup.manifest_of(folder)["sums"]:
        return [backup.SUMS]
    bad = []
    for sha256, name in backup.sums(folder):
        path = folder / name
        if not path.is_file() or disk.sha256_of(path) != sha256:
            bad.append(name)
        tick("checked")
    return bad


def _present(data: Path) -> list[str]:
    """What of ours is there, in words; [] for an empty data folder and database."""
    found = [name for name in (backup.FILES, backup.WARC) if _holds(_place(name))]
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        if path.exists() and _has_rows(path):
            found.append(str(path))
    elif any(snapshot.counts().get(name) for name in ("store_source", "store_night", "store_user")):
        found.append("the database of KUAIXUN_DATABASE_URL")
    return found


def _has_rows(path: Path) -> bool:
    try:
        counted = snapshot.counts_in(path)
    except sqlite3.DatabaseError:  # damaged: that is why it is to be replaced
        return True
    return any(counted.get(name) for name in ("store_source", "store_night", "store_user"))


def _holds(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _place(name: str) -> Path:
    if name == backup.FILES:
        return Path(settings.MEDIA_ROOT)
    return Path(settings.DATA) / name


def _forgotten_since(copied: Path) -> list[tuple[str, str]]:
    """(source, address) of what is forgotten by now but not in the backup."""
    query = (
        "SELECT s.name, t.address FROM store_tombstone t JOIN store_source s ON s.id = t.source_id"
    )
    try:
        if connection.vendor == "sqlite":
            path = Path(connection.settings_dict["NAME"])
            if not path.exists():
                return []
            with closing(sqlite3.connect(path)) as database:
                now = set(database.execute(query))
        else:
            with connection.cursor() as cursor:
                cursor.execute(query)
                now = set(cursor.fetchall())
    except (sqlite3.Error, DatabaseError):
        return []  # no such table yet, or damaged
    try:
        with closing(sqlite3.connect(copied)) as database:
            then = set(database.execute(query))
    except sqlite3.OperationalError:  # a backup from before tombstones
        then = set()
    return sorted(now - then)


def _let_go() -> None:
    """Be sure that nobody else has the present database open, and fold its WAL into it. A damaged
    one is moved as it is. Raises Open."""
    connections.close_all()
    if connection.vendor != "sqlite":
        return
    path = Path(connection.settings_dict["NAME"])
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=2)) as database:
            database.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as fault:
        if "locked" in str(fault):
            raise Open(str(path)) from None
    except sqlite3.DatabaseError:
        return


def _build(folder: Path, stage: Path, bad: set[str], tick: Tick) -> int:
    """Everything that is to be moved in, whole and synced; returns how many files."""
    for name in (backup.FILES, backup.WARC, backup.SETTINGS):
        (stage / name).mkdir(parents=True)
    if connection.vendor == "sqlite":
        database = _beside(Path(connection.settings_dict["NAME"]))
        database.parent.mkdir(parents=True, exist_ok=True)
        database.unlink(missing_ok=True)
    else:
        database = stage / backup.DATABASE
    count = 0
    for _, name in backup.sums(folder):
        if name in bad:
            continue
        source = folder / name
        kind = name.partition("/")[0]
        if name == backup.DATABASE:
            disk.copy(source, database)
        elif kind == backup.FILES and disk.link(source, stage / name):
            pass
        else:  # a night appends to a WARC: the backup's own must not change
            disk.copy(source, stage / name)
        count += 1
        tick("restored")
    for name in (backup.FILES, backup.WARC, backup.SETTINGS):
        disk.sync_folder(stage / name)
    return count


def _beside(database: Path) -> Path:
    return database.with_name(database.name + _NEW)


def _settle(stage: Path, present: list[str]) -> str:
    """Write the plan down; returns where the present data will lie."""
    data = Path(settings.DATA)
    moment = f"{timezone.localtime():%Y-%m-%dT%H%M%S}"
    aside = data / f"before-restore-{moment}"
    steps = [
        {"new": stage / name, "at": _place(name), "aside": aside / name}
        for name in (backup.FILES, backup.WARC)
    ]
    steps += [
        {"new": path, "at": data / path.name, "aside": aside / path.name}
        for path in sorted((stage / backup.SETTINGS).iterdir())
        if path.name != backup.ENVIRONMENT
    ]
    if connection.vendor == "sqlite":
        at = Path(connection.settings_dict["NAME"])
        # on the database's own disk, which need not be the data folder's
        put = aside if at.parent == data else at.parent / aside.name
        steps.append({"new": _beside(at), "at": at, "aside": put / at.name})
    plan = {
        "schema": f"before_restore_{moment.replace('-', '').lower()}",
        "steps": [{key: str(value) for key, value in step.items()} for step in steps],
    }
    disk.write(stage / PLAN, json.dumps(plan, indent=1))
    if not present:
        return ""
    schema = f", schema {plan['schema']}" if connection.vendor != "sqlite" else ""
    return f"{aside}{schema}"


def _sweep(stage: Path) -> None:
    if stage.exists() and not (stage / PLAN).exists():
        shutil.rmtree(stage)
        if connection.vendor == "sqlite":
            _beside(Path(connection.settings_dict["NAME"])).unlink(missing_ok=True)


def _move(at: Path, aside: Path) -> None:
    if not at.exists():
        return
    aside.parent.mkdir(parents=True, exist_ok=True)
    at.rename(aside)
