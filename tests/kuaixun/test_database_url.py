"""KUAIXUN_DATABASE_URL moves an office over: a new database gets its tables by itself, and one that
cannot be used is named."""

import os
from pathlib import Path

import pytest

from tests.nights.nightly_runs import kuaixun, run
from tests.postgresql import CHOSEN, Server

pytestmark = pytest.mark.postgresql


def said(folder: Path, url: str) -> str:
    env = {"KUAIXUN_DATABASE_URL": url}
    done = run(folder, "-m", "kuaixun", "db", "dump", env=env, expect=2)
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def test_the_tables_are_made_at_the_first_start(tmp_path: Path, database_url: str) -> None:
    kuaixun(tmp_path, "db", "dump", env={"KUAIXUN_DATABASE_URL": database_url})
    assert not list(tmp_path.glob("*.sqlite3*"))


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    words = said(tmp_path, Server.of(os.environ[CHOSEN]).url("nowhere"))
    assert 'database "nowhere" does not exist' in words
    assert "KUAIXUN_DATABASE_URL" in words


def test_a_user_that_is_not_known(tmp_path: Path, database_url: str) -> None:
    words = said(tmp_path, database_url.replace("//kuaixun@", "//who:hidden@"))
    assert 'role "who" does not exist' in words
    assert "hidden" not in words


def test_a_host_that_does_not_answer(tmp_path: Path) -> None:
    words = said(tmp_path, "postgresql://who:hidden@127.0.0.1:1/name")
    assert "Connection refused" in words
    assert "hidden" not in words


def test_an_option_that_the_server_does_not_offer(tmp_path: Path) -> None:
    words = said(tmp_path, "postgresql://who:hidden@127.0.0.1:1/name?sslmode=never")
    assert "sslmode" in words
    assert "hidden" not in words
