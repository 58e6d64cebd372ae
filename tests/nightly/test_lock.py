"""One night at a time, and the lock dies with its owner."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nightly.lock import OtherNight, only_one

HOLD = """
import sys, time
from pathlib import Path
from nightly.lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_night_is_told_the_pid_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert other.stdout
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(OtherNight) as told, only_one(tmp_path):
            pass
        assert told.value.pid == other.pid
    finally:
        os.kill(other.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        other.wait()
        other.stdout.close()
    with only_one(tmp_path):
        assert (tmp_path / "night.pid").read_text() == str(os.getpid())


def test_it_is_free_after_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), only_one(tmp_path):
        1 / 0  # noqa: B018
    with only_one(tmp_path):
        pass
    assert not (tmp_path / "night.pid").exists()
