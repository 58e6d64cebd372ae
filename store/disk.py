"""Files copied, linked and renamed so that they are on the disk when a call returns."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_CHUNK = 1 << 20


class Busy(RuntimeError):
    """Another process is backing up, restoring, pruning or forgetting in this data folder."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Only one process backs up, restores, prunes or forgets in a folder. Raises Busy at once."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "keeping.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Busy(f"another process is at work in {folder}") from None
    try:
        yield
    finally:
        lock.release()


def sha256_of(path: Path) -> str:
    """The hash of the file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy(source: Path, target: Path, length: int | None = None) -> str:
    """Copy the file (its first `length` bytes) with its times and rights; returns the SHA-256 of
    what was copied. `target` must not be there."""
    digest = hashlib.sha256()
    stat = source.stat()
    left = stat.st_size if length is None else length
    with source.open("rb") as old, target.open("xb") as new:
        while left and (chunk := old.read(min(left, _CHUNK))):
            new.write(chunk)
            digest.update(chunk)
            left -= len(chunk)
        new.flush()
        os.fsync(new.fileno())
    target.chmod(stat.st_mode & 0o777)
    os.utime(target, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    return digest.hexdigest()


def link(source: Path, target: Path) -> bool:
    """Give the file a second name; False where that cannot be (another disk, or a file system
    without links)."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        return False
    return True


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a whole file under a temporary name, then give it its own."""
    part = path.with_name(path.name + ".part")
    with open(
        os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8"
    ) as f:
        f.write(text)
        f.flush()
        os.fsync(f.fileno())
    part.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where folders can be synced (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_tree(folder: Path) -> None:
    """Remove a folder so that a kill half way leaves a name that tells it is a rest."""
    rest = folder.with_name(f".{folder.name.lstrip('.').removesuffix('.part')}.part")
    if folder != rest:
        if rest.exists():
            shutil.rmtree(rest)
        folder.rename(rest)
        sync_folder(folder.parent)
    shutil.rmtree(rest)
