"""Everything that does not agree is found and named, and nothing else."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import Archive
from crawler.notice import Attachment, RowState
from store import files, models, records
from store.check import check
from store.nights import column_of, current
from store.reviews import decide
from store.save import save

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
NIGHT = dt.date(2019, 9, 11)


@pytest.fixture
def kept(tmp_path: Path, settings: Any, notice: Make) -> Path:
    """Two notices with their pages, one of them with a file; returns the data folder."""
    settings.DATA = tmp_path
    archive = Archive(tmp_path / "warc", NIGHT)
    sha256 = files.put(b"%PDF an annex")
    annex = Attachment("https://x.cn/1.pdf", "https://x.cn/1.pdf", "附表1", size=13, sha256=sha256)
    for number in (1, 2):
        made = notice(number, attachments=[annex] if number == 1 else [])
        made.record = archive.write(made.url, 200, {}, f"<p>page {number}</p>".encode())
        save(made, NIGHT)
    archive.close()
    return tmp_path


def found(*, quick: bool = False) -> list[str]:
    return sorted(finding.code for finding in check(quick=quick))


def test_what_agrees_has_no_findings(kept: Path) -> None:
    assert found() == []
    assert found(quick=True) == []


def test_a_finding_says_what_and_what_to_do(kept: Path) -> None:
    name = next((kept / "files").iterdir())
    name.unlink()
    (finding,) = check()
    assert name.name in finding.what
    assert "https://www.mee.gov.cn/a/1.html" in finding.what
    assert "kuaixun db restore" in finding.remedy


@pytest.mark.parametrize(
    ("content", "quick", "code"),
    [(b"%PDF an ANNEX", False, "file.changed"), (b"%PDF", True, "file.changed")],
)
def test_a_changed_file(kept: Path, content: bytes, quick: bool, code: str) -> None:
    next((kept / "files").iterdir()).write_bytes(content)
    assert found(quick=quick) == [code]


def test_quick_reads_no_contents(kept: Path) -> None:
    next((kept / "files").iterdir()).write_bytes(b"%PDF an ANNEX")
    assert found(quick=True) == []


def test_files_that_nothing_points_at(kept: Path) -> None:
    files.put(b"of nobody")
    (kept / "files" / f"{'0' * 64}.1.part").touch()
    (kept / "files" / "notes.txt").touch()
    assert found() == ["file.half", "file.orphan", "file.strange"]


def test_a_warc_that_is_not_there(kept: Path) -> None:
    (kept / "warc" / f"{NIGHT}.warc.gz").unlink()
    assert found() == found(quick=True) == ["warc.missing"]


def test_a_warc_that_is_cut(kept: Path) -> None:
    path = kept / "warc" / f"{NIGHT}.warc.gz"
    path.write_bytes(path.read_bytes()[:-30])
    assert found() == ["record.missing", "warc.torn"]


def test_a_warc_that_is_damaged_inside(kept: Path) -> None:
    path = kept / "warc" / f"{NIGHT}.warc.gz"
    content = bytearray(path.read_bytes())
    at = records.offset_of(models.Revision.objects.order_by("pk")[0].record)
    content[at + 30 : at + 60] = bytes(30)
    path.write_bytes(content)
    assert found() == ["record.missing", "warc.damaged"]


def test_the_record_of_another_page(kept: Path) -> None:
    one, other = models.Revision.objects.order_by("pk")
    models.Revision.objects.filter(pk=one.pk).update(record=other.record)
    assert found() == ["record.strange"]


def test_a_pointer_behind_the_end(kept: Path) -> None:
    models.Revision.objects.filter(notice__address__endswith="/1.html").update(
        record=f"{NIGHT}.warc.gz#999999"
    )
    assert found() == found(quick=True) == ["record.missing"]


def _differs() -> None:
    models.Notice.objects.filter(address__endswith="/1.html").update(closes="2019-09-30", title="x")
    models.Revision.objects.filter(notice__address__endswith="/2.html").update(
        facts={"written": "2019-09-30"}
    )


def _gap() -> None:
    models.Revision.objects.filter(notice__address__endswith="/1.html").update(number=3)


def _without_revision() -> None:
    models.Revision.objects.filter(notice__address__endswith="/2.html").delete()


def _empty_family() -> None:
    models.Family.objects.create()


def _no_origin() -> None:
    models.Family.objects.update(origin=None)


def _crossed_origins() -> None:
    one, other = models.Family.objects.order_by("pk")
    models.Family.objects.filter(pk=one.pk).update(origin=other.origin)


def _merged_with_notices() -> None:
    one, other = models.Family.objects.order_by("pk")
    models.Family.objects.filter(pk=one.pk).update(merged_into=other)


def _strange_review() -> None:
    decide("mee", "https://www.mee.gov.cn/a/1.html", "candidate", who="he")
    other = models.Notice.objects.get(address__endswith="/2.html")
    models.Review.objects.update(notice=other)


def _empty_row() -> None:
    address = "https://www.mee.gov.cn/a/3.html"
    models.Row.objects.create(
        column=column_of("mee", "通知"),
        night=current(NIGHT),
        url=address,
        address=address,
        title="第3号",
        state=RowState.KEPT,
        arrival="night",
    )


def _unsigned() -> None:
    models.Signature.objects.filter(notice__address__endswith="/1.html").delete()


def _lost_band() -> None:
    band = models.Band.objects.order_by("pk").first()
    assert band
    band.delete()


@pytest.mark.parametrize(
    ("harm", "codes"),
    [
        (_differs, ["notice.differs", "notice.differs"]),
        (_gap, ["revision.gap"]),
        (_without_revision, ["notice.empty"]),
        (_empty_family, ["family.empty"]),
        (_no_origin, ["family.origin", "family.origin"]),
        (_crossed_origins, ["family.origin"]),
        (_merged_with_notices, ["family.merged"]),
        (_strange_review, ["review.strange"]),
        (_empty_row, ["row.empty"]),
        (_unsigned, ["signature.bands", "signature.missing"]),
        (_lost_band, ["signature.bands"]),
    ],
)
def test_rows_that_do_not_agree(kept: Path, harm: Callable[[], None], codes: list[str]) -> None:
    harm()
    assert found() == codes


def test_a_forgotten_notice_that_is_still_there(kept: Path) -> None:
    models.Tombstone.objects.create(
        source=models.Source.objects.get(name="mee"),
        address="https://www.mee.gov.cn/a/1.html",
        reason="要求删除",
        who="he",
        at=current(NIGHT).now,
    )
    assert found() == ["tombstone.kept"]
