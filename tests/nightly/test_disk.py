"""A full disk is recognised by what it causes."""

import errno
import sqlite3

import pytest
from django.db import OperationalError

from nightly.disk import is_full


def _from(cause: BaseException) -> BaseException:
    try:
        try:
            raise cause
        except BaseException as inner:
            raise RuntimeError("could not save") from inner
    except RuntimeError as outer:
        return outer


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (_from(OSError(errno.ENOSPC, "No space left on device")), True),
        (_from(sqlite3.OperationalError("database or disk is full")), True),
        (OperationalError("database or disk is full"), True),
        (OperationalError("database is locked"), False),
        (ValueError("x"), False),
        (None, False),
    ],
)
def test_is_full(fault: BaseException | None, expected: bool) -> None:
    assert is_full(fault) is expected
