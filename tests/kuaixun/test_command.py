"""The command itself: help, faults and what a pipe gets."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from kuaixun.__main__ import COMMANDS, cli
from kuaixun.lazy import Lazy

ROOT = Path(__file__).resolve().parents[2]


def commands() -> list[tuple[str, ...]]:
    """Every command and subcommand, as it is typed."""
    context = click.Context(cli)
    found: list[tuple[str, ...]] = []
    for name in COMMANDS:
        command = cli.get_command(context, name)
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, below) for below in command.list_commands(context)]
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    told = CliRunner().invoke(cli, [*words, "--help"])
    assert told.exit_code == 0
    assert "Options:" in told.output
    if words != ("db",):  # it has one subcommand, which tells
        assert "Exit code" in told.output
    assert f"  kuaixun {words[0]}" in told.output.partition("\n")[2]


def test_the_group_lists_all() -> None:
    told = CliRunner().invoke(cli, ["--help"])
    assert all(f"  {name} " in told.output for name in COMMANDS)
    assert "Exit codes" in told.output


def test_a_subcommand_is_imported_only_when_asked_for() -> None:
    script = (
        "import kuaixun.__main__, sys; sys.exit('scrapy' in sys.modules or 'django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT).returncode == 0


def test_an_unknown_command_is_wrong_use() -> None:
    told = CliRunner().invoke(cli, ["nihgtly"])
    assert told.exit_code == 2
    assert isinstance(cli, Lazy)


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("KUAIXUN_", "SCRAPY_"))}
    return subprocess.run(
        [sys.executable, "-m", "kuaixun", *arguments],
        cwd=ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_python_m_kuaixun_and_its_version() -> None:
    ran = run("--version")
    assert ran.returncode == 0
    assert version("kuaixun") in ran.stdout


def test_a_setting_that_is_not_understood_is_a_fault_with_a_remedy(tmp_path: Path) -> None:
    ran = run("health", KUAIXUN_DATA=str(tmp_path), KUAIXUN_DATABASE_URL="mysql://u:p@localhost/x")
    assert ran.returncode == 2
    assert "use sqlite:///PATH or postgresql://" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not ran.stdout


def test_a_database_that_is_none_is_a_fault_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "kuaixun.sqlite3").write_bytes(b"no database, surely not" * 100)
    ran = run("health", KUAIXUN_DATA=str(tmp_path))
    assert ran.returncode == 2
    assert "Remedy:" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_folder_that_cannot_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = run("health", KUAIXUN_DATA=str(tmp_path / "file" / "data"))
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr


def test_rows_release_of_what_is_not_there(tmp_path: Path) -> None:
    ran = run("rows", "release", "nowhere", "通知", KUAIXUN_DATA=str(tmp_path))
    assert ran.returncode == 2
    assert "kuaixun sources" in ran.stderr


def test_schedule_prints_without_writing(tmp_path: Path) -> None:
    ran = run(
        *("schedule", "install", "--at", "03:15", "--print", "--with", "cron"),
        KUAIXUN_DATA=str(tmp_path),
        KUAIXUN_CONTACT="mailto:a@example.org",
    )
    assert ran.returncode == 0
    assert "15 3 * * *" in ran.stdout
    assert "KUAIXUN_CONTACT=mailto:a@example.org" in ran.stdout
    assert not (tmp_path / "logs").exists()
    wrong = run("schedule", "install", "--at", "25:00", KUAIXUN_DATA=str(tmp_path))
    assert wrong.returncode == 2
    assert "write 02:30" in wrong.stderr


def test_schedule_as_json(tmp_path: Path) -> None:
    crontab = tmp_path / "crontab"
    crontab.write_text(
        f"""#!/bin/sh
case $1 in
  -l) cat {tmp_path}/tab 2>/dev/null || {{ echo no crontab >&2; exit 1; }} ;;
  -) cat > {tmp_path}/tab ;;
esac
"""
    )
    crontab.chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "KUAIXUN_DATA": str(tmp_path / "data")}
    at = ("--at", "03:15")

    def told(*words: str, code: int = 0) -> dict[str, Any]:
        ran = run("schedule", *words, "--with", "cron", "--json", **path)
        assert ran.returncode == code, ran.stderr
        found: dict[str, Any] = json.loads(ran.stdout)
        assert found.pop("scheduler") == "cron"
        return found

    printed = told("install", *at, "--print")
    assert (printed["installed"], printed["done"]) == (False, [])
    assert "15 3 * * *" in printed["text"]
    assert told("show", code=1) == {"installed": False, "text": ""}
    installed = told("install", *at)
    assert installed["installed"]
    assert "every day at 03:15" in installed["done"][0]
    assert "15 3 * * *" in told("show")["text"]
    assert told("remove") == {"removed": True}
    assert told("remove") == {"removed": False}


def test_sources_as_json(tmp_path: Path) -> None:
    ran = run("sources", "--json", KUAIXUN_DATA=str(tmp_path))
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["broken"] == {}
    assert all(source["columns"] for source in told["sources"])
    assert all(column["url"] for source in told["sources"] for column in source["columns"])
