"""The night's clock: what is written for each scheduler; doing it twice changes nothing."""

import datetime as dt
import os
import re
import shutil
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from nightly.cron import Cron
from nightly.job import Job, NoScheduler
from nightly.schedule import choose, job, missed
from nightly.systemd import Systemd
from nightly.windows import Windows

BEIJING = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.fixture
def wanted(tmp_path: Path) -> Job:
    root = tmp_path / "快讯 100%"
    return Job(
        at=dt.time(2, 30),
        root=root,
        log=root / "data" / "logs" / "schedule.log",
        python=root / ".venv" / "bin" / "python",
        environment={
            "KUAIXUN_CONTACT": 'mailto:a@example.org "b" $HOME',
            "KUAIXUN_DATABASE_URL": "postgresql://u:secret@db.example/k",
        },
        since=dt.date(2026, 3, 20),
    )


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH on which only our own stand-ins are found, and a home of its own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return folder


def stand_in(folder: Path, name: str, body: str) -> None:
    program = folder / name
    program.write_text(f"#!{sys.executable}\nimport os, sys, pathlib\n{body}")
    program.chmod(0o755)


def calls(folder: Path) -> list[str]:
    log = folder / "calls"
    return log.read_text().splitlines() if log.exists() else []


RECORD = """
here = pathlib.Path(__file__).parent
with (here / "calls").open("a") as log:
    print(pathlib.Path(__file__).name, *sys.argv[1:], file=log)
"""

CRONTAB = """
kept = pathlib.Path(__file__).parent / "kept"
if sys.argv[1:] == ["-l"]:
    if not kept.exists():
        sys.exit("no crontab for somebody")
    print(kept.read_text(), end="")
else:
    kept.write_text(sys.stdin.read())
"""


def units(wanted: Job) -> dict[str, str]:
    return {path.name: text for path, text in Systemd().files(wanted).items()}


# --- systemd --------------------------------------------------------------------------------


def test_systemd_is_written_once_and_switched_on(path: Path, wanted: Job) -> None:
    stand_in(path, "systemctl", RECORD)
    stand_in(path, "loginctl", RECORD + "print('Linger=yes')")
    first = Systemd().install(wanted)
    folder = Systemd().folder
    assert {x.name for x in folder.iterdir()} == {
        "kuaixun-nightly.service",
        "kuaixun-nightly.timer",
    }
    assert "systemctl --user enable kuaixun-nightly.timer" in calls(path)
    assert wanted.log.parent.is_dir()
    before = {x: (x.read_text(), x.stat().st_mtime_ns) for x in folder.iterdir()}
    second = Systemd().install(wanted)
    assert {x: (x.read_text(), x.stat().st_mtime_ns) for x in folder.iterdir()} == before
    assert any("written" in line for line in first)
    assert sum("as it should be" in line for line in second) == 2


def test_systemd_another_hour_is_taken_over(path: Path, wanted: Job) -> None:
    stand_in(path, "systemctl", RECORD)
    Systemd().install(wanted)
    Systemd().install(replace(wanted, at=dt.time(4, 5)))
    assert "OnCalendar=*-*-* 04:05:00" in Systemd().show()
    assert calls(path).count("systemctl --user restart kuaixun-nightly.timer") == 2


def test_systemd_catches_up_and_says_where_it_logs(path: Path, wanted: Job) -> None:
    text = units(wanted)
    assert "Persistent=true" in text["kuaixun-nightly.timer"]
    assert "OnCalendar=*-*-* 02:30:00" in text["kuaixun-nightly.timer"]
    log = str(wanted.log).replace("%", "%%")
    assert f"StandardOutput=append:{log}" in text["kuaixun-nightly.service"]


def test_systemd_password_is_for_the_owner_alone(path: Path, wanted: Job) -> None:
    stand_in(path, "systemctl", RECORD)
    Systemd().install(wanted)
    service = Systemd().folder / "kuaixun-nightly.service"
    assert "secret" in service.read_text()
    assert stat.S_IMODE(service.stat().st_mode) == 0o600
    assert "secret" not in Systemd().show()
    assert "secret" not in Systemd().text(wanted)


def test_systemd_remove(path: Path, wanted: Job) -> None:
    stand_in(path, "systemctl", RECORD)
    assert not Systemd().remove()
    assert not calls(path)
    Systemd().install(wanted)
    assert Systemd().remove()
    assert not list(Systemd().folder.iterdir())
    assert "systemctl --user disable --now kuaixun-nightly.timer" in calls(path)
    assert Systemd().show() == ""


def test_systemd_that_refuses_is_a_fault_with_its_words(path: Path, wanted: Job) -> None:
    stand_in(path, "systemctl", "sys.exit('Failed to connect to bus')")
    with pytest.raises(NoScheduler, match="Failed to connect to bus"):
        Systemd().install(wanted)


def test_systemd_says_when_it_stops_at_log_out(path: Path, wanted: Job) -> None:
    stand_in(path, "systemctl", RECORD)
    stand_in(path, "loginctl", "sys.exit(1)")
    assert "sudo loginctl enable-linger" in Systemd().install(wanted)[-1]


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze: install systemd"
)
def test_systemd_understands_the_units(
    tmp_path: Path, wanted: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    wanted = replace(wanted, python=Path(sys.executable))
    wanted.root.mkdir(parents=True)
    for file, text in Systemd().files(wanted).items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    checked = subprocess.run(
        ["systemd-analyze", "--user", "verify", *map(str, Systemd().files(wanted))],
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    ours = [line for line in checked.stderr.splitlines() if "kuaixun" in line]
    assert not ours, checked.stderr


# --- cron -----------------------------------------------------------------------------------


def test_cron_keeps_the_lines_of_others(path: Path, wanted: Job) -> None:
    stand_in(path, "crontab", CRONTAB)
    kept = path / "kept"
    kept.write_text("MAILTO=me\n5 4 * * * theirs\n")
    Cron().install(wanted)
    text = kept.read_text()
    assert text.startswith("MAILTO=me\n5 4 * * * theirs\n# kuaixun-nightly: begin\n30 2 * * * ")
    assert text.endswith("# kuaixun-nightly: end\n")
    assert Cron().remove()
    assert kept.read_text() == "MAILTO=me\n5 4 * * * theirs\n"
    assert not Cron().remove()
    assert Cron().show() == ""


def test_cron_again_changes_nothing_and_keeps_the_day_it_began(path: Path, wanted: Job) -> None:
    stand_in(path, "crontab", CRONTAB)
    Cron().install(wanted)
    before = (path / "kept").read_text()
    later = replace(wanted, since=wanted.since + dt.timedelta(days=9))
    assert Cron().install(later) == ["the crontab is as it should be"]
    assert (path / "kept").read_text() == before
    Cron().install(replace(wanted, at=dt.time(23, 50)))
    after = (path / "kept").read_text()
    assert after.count("begin") == 1
    assert "50 23 * * * " in after
    assert "\n7 * * * * " in after


def test_cron_lines_run_as_a_shell_reads_them(wanted: Job) -> None:
    """What cron hands to sh, with `\\%` undone, starts our command in our folder."""
    night, catch_up = Cron().lines(wanted)[1:3]
    (wanted.root / ".venv" / "bin").mkdir(parents=True)
    wanted.log.parent.mkdir(parents=True)
    wanted.python.write_text('#!/bin/sh\npwd; echo "$@"; echo "$KUAIXUN_CONTACT"\n')
    wanted.python.chmod(0o755)
    for line, arguments in (
        (night, "-m kuaixun nightly"),
        (catch_up, "-m kuaixun nightly --if-missed 2026-03-20T02:30"),
    ):
        assert not re.search(r"(?<!\\)%", line)
        command = line.split(" ", 5)[5].replace(r"\%", "%")
        wanted.log.unlink(missing_ok=True)
        subprocess.run(["sh", "-c", command], check=True)
        assert wanted.log.read_text().splitlines() == [
            str(wanted.root),
            arguments,
            wanted.environment["KUAIXUN_CONTACT"],
        ]


def test_cron_shows_no_password(path: Path, wanted: Job) -> None:
    stand_in(path, "crontab", CRONTAB)
    Cron().install(wanted)
    assert "secret" in (path / "kept").read_text()
    assert "secret" not in Cron().show()
    assert "secret" not in Cron().text(wanted)


# --- Windows --------------------------------------------------------------------------------


def test_windows_task(path: Path, wanted: Job) -> None:
    stand_in(
        path,
        "schtasks",
        RECORD
        + """
if "/XML" in sys.argv:
    file = pathlib.Path(sys.argv[sys.argv.index("/XML") + 1])
    (here / "task").write_bytes(file.read_bytes())
""",
    )
    said = Windows().install(wanted)
    root = ET.fromstring((path / "task").read_bytes())
    found = {x.tag.rsplit("}")[-1]: x.text for x in root.iter()}
    assert found["StartWhenAvailable"] == "true"
    assert found["StartBoundary"] == "2026-03-20T02:30:00"
    assert found["WorkingDirectory"] == str(wanted.root)
    assert found["Command"] == "cmd.exe"
    assert f'"{wanted.python}" -m kuaixun nightly >> "{wanted.log}" 2>&1' in str(found["Arguments"])
    assert any("setx KUAIXUN_CONTACT" in line for line in said)
    assert r"schtasks /Create /TN \Kuaixun\Nightly" in calls(path)[0]


# --- which, and when ------------------------------------------------------------------------


def test_choose_takes_what_is_here(path: Path) -> None:
    with pytest.raises(NoScheduler, match="install cron"):
        choose()
    stand_in(path, "crontab", CRONTAB)
    assert choose().name == "cron"
    stand_in(path, "systemctl", "sys.exit('Failed to connect to bus')")
    assert choose().name == "cron"
    stand_in(path, "systemctl", RECORD)
    assert choose().name == "systemd"
    assert choose("windows").name == "windows"


def test_the_job_takes_over_what_the_night_needs_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUAIXUN_CONTACT", "mailto:a@example.org")
    monkeypatch.setenv("KUAIXUN_DATA", "data/elsewhere")
    monkeypatch.setenv("KUAIXUN_SECRET_OF_ANOTHER", "x")
    made = job(dt.time(2, 30), tmp_path, tmp_path / "data" / "elsewhere")
    assert made.environment == {
        "KUAIXUN_CONTACT": "mailto:a@example.org",
        "KUAIXUN_DATA": str(tmp_path / "data" / "elsewhere"),
    }


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        ("2026-03-20T01:00", None, False),  # not yet due
        ("2026-03-20T02:31", None, True),
        ("2026-03-23T09:00", "2026-03-22T03:10", True),  # off since
        ("2026-03-23T09:00", "2026-03-23T03:10", False),
        ("2026-03-23T02:00", "2026-03-22T03:10", False),  # tonight's is still to come
        ("2026-03-23T02:45", "2026-03-23T02:40", False),  # begun by hand before it was due
    ],
)
def test_missed(now: str, last: str | None, expected: bool) -> None:
    due = moment("2026-03-20T02:30")
    assert missed(due, moment(now), moment(last) if last else None) is expected
