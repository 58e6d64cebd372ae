"""Pruned: only what nothing points at, and only of nights before the day."""

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import Archive, read
from crawler.notice import Attachment, Notice
from crawler.warc_rewrite import placed
from store import files, models
from store.check import check
from store.issues import Pick, make
from store.prune import prune
from store.reread import UNLISTED
from store.reviews import decide
from store.save import save

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
NIGHT, NEXT, DAY = dt.date(2019, 9, 11), dt.date(2019, 9, 12), dt.date(2019, 10, 1)
LIST = "https://www.mee.gov.cn/list/"
OLD = dt.datetime(2019, 9, 11, tzinfo=dt.UTC).timestamp()


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path
    return tmp_path


def a_night(data: Path, night: dt.date, *made: Notice) -> Path:
    """A WARC of that night: a list page, a 304, an error, then the notices' pages, which it
    keeps."""
    archive = Archive(data / "warc", night)
    archive.write(LIST, 200, {}, b"<ul>" + os.urandom(9000) + b"</ul>")
    archive.write_not_modified(LIST + "2", {})
    archive.write_failure(LIST + "3", "unreachable")
    archive.write(LIST, 200, {}, b"{}", "POST", b"page=2")
    for notice in made:
        notice.record = archive.write(notice.url, 200, {}, notice.text.encode())
        save(notice, night)
    archive.close()
    return archive.path


def held(sha256: str) -> None:
    os.utime(files.path(sha256), (OLD, OLD))


def test_dry_by_default_and_told_in_bytes(data: Path, notice: Make) -> None:
    path = a_night(data, NIGHT, notice(1))
    before = path.read_bytes()
    told = prune(DAY)
    assert [(gone.name, gone.records) for gone in told.warcs] == [(path.name, 5)]
    assert told.bytes > 9000
    assert path.read_bytes() == before
    applied = prune(DAY, apply=True)
    assert applied == told
    (left,) = (data / "warc").iterdir()
    assert len(before) - left.stat().st_size == told.bytes
    assert prune(DAY).bytes == 0


def test_the_pages_of_revisions_stay_and_are_found(data: Path, notice: Make) -> None:
    a_night(data, NIGHT, notice(1), notice(2))
    a_night(data, NEXT, notice(1, text="改过的正文"))
    decide("mee", "https://www.mee.gov.cn/a/1.html", "published", who="he")
    make("(2019) 0902 期", {}, [Pick("mee", "https://www.mee.gov.cn/a/1.html", "政策文件")])
    prune(DAY, apply=True)
    for revision in models.Revision.objects.all():
        assert read(data / "warc", revision.record).body.decode() == revision.text
    kinds = [r.kind for path in (data / "warc").iterdir() for r in placed(path)]
    assert sorted(kinds) == ["response"] * 3 + ["warcinfo"] * 2
    assert list(check()) == []


def test_later_nights_are_left_alone(data: Path, notice: Make) -> None:
    a_night(data, NIGHT, notice(1))
    later = a_night(data, NEXT, notice(2))
    before = later.read_bytes()
    told = prune(NEXT, apply=True)
    assert [gone.name for gone in told.warcs] == [f"{NIGHT}.warc.gz"]
    assert later.read_bytes() == before


def test_a_night_of_which_nothing_is_pointed_at_goes_whole(data: Path) -> None:
    path = a_night(data, NIGHT)
    prune(DAY, apply=True)
    assert list(path.parent.iterdir()) == []


def test_a_night_can_be_pruned_again(data: Path, notice: Make) -> None:
    a_night(data, NIGHT, notice(1), notice(2))
    prune(DAY, apply=True)
    models.Notice.objects.filter(address__endswith="/2.html").delete()
    told = prune(DAY, apply=True)
    assert [gone.name for gone in told.warcs] == [f"{NIGHT}.r1.warc.gz"]
    (left,) = (data / "warc").iterdir()
    assert left.name == f"{NIGHT}.r2.warc.gz"
    (revision,) = models.Revision.objects.all()
    assert read(data / "warc", revision.record).body.decode() == revision.text


def test_files_that_something_points_at_stay(data: Path, notice: Make) -> None:
    bodies = (b"of an older revision", b"not listed any more", b"printed", b"of nobody", b"recent")
    older, unlisted, printed, nobody, recent = map(files.put, bodies)
    for sha256 in (older, unlisted, printed, nobody):
        held(sha256)
    url = "https://www.mee.gov.cn/a/1.pdf"
    annex = Attachment(url, url, "附表", size=len(bodies[0]), sha256=older)
    a_night(data, NIGHT, notice(1, attachments=[annex]))
    a_night(data, NEXT, notice(1, text="改过的正文"))
    newest = models.Revision.objects.latest("number")
    newest.facts[UNLISTED] = [{"sha256": unlisted, "size": len(bodies[1]), "address": "x"}]
    newest.save()
    make("(2019) 0902 期", {}, [Pick("mee", "https://www.mee.gov.cn/a/1.html", "政策文件")])
    models.Entry.objects.update(printed={"attachments": [{"sha256": printed}]})
    told = prune(DAY, apply=True)
    assert [gone.name for gone in told.files] == [nobody]
    left = {path.name for path in (data / "files").iterdir()}
    assert left == {older, unlisted, printed, recent}


def test_logs_of_old_nights_go(data: Path) -> None:
    logs = data / "logs"
    logs.mkdir()
    for name in (f"{NIGHT}.log", "2019-10-01.log", "schedule.log"):
        (logs / name).write_text("words")
    assert [gone.name for gone in prune(DAY, apply=True).logs] == [f"{NIGHT}.log"]
    assert sorted(path.name for path in logs.iterdir()) == ["2019-10-01.log", "schedule.log"]
