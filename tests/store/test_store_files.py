"""Kept files: whole or not there, whatever is killed."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from store import files

BODY = b"%PDF-1.4 a small annex" * 500
SHA256 = hashlib.sha256(BODY).hexdigest()


def test_a_file_is_kept_once_under_its_hash(media: Path) -> None:
    assert files.put(BODY) == SHA256
    written = files.path(SHA256).stat()
    assert files.put(BODY) == SHA256
    assert files.path(SHA256).stat() == written
    assert [path.name for path in media.iterdir()] == [SHA256]
    with files.open(SHA256) as kept:
        assert kept.read() == BODY


def test_an_empty_file_is_a_file() -> None:
    with files.open(files.put(b"")) as kept:
        assert kept.read() == b""


@pytest.mark.parametrize("name", ["", "abc", "../../etc/passwd", SHA256.upper(), SHA256 + "\n"])
def test_only_a_hash_names_a_file(name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        files.path(name)
    with pytest.raises(ValueError, match="SHA-256"):
        files.open(name)


def test_a_hash_that_is_not_kept(media: Path) -> None:
    with pytest.raises(FileNotFoundError):
        files.open(SHA256)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
@pytest.mark.parametrize("point", ["os.fsync", "pathlib.Path.replace"])
def test_killed_while_writing_leaves_no_torn_file(
    media: Path, own_process: dict[str, str], point: str
) -> None:
    code = f"""
import os, pathlib, signal, store
store.setup()
from store import files
def die(*args, **kw):
    os.kill(os.getpid(), signal.SIGKILL)
{point} = die
files.put({BODY!r})
"""
    done = subprocess.run([sys.executable, "-c", code], env=own_process, check=False)
    assert done.returncode == -signal.SIGKILL
    assert [path.suffix for path in media.iterdir()] == [".part"]
    assert files.sweep() == 1
    assert files.sweep() == 0
    assert list(media.iterdir()) == []
    assert files.put(BODY) == SHA256


def test_a_full_disk_leaves_nothing(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            files.put(BODY)
    assert list(media.iterdir()) == []
    assert files.put(BODY) == SHA256


def test_sweep_before_anything_was_kept(media: Path) -> None:
    assert files.sweep() == 0


def test_many_put_the_same_at_once(media: Path) -> None:
    threads = [threading.Thread(target=files.put, args=(BODY,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in media.iterdir()] == [SHA256]
    assert files.path(SHA256).read_bytes() == BODY
