"""One night at a time in one data folder: a lock that dies with the process that holds it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


class OtherNight(RuntimeError):
    """Another night runs in this data folder; `pid` is its process, 0 when it cannot be told."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"another night is running (process {pid or 'unknown'})")
        self.pid = pid


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the data folder's night. Raises OtherNight at once when another process holds it."""
    # The pid lies beside the lock: on Windows nobody else may read a locked file.
    owner = folder / "night.pid"
    lock = FileLock(folder / "night.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise OtherNight(_pid(owner)) from None
    try:
        owner.write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def _pid(owner: Path) -> int:
    try:
        return int(owner.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
