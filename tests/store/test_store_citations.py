"""Citations as they are kept, and what is looked up by them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from crawler.notice import Citation, Notice, content_hash
from store import citations, models, reread
from store.save import save

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
NIGHT = dt.date(2019, 9, 11)
A, B, ORDER = "财建〔2016〕864号", "工信厅节函〔2019〕205号", "工业和信息化部公告2019年第3号"


def citing(notice: Make, at: int, *numbers: str, **more: Any) -> Notice:
    text = f"第{at}件事按《某某办法》（{'、'.join(numbers)}）办理。另有第{at}张表，附后。"
    facts = {"text": text, "citations": [Citation(x, x) for x in numbers]}
    return notice(at, **(facts | more))  # type: ignore[no-any-return]


def kept(one: Notice) -> models.Notice:
    return models.Notice.objects.get(address=one.address)


def test_a_revision_replaces_what_is_cited(notice: Make) -> None:
    save(citing(notice, 1, A, B), NIGHT)
    assert list(citations.numbers_of(models.Notice.objects.get().pk)) == [A, B]
    save(citing(notice, 1, ORDER), NIGHT)
    assert list(citations.numbers_of(models.Notice.objects.get().pk)) == [ORDER]
    save(citing(notice, 1), NIGHT)
    assert models.Citation.objects.count() == 0


def test_they_make_no_revision(notice: Make) -> None:
    one = notice(1)
    before = content_hash(one)
    one.citations = [Citation(A, A)]
    assert content_hash(one) == before


def test_another_reading_of_the_same_page_replaces_them(notice: Make) -> None:
    """A notice of an older database has none until it is read again."""
    save(citing(notice, 1), NIGHT)
    (pk,) = reread.select()
    read_again = citing(notice, 1)
    read_again.citations = [Citation(A, A), Citation(B, B)]
    told = reread.compare(next(reread.load([pk])), read_again)
    assert [(x.field, x.old, x.new) for x in told.changes] == [("citations", [], [A, B])]
    reread.rewrite(pk, read_again)
    assert list(citations.numbers_of(models.Notice.objects.get().pk)) == [A, B]
    assert models.Revision.objects.count() == 1
    assert not reread.compare(next(reread.load([pk])), read_again)


def test_a_cited_document_is_found_when_it_is_kept(notice: Make) -> None:
    one = citing(notice, 1, B, ORDER, A)
    save(one, NIGHT)
    document = notice(2, doc_number=A)
    save(document, NIGHT)
    save(notice(3, doc_number=f"中华人民共和国{ORDER}"), NIGHT)
    found = citations.of(kept(one))
    assert [x.number for x in found] == [B, ORDER, A]
    assert found[0].document is None
    assert found[1].document is not None
    assert found[2].document is not None
    assert found[2].document.address == document.address


def test_of_several_copies_the_origin_is_told(notice: Make) -> None:
    facts = {
        "title": "关于某件大事的通知",
        "doc_number": A,
        "issuers": ["财政部"],
        "text": "办好。" * 90,
    }
    late = notice(2, **facts, published=dt.datetime(2019, 9, 9, 9, tzinfo=dt.UTC))
    early = notice(
        3, **facts, source="shandong_gxt", published=dt.datetime(2019, 9, 1, 9, tzinfo=dt.UTC)
    )
    one = citing(notice, 1, A)
    for each in (one, late, early):
        save(each, NIGHT)
    origin = kept(late).family.origin
    assert origin is not None
    (found,) = citations.of(kept(one))
    assert found.document is not None
    assert found.document.address == origin.address


def test_who_cites_a_notice(notice: Make) -> None:
    document = notice(9, doc_number=f"中华人民共和国{ORDER}")
    for each in (citing(notice, 1, ORDER), citing(notice, 2, A, ORDER), document):
        save(each, NIGHT)
    assert [x.notice.address for x in citations.citing(kept(document))] == [
        kept(citing(notice, at)).address for at in (1, 2)
    ]


def test_what_is_cited_but_not_kept_most_cited_first(notice: Make) -> None:
    save(citing(notice, 1, A, B), NIGHT)
    save(citing(notice, 2, B, ORDER), NIGHT)
    save(notice(3, doc_number=f"中华人民共和国{ORDER}"), NIGHT)
    found = citations.missing()
    assert [(x.number, x.families, len(x.by)) for x in found] == [(B, 2, 2), (A, 1, 1)]
    assert found[1].context == f"第1件事按《某某办法》（{A}"
    assert [x.number for x in citations.missing(2)] == [B]
    save(notice(4, doc_number=B), NIGHT)
    assert citations.missing(2) == []


def test_reposts_of_one_document_count_once(notice: Make) -> None:
    facts = {"title": "关于某件大事的通知", "doc_number": B, "issuers": ["财政部"]}
    save(citing(notice, 1, A, **facts), NIGHT)
    save(citing(notice, 1, A, **facts, source="shandong_gxt"), NIGHT)
    (found,) = citations.missing()
    assert (found.families, found.notices) == (1, 2)


def test_what_no_database_takes_is_no_hindrance(notice: Make) -> None:
    save(notice(1, citations=[Citation("财建\x00〔2016〕864号" * 30, "\ud800" * 300)] * 2), NIGHT)
    assert models.Citation.objects.count() == 1
