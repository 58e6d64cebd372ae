"""Forgotten: removed with all its traces, and never back; what others have stays."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import Archive
from crawler.memory import Listing
from crawler.notice import Attachment, Notice, Row
from crawler.warc_rewrite import placed
from store import files, lists, models
from store.check import check
from store.forget import FORGOTTEN, Decided, NothingThere, Several, forget
from store.issues import Pick, make
from store.nights import column_of, current
from store.reread import select
from store.reviews import decide
from store.save import Saved, save

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
NIGHT = dt.date(2019, 9, 11)
PAGE = "https://www.mee.gov.cn/a/1.html"
SHARED, OWN = b"%PDF of two", b"%PDF of one"


def annex(number: int, body: bytes) -> Attachment:
    address = f"https://www.mee.gov.cn/a/{number}.pdf"
    return Attachment(address, address, f"附{number}", size=len(body), sha256=files.put(body))


@pytest.fixture
def archive(tmp_path: Path, settings: Any) -> Archive:
    settings.DATA = tmp_path
    return Archive(tmp_path / "warc", NIGHT)


@pytest.fixture
def keep(archive: Archive, notice: Make) -> Callable[..., Notice]:
    """Keeps a notice whose page is in the archive."""

    def kept(number: int = 1, **more: Any) -> Notice:
        made: Notice = notice(number, **more)
        made.record = archive.write(made.url, 200, {}, f"<p>{made.title} {made.text}</p>".encode())
        archive.sync()
        save(made, NIGHT)
        return made

    return kept


def addresses(archive: Archive) -> list[str]:
    """Of all that the archive holds."""
    found = [r.url for path in sorted(archive.path.parent.glob("*.gz")) for r in placed(path)]
    return [url for url in found if url]


def gone(address: str = PAGE, **more: Any) -> Any:
    return forget(address, reason="当事人要求", who="he", **more)


def test_all_that_is_its_own_goes_and_all_else_stays(archive: Archive, keep: Make) -> None:
    keep(1, attachments=[annex(1, SHARED), annex(2, OWN)])
    keep(1, text="改过的正文", attachments=[annex(1, SHARED), annex(2, OWN)])
    keep(2, attachments=[annex(1, SHARED)])
    archive.write_not_modified(PAGE, {"ETag": '"1"'})
    archive.write_failure(PAGE, "unreachable")
    archive.write("https://www.mee.gov.cn/a/2.pdf", 200, {}, OWN, file=True)
    archive.write("https://www.mee.gov.cn/a/1.pdf", 200, {}, SHARED, file=True)
    archive.sync()
    told = gone()
    assert (told.revisions, told.files, told.records, told.shell) == (2, 1, 5, False)
    assert [n.address for n in models.Notice.objects.all()] == ["https://www.mee.gov.cn/a/2.html"]
    assert models.Family.objects.count() == 1
    assert addresses(archive) == [
        "https://www.mee.gov.cn/a/2.html",
        "https://www.mee.gov.cn/a/1.pdf",
    ]
    assert files.path(annex(1, SHARED).sha256).exists()
    assert list(check()) == []
    (stone,) = models.Tombstone.objects.all()
    assert (stone.address, stone.reason, stone.who) == (PAGE, "当事人要求", "he")


def test_nothing_brings_it_back(archive: Archive, keep: Make, notice: Make) -> None:
    keep(1)
    gone()
    assert save(notice(1), NIGHT) is Saved.FORGOTTEN
    assert save(notice(1, column="公告"), NIGHT) is Saved.FORGOTTEN
    assert not models.Notice.objects.exists()
    for column in ("通知", "公告"):
        for backfill in (False, True):
            row = Row(PAGE, PAGE, "又列出来了", NIGHT, column=column)
            asked = Listing("mee", column, "https://www.mee.gov.cn/", 1, [row], backfill=backfill)
            listed = lists.write_list(asked, column_of("mee", column), current(NIGHT))
            assert (listed.new, listed.changed, listed.known) == ([], [], 1)
        (kept,) = models.Row.objects.filter(column__name=column)
        assert (kept.state, kept.title, kept.notice) == ("unwanted", "", None)
    # at another source it is another notice
    assert save(notice(1, source="miit"), NIGHT) is Saved.NEW


def test_its_row_says_no_more_than_where_it_led(archive: Archive, keep: Make) -> None:
    row = Row(PAGE, PAGE, "关于第1件事的通知", NIGHT, column="通知")
    listing = Listing("mee", "通知", "https://www.mee.gov.cn/", 1, [row])
    lists.write_list(listing, column_of("mee", "通知"), current(NIGHT))
    keep(1)
    gone()
    (kept,) = models.Row.objects.all()
    assert (kept.state, kept.title, kept.address) == ("unwanted", "", PAGE)


def test_one_that_moved_is_forgotten_at_every_address(archive: Archive, keep: Make) -> None:
    keep(1)
    moved = "https://www.mee.gov.cn/b/1.html"
    models.Row.objects.create(
        column=column_of("mee", "通知"),
        night=current(NIGHT),
        url=moved,
        address=moved,
        title="关于第1件事的通知",
        state="kept",
        arrival="night",
        notice=models.Notice.objects.get(),
    )
    assert gone(moved).other_addresses == [moved]
    stones = models.Tombstone.objects.order_by("address")
    assert [stone.address for stone in stones] == [PAGE, moved]


def test_its_family_goes_on_without_it(archive: Archive, keep: Make) -> None:
    number = {
        "doc_number": "环办函〔2019〕7号",
        "issuers": ["生态环境部"],
        "title": "关于某事的通知",
    }
    keep(1, **number)
    keep(2, source="sd", **number)
    family = models.Notice.objects.values_list("family", flat=True).distinct().get()
    decide("sd", "https://www.mee.gov.cn/a/2.html", "candidate", who="he")
    gone()
    left = models.Notice.objects.get()
    assert (left.family_id, left.family.origin, left.joined_by) == (family, left, "")
    assert models.Review.objects.get().notice == left
    assert list(check()) == []


def test_one_that_editors_use_is_refused_by_what_they_did(archive: Archive, keep: Make) -> None:
    keep(1)
    decide("mee", PAGE, "candidate", title="编辑的标题", who="he")
    make("(2019) 0902 期", {}, [Pick("mee", PAGE, "政策文件", "印出的标题")])
    with pytest.raises(Decided, match=r"候选.*\(2019\) 0902 期"):
        gone()
    assert models.Notice.objects.get().title == "关于第1件事的通知"
    assert not models.Tombstone.objects.exists()


def test_what_editors_wrote_stays_with_an_empty_shell(
    archive: Archive, keep: Make, notice: Make
) -> None:
    keep(1, attachments=[annex(2, OWN)])
    decide("mee", PAGE, "candidate", title="编辑的标题", who="he")
    make("(2019) 0902 期", {}, [Pick("mee", PAGE, "政策文件", "印出的标题")])
    assert gone(even_decided=True).shell
    shell = models.Notice.objects.get()
    assert (shell.title, shell.address, shell.number_key) == (FORGOTTEN, PAGE, "")
    assert [r.text + r.html for r in shell.revisions.all()] == [""]
    assert models.Review.objects.get().title == "编辑的标题"
    assert models.Entry.objects.get().title == "印出的标题"
    assert models.ReviewEvent.objects.count() == 1
    assert not models.Attachment.objects.exists()
    assert save(notice(1), NIGHT) is Saved.FORGOTTEN
    assert select() == []
    assert list(check()) == []


def test_a_history_without_a_decision_keeps_a_shell(archive: Archive, keep: Make) -> None:
    keep(1)
    decide("mee", PAGE, "rejected", who="he")
    decide("mee", PAGE, "none", who="he")
    assert gone().shell
    assert models.ReviewEvent.objects.count() == 2


def test_which_source_must_be_said_where_several_keep_it(archive: Archive, keep: Make) -> None:
    keep(1)
    keep(1, source="miit")
    with pytest.raises(Several, match="mee, miit"):
        gone()
    gone(source="miit")
    assert models.Notice.objects.get().source.name == "mee"


def test_what_is_not_kept_or_forgotten_already_is_said(archive: Archive, keep: Make) -> None:
    keep(1)
    with pytest.raises(NothingThere, match=r"no notice https://x\.cn/ is kept"):
        gone("https://x.cn/")
    gone()
    with pytest.raises(NothingThere, match="was forgotten on"):
        gone()
