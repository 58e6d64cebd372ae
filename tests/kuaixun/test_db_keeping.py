"""`kuaixun db backup|check|prune`, `notice forget`, a night's backup: words and exit codes."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.archive import Archive
from crawler.notice import Notice
from kuaixun import nightly
from kuaixun.__main__ import cli
from store import backup, disk, models, snapshot
from store.reviews import decide
from store.save import save

pytestmark = pytest.mark.django_db

NIGHT = dt.date(2026, 3, 1)
PAGE = "https://www.sea.gov.cn/t/1.html"


@pytest.fixture
def data(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one notice and its page."""
    settings.DATA, settings.MEDIA_ROOT = tmp_path, str(tmp_path / "files")
    monkeypatch.delenv("KUAIXUN_BACKUPS", raising=False)
    archive = Archive(tmp_path / "warc", NIGHT)
    record = archive.write(PAGE, 200, {}, b"<p>page</p>")
    archive.close()
    save(Notice("sea", "通知", PAGE, PAGE, "第 1 号通知", text="办好。", record=record), NIGHT)
    return tmp_path


def run(*words: str, code: int = 0) -> Result:
    ran = CliRunner().invoke(cli, words)
    assert ran.exit_code == code, ran.output
    return ran


def test_check_names_what_does_not_agree(data: Path) -> None:
    assert "All agrees." in run("db", "check").stdout
    models.Family.objects.create()
    assert "family.empty" in run("db", "check", "--quick", code=1).stdout
    told = json.loads(run("db", "check", "--json", code=1).stdout)
    assert (told["count"], [f["code"] for f in told["findings"]]) == (1, ["family.empty"])


def test_prune_tells_before_it_removes(data: Path) -> None:
    (data / "logs").mkdir()
    log = data / "logs" / f"{NIGHT}.log"
    log.write_text("words " * 300)
    told = run("db", "prune", "--before", "2026-04-01").stdout
    assert f"日志 {NIGHT}.log" in told
    assert "--apply" in told
    assert log.exists()
    applied = json.loads(run("db", "prune", "--before", "2026-04-01", "--apply", "--json").stdout)
    assert (applied["applied"], applied["bytes"]) == (True, 1800)
    assert not log.exists()


def test_prune_and_forget_wait_for_a_night(data: Path) -> None:
    from nightly.lock import only_one

    with only_one(data):
        run("db", "prune", "--before", "2026-04-01")  # only tells
        run("db", "prune", "--before", "2026-04-01", "--apply", code=3)
        run("notice", "forget", PAGE, "--reason", "要求", code=3)
    with disk.alone(data):
        run("db", "backup", code=3)


def test_forget_names_the_backups_that_still_hold_it(data: Path) -> None:
    folder = data / "backups" / "2026-03-01T0230"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"made": "2026-03-01T02:30:00+08:00"}')
    ran = run("notice", "forget", PAGE.upper().replace("/T/", "/t/"), "--reason", "x", code=2)
    assert "is kept" in ran.stderr
    ran = run("notice", "forget", f"{PAGE}#top", "--reason", "当事人要求")
    assert "版本 1 个" in ran.stdout
    assert "2026-03-01T0230" in ran.stderr
    assert "--to" in ran.stderr
    assert models.Tombstone.objects.get().reason == "当事人要求"


def test_forget_refuses_what_editors_use(data: Path) -> None:
    decide("sea", PAGE, "candidate", who="he")
    ran = run("notice", "forget", PAGE, "--reason", "x", code=2)
    assert "候选" in ran.stderr
    assert "--even-published" in ran.stderr
    ran = run("notice", "forget", PAGE, "--reason", "x", "--even-published")
    assert "空通知" in ran.stdout


def test_forget_asks_why(data: Path) -> None:
    run("notice", "forget", PAGE, code=2)
    run("notice", "forget", PAGE, "--reason", " ", code=2)
    assert models.Notice.objects.exists()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (OSError(28, "No space left on device"), "磁盘已满"),
        (snapshot.DamagedDatabase("row 3 missing"), "row 3 missing"),
        (disk.Busy("another process is at work"), "at work"),
        (RuntimeError("of ours"), "of ours"),
    ],
)
def test_a_backup_that_fails_is_told_and_loses_no_night(
    data: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception, words: str
) -> None:
    def fails(*_: Any) -> None:
        raise fault

    monkeypatch.setattr(backup, "make", fails)
    done = nightly.back_up(7)
    assert words in done.problem
    assert not done.folder


def test_no_backup_where_none_is_wanted(data: Path) -> None:
    assert nightly.back_up(0) == nightly.Backup()
    assert not (data / "backups").exists()
