"""Backups: dated folders, each with all of the data as it was at one moment.

A backup is built under a name that tells it is none yet, synced and renamed: what a kill or a full
disk leaves is swept by the next one, and the older ones stay until the new one is whole. Files,
which never change under their name, are linked on the same disk; a WARC, which a night appends to,
is copied once and linked from backup to backup as long as it stays as it was.
"""

import datetime as dt
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from crawler.warc_rewrite import whole_length
from store import disk, snapshot

KEEP = 7
FORM = 1  # of the folder; a later form gets another number
MANIFEST, SUMS, DATABASE, ENVIRONMENT = (
    "manifest.json",
    "SHA256SUMS",
    "database.sqlite3",
    "environment.json",
)
FILES, WARC, SETTINGS = "files", "warc", "settings"
SETTING_FILES = ("*.toml", "*.env", "*.key")  # of the data folder, taken as they are

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{4}(\d{2})?")
_PASSWORD = re.compile(r"(?<=:)[^:/@\s]*(?=@)|(?<=password=)[^&\s]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")

Tick = Callable[[str], None]  # told of each thing that is done: a word for what kind it is


@dataclass(slots=True)
class Made:
    """A backup that was made."""

    folder: Path
    files: int = 0
    warcs: int = 0
    copied: int = 0  # bytes that this backup takes for itself: what is linked takes none
    rows: int = 0
    damaged: list[str] = field(default_factory=list)  # files that are not what they are named for
    removed: list[str] = field(default_factory=list)  # older backups


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole backup in its folder."""

    folder: Path
    made: dt.datetime

    @property
    def name(self) -> str:
        return self.folder.name


def default_folder() -> Path:
    """Where backups go when nothing else is said: KUAIXUN_BACKUPS, else in the data folder."""
    stated = os.environ.get("KUAIXUN_BACKUPS")
    return Path(stated).resolve() if stated else Path(settings.DATA) / "backups"


def make(to: Path, keep: int = KEEP, tick: Tick = lambda _: None) -> Made:
    """Back up into a new dated folder in `to`, then remove all but the newest `keep`.

    Raises store.disk.Busy, store.snapshot.DamagedDatabase, OSError; nothing half done stays under
    a backup's name, and no older one is removed then."""
    to.mkdir(parents=True, exist_ok=True)
    with disk.alone(Path(settings.DATA)), disk.alone(to):
        sweep(to)
        older = kept(to)
        made = timezone.localtime()
        name = f"{made:%Y-%m-%dT%H%M}"
        if (to / name).exists():
            name = f"{made:%Y-%m-%dT%H%M%S}"
        part = to / f".{name}.part"
        try:
            part.mkdir(mode=0o700)
            told = _Building(part, older[-1].folder if older else None, tick).build(made)
        except BaseException:
            if part.exists():
                disk.remove_tree(part)
            raise
        part.rename(to / name)
        disk.sync_folder(to)
        told.folder = to / name
        for old in [*older][: max(0, len(older) + 1 - max(1, keep))]:
            disk.remove_tree(old.folder)
            told.removed.append(old.name)
        return told


def kept(to: Path) -> list[Kept]:
    """The whole backups in the folder, oldest first."""
    found = []
    for folder in to.glob("*") if to.is_dir() else ():
        if _DATED.fullmatch(folder.name) and (folder / MANIFEST).is_file():
            made = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["made"]
            found.append(Kept(folder, dt.datetime.fromisoformat(made)))
    return sorted(found, key=lambda backup: (backup.made, backup.name))


def sweep(to: Path) -> int:
    """Remove what a killed backup, or a killed removal of one, left; returns how many."""
    rests = [x for x in to.glob(".*.part") if _DATED.fullmatch(x.name[1:].removesuffix(".part"))]
    for rest in rests:
        disk.remove_tree(rest)
    return len(rests)


def sums(folder: Path) -> Iterator[tuple[str, str]]:
    """(SHA-256, path below the folder) of every file of a backup but its manifest."""
    with (folder / SUMS).open(encoding="utf-8") as lines:
        for line in lines:
            sha256, _, name = line.rstrip("\n").partition("  ")
            yield sha256, name


class _Building:
    def __init__(self, part: Path, before: Path | None, tick: Tick) -> None:
        self.part, self.before, self.tick = part, before, tick
        self.data = Path(settings.DATA)
        self.told = Made(part)
        self.lines: list[str] = []

    def build(self, made: dt.datetime) -> Made:
        # The database first: what it points at was on the disk before it did.
        snapshot.write(self.part / DATABASE)
        self._add(disk.sha256_of(self.part / DATABASE), self.part / DATABASE)
        rows = snapshot.counts_in(self.part / DATABASE)
        self.told.rows = sum(rows.values())
        self.tick("database")
        self._files()
        self._warcs()
        self._settings()
        for folder in (FILES, WARC, SETTINGS):
            disk.sync_folder(self.part / folder)
        disk.write(self.part / SUMS, "".join(self.lines))
        manifest = {
            "form": FORM,
            "made": made.isoformat(),
            "engine": connection.vendor,
            "migrations": snapshot.migrations(),
            "rows": rows,
            "files": self.told.files,
            "warcs": self.told.warcs,
            "damaged": self.told.damaged,
            "sums": disk.sha256_of(self.part / SUMS),
        }
        words = json.dumps(manifest, ensure_ascii=False, indent=1)
        disk.write(self.part / MANIFEST, words + "\n")
        return self.told

    def _files(self) -> None:
        target = self.part / FILES
        target.mkdir()
        for path in _listed(Path(settings.MEDIA_ROOT)):
            if not _SHA256.fullmatch(path.name):
                continue  # half of a file that a night is fetching
            new, old = target / path.name, self.before and self.before / FILES / path.name
            linked = bool(old and old.exists() and disk.link(old, new)) or disk.link(path, new)
            if not linked:
                found = disk.copy(path, new)
                if found != path.name:
                    new.unlink()
                    self.told.damaged.append(f"{FILES}/{path.name}")
                    continue
                self.told.copied += new.stat().st_size
            self._line(path.name, new)
            self.told.files += 1
            self.tick(FILES)

    def _warcs(self) -> None:
        target = self.part / WARC
        target.mkdir()
        known = self._sums_before()
        for path in _listed(self.data / WARC):
            if not path.name.endswith(".warc.gz"):
                continue
            new, old = target / path.name, self.before and self.before / WARC / path.name
            name = f"{WARC}/{path.name}"
            if old and name in known and _same(path, old) and disk.link(old, new):
                self._line(known[name], new)
            else:
                self._add(disk.copy(path, new, whole_length(path)), new)
            self.told.warcs += 1
            self.tick(WARC)

    def _sums_before(self) -> dict[str, str]:
        if not self.before:
            return {}
        return {name: sha for sha, name in sums(self.before) if name.startswith(f"{WARC}/")}

    def _settings(self) -> None:
        target = self.part / SETTINGS
        target.mkdir(mode=0o700)
        for path in sorted(x for glob in SETTING_FILES for x in self.data.glob(glob)):
            if path.is_file():
                self._add(disk.copy(path, target / path.name), target / path.name)
        words = json.dumps(environment(), ensure_ascii=False, indent=1)
        disk.write(target / ENVIRONMENT, words + "\n", mode=0o600)
        self._add(disk.sha256_of(target / ENVIRONMENT), target / ENVIRONMENT)

    def _add(self, sha256: str, path: Path) -> None:
        self.told.copied += path.stat().st_size
        self._line(sha256, path)

    def _line(self, sha256: str, path: Path) -> None:
        self.lines.append(f"{sha256}  {path.relative_to(self.part).as_posix()}\n")


def environment() -> dict[str, str]:
    """The variables that this installation is set by, without the database's password."""
    own = {k: v for k, v in sorted(os.environ.items()) if k.startswith("KUAIXUN_")}
    return {k: _PASSWORD.sub("***", v) if k.endswith("_URL") else v for k, v in own.items()}


def _listed(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _same(live: Path, old: Path) -> bool:
    """Whether the live file is what was copied: same length, same time of writing."""
    if not old.exists():
        return False
    a, b = live.stat(), old.stat()
    return (a.st_size, a.st_mtime_ns) == (b.st_size, b.st_mtime_ns)


def manifest_of(folder: Path) -> dict[str, Any]:
    """What a backup says of itself. Raises FileNotFoundError, ValueError."""
    told: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return told
