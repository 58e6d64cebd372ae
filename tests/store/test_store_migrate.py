"""The tables come up to date by themselves, once, whoever comes first."""

import subprocess
import sys
import time

import pytest
from django.db import NotSupportedError, connection

import store

CODE = """
import store
store.migrate()
from store.models import Night
print(Night.objects.count())
"""


def start(env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CODE],
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_three_processes_at_once(own_process: dict[str, str]) -> None:
    processes = [start(own_process) for _ in range(3)]
    said = [process.communicate() for process in processes]
    assert [out for out, _ in said] == ["0\n"] * 3, said


@pytest.mark.django_db
def test_it_is_quick_when_up_to_date() -> None:
    store.migrate()
    began = time.perf_counter()
    store.migrate()
    assert time.perf_counter() - began < 0.5


@pytest.mark.django_db
def test_a_database_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.features, "can_return_columns_from_insert", False)
    with pytest.raises(NotSupportedError, match=r"too old, 3\.35 or later"):
        store.migrate()


@pytest.mark.django_db
def test_the_models_and_the_migration_agree() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
