"""Setting up fails with a remedy, and does nothing when there is nothing to do."""

import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

import bootstrap

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own, without an environment yet."""
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(bootstrap.ROOT / name, tmp_path)
    venv = tmp_path / ".venv"
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(bootstrap, "STAMP", venv / "installed")
    return tmp_path


def fake_python(folder: Path, words: str, code: int = 1) -> None:
    """An environment whose pip only says `words`."""
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit {code}\n")
    python.chmod(0o755)


def said(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", *arguments])
    with pytest.raises(SystemExit) as stopped:
        bootstrap.main()
    return str(stopped.value)


def test_an_old_python_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    words = said(monkeypatch, "demo")
    assert "too old" in words
    assert "make demo PYTHON=" in words


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for pip is a shell script")
@pytest.mark.parametrize(
    ("pip_says", "what", "remedy"),
    [
        ("Temporary failure in name resolution", "index cannot be reached", "check the network"),
        ("OSError: [Errno 28] No space left on device", "disk is full", "free about 1.5 GB"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "does not match its hash", "never skip"),
        ("something else", "pip failed", "read its words above"),
    ],
)
def test_a_failing_pip_is_told_apart(
    folder: Path, monkeypatch: pytest.MonkeyPatch, pip_says: str, what: str, remedy: str
) -> None:
    fake_python(folder, pip_says)
    words = said(monkeypatch, "setup")
    assert what in words
    assert remedy in words
    assert not bootstrap.STAMP.exists(), "a failed set-up must be tried again"


def test_too_little_space_is_said_before_anything_is_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - 10**6, 10**6))
    assert "MB are free" in said(monkeypatch, "test")
    assert not (folder / ".venv").exists()


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for pip is a shell script")
def test_what_is_installed_is_not_installed_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_python(folder, "installed", code=0)
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "setup"])
    assert bootstrap.main() == 0
    assert "installing the packages" in capsys.readouterr().out
    assert bootstrap.main() == 0
    assert capsys.readouterr().out == ""
    (folder / "requirements.lock").write_text("changed")
    assert bootstrap.main() == 0
    assert "installing the packages" in capsys.readouterr().out


def test_the_tests_run_on_both_engines_and_either_may_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 1 if len(ran) == 1 else 0)

    monkeypatch.setattr(bootstrap, "setup", lambda: None)
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "test", "tests/store"])
    assert bootstrap.main() == 1
    assert ["tests.postgresql" in command for command in ran] == [False, True]
    assert all(command[-1] == "tests/store" for command in ran)


def test_an_unknown_task_shows_the_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "bootstrap.py demo" in said(monkeypatch, "dance")


def test_the_lock_pins_all_by_hash_and_names_no_index() -> None:
    lines = (bootstrap.ROOT / "requirements.lock").read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert pins
    assert all("==" in pin and pin.endswith("\\") for pin in pins)
    assert not any("://" in line or "index-url" in line for line in lines)
