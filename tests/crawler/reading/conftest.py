"""The clock of the reading tests."""

import datetime as dt

import pytest

from crawler.clock import BEIJING


@pytest.fixture
def now() -> dt.datetime:
    return dt.datetime(2019, 9, 12, 8, 0, tzinfo=BEIJING)
