"""The sample nights on PostgreSQL come to what they come to on SQLite, though the server is
restarted while the first is at work."""

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.nights.nightly_runs import (
    FIRST,
    ROOT,
    SECOND,
    Dump,
    difference,
    dump,
    environment,
    kuaixun,
)
from tests.postgresql import binaries, serve

pytestmark = pytest.mark.postgresql


def test_the_nights_survive_a_restart_and_are_those_of_sqlite(tmp_path: Path, kept: Dump) -> None:
    programs = binaries()
    assert programs
    with serve(programs) as server, server.database() as url:
        at = {"KUAIXUN_DATABASE_URL": url}
        night = subprocess.Popen(
            [sys.executable, "-m", "kuaixun", "nightly", "--archive", str(FIRST)],
            cwd=ROOT,
            env=environment(tmp_path, **at),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        _wait_for_notices(url, night)
        server.restart()
        _, said = night.communicate(timeout=100)
        assert night.returncode == 0, said
        kuaixun(tmp_path, "nightly", "--archive", str(SECOND), env=at, expect=1)
        here = dump(tmp_path, at)
    assert difference(here, kept) == []


def _wait_for_notices(url: str, night: "subprocess.Popen[str]") -> None:
    """Until some are kept and more are to come."""
    while night.poll() is None:
        try:
            with psycopg.connect(url) as connection:
                found = connection.execute("SELECT count(*) FROM store_notice").fetchone()
        except psycopg.errors.UndefinedTable:
            found = None
        if found and found[0] >= 10:
            return
        time.sleep(0.05)
    raise AssertionError("the night ended before")
