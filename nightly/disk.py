"""A full disk, recognised wherever it shows."""

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_WORDS = ("disk is full", "no space left", "could not extend file")  # SQLite, PostgreSQL


def is_full(fault: BaseException | None) -> bool:
    """Whether a full disk (or a used-up quota) is what `fault` comes from."""
    return any(
        (isinstance(one, OSError) and one.errno in _FULL)
        or any(words in str(one).lower() for words in _WORDS)
        for one in _chain(fault)
    )


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        yield fault
        fault = fault.__cause__ or fault.__context__


def free(folder: Path) -> int:
    """Bytes that may still be written below `folder`."""
    return shutil.disk_usage(folder).free
