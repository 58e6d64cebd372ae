"""Past issues are taken over: whole, once, linked where the notice is kept; editors' work stays."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from crawler.notice import Notice
from store import issues, models, past_issues
from store.dump import dump
from store.issues import Pick, number_of
from store.past_issues import Differs, Edited, PastEntry, PastIssue
from store.reviews import decide
from store.save import save

pytestmark = pytest.mark.django_db

Make = Callable[..., Notice]
NIGHT = dt.date(2019, 9, 11)
NUMBER = "(2019) 0902 期"
HOUSE = {"publisher": "某公司", "sections": ["政策文件", "申报通知"]}
FAR = "https://gxt.gov.cn/{}.html"


def page(number: int) -> str:
    return f"https://www.mee.gov.cn/a/{number}.html"


def entry(url: str = "", title: str = "", section: str = "申报通知", **more: Any) -> PastEntry:
    title = title or f"关于印发某省第{url[-6:-5]}号规划的通知"
    facts = {"bulletin_title": title, "paragraphs": [f"请办好《{title}》。"], "url": url} | more
    return PastEntry(section, title, facts, url, facts.get("doc_number", ""))


def past(*entries: PastEntry, number: str = NUMBER, **house: Any) -> PastIssue:
    return PastIssue(number_of(number), HOUSE | house, list(entries))


def states() -> list[tuple[str, str]]:
    events = models.ReviewEvent.objects.order_by("pk").values_list("who", "what")
    return list(events)


@pytest.fixture
def kept(notice: Make) -> list[models.Notice]:
    for number in (1, 2):
        save(notice(number), NIGHT)
    return list(models.Notice.objects.order_by("address"))


def test_an_issue_is_kept_as_it_was_printed_and_once() -> None:
    given = past(
        entry(FAR.format(1), written="2019-09-08"), entry(FAR.format(2), section="政策文件")
    )
    told = past_issues.keep(given)
    assert (told.result, told.linked, len(told.alone)) == ("new", 0, 2)
    issue = models.Issue.objects.get()
    assert (issue.number, issue.year, issue.month, issue.running) == (NUMBER, 2019, 9, 2)
    assert issue.house == HOUSE
    first, second = issue.entries.order_by("position")
    assert (first.family, first.notice, first.text) == (None, None, "")
    assert first.printed == given.entries[0].printed
    assert (second.section, second.position) == ("政策文件", 2)
    before = dump()
    assert past_issues.keep(given).result == "unchanged"
    assert past_issues.keep(given, replace=True).result == "unchanged"
    assert dump() == before


def test_a_kept_notice_is_linked_by_its_address_and_published(kept: list[models.Notice]) -> None:
    told = past_issues.keep(past(entry(page(1), "编辑的标题"), entry(FAR.format(2))))
    assert (told.linked, len(told.alone)) == (1, 1)
    first = models.Entry.objects.get(position=1)
    assert (first.notice, first.family_id) == (kept[0], kept[0].family_id)
    review = models.Review.objects.get()
    assert (review.family_id, review.state, review.section, review.title) == (
        kept[0].family_id,
        "published",
        "申报通知",
        "编辑的标题",
    )
    event = models.ReviewEvent.objects.get()
    assert (event.who, event.what, event.before, event.after["issue"]) == (
        "import",
        "published",
        {},
        NUMBER,
    )


def test_the_named_source_comes_before_others_at_one_address(notice: Make) -> None:
    for source in ("aaa", "mee", "zzz"):
        save(notice(1, source=source), NIGHT)
    past_issues.keep(past(entry(page(1), source="zzz")))
    linked = models.Entry.objects.get().notice
    assert linked is not None
    assert linked.source.name == "zzz"


def test_a_kept_notice_is_linked_by_its_number_and_title(notice: Make) -> None:
    more: dict[str, Any] = {"doc_number": "某工信节〔2019〕7号", "issuers": ["某省工业和信息化厅"]}
    title = "某省工业和信息化厅关于推荐绿色供应链管理企业的通知"
    save(notice(1, title=title, **more), NIGHT)
    save(notice(2, title="关于别的事情的通知", **(more | {"source": "miit"})), NIGHT)
    plain = title.removeprefix("某省工业和信息化厅")
    told = past_issues.keep(past(entry(FAR.format(9), plain, **more)))
    linked = models.Entry.objects.get().notice
    assert told.linked == 1
    assert linked is not None
    assert linked.title == title


def test_an_entry_is_linked_when_its_notice_was_collected_since(notice: Make) -> None:
    given = past(entry(page(1)), entry(FAR.format(2)))
    past_issues.keep(given)
    save(notice(1), NIGHT)
    told = past_issues.keep(given)
    assert (told.result, told.linked, len(told.alone)) == ("unchanged", 1, 1)
    assert states() == [("import", "published")]
    before = dump()
    assert past_issues.keep(given).linked == 0
    assert dump() == before


def test_editors_choices_stay_but_what_was_printed_is_published(kept: list[models.Notice]) -> None:
    decide("mee", page(1), "rejected", "政策文件", "编辑的标题", who="chen")
    given = past(entry(page(1)))
    past_issues.keep(given)
    review = models.Review.objects.get()
    assert (review.state, review.section, review.title) == ("published", "政策文件", "编辑的标题")
    last = models.ReviewEvent.objects.latest("pk")
    assert (last.before["state"], last.after["state"]) == ("rejected", "published")
    decide("mee", page(1), "later", who="chen")  # after the import: an editor has the last word
    past_issues.keep(given)
    assert models.Review.objects.get().state == "later"


def test_two_entries_of_one_family_are_both_kept(notice: Make) -> None:
    text = "有关单位请于月底以前报送材料。" * 20
    for source, number in (("mee", 1), ("miit", 2)):
        save(
            notice(number, source=source, title="关于报送绿色工厂年度材料的通知", text=text), NIGHT
        )
    assert models.Notice.objects.values("family").distinct().count() == 1
    told = past_issues.keep(past(entry(page(1), "甲"), entry(page(2), "乙")))
    assert (told.linked, told.alone, told.twice) == (1, [], ["乙"])
    assert models.Entry.objects.filter(family=None).count() == 1


def test_a_file_that_differs_is_refused_and_says_what() -> None:
    past_issues.keep(past(entry(FAR.format(1)), entry(FAR.format(2)), entry(FAR.format(3))))
    before = dump()
    changed = past(
        entry(FAR.format(2)),
        entry(FAR.format(1), doc_number="某工信节〔2019〕7号", paragraphs=["请办好别的事。"]),
        entry(FAR.format(4), "新的一条"),
        publisher="别家",
    )
    with pytest.raises(Differs) as caught:
        past_issues.keep(changed)
    assert not caught.value.made_here
    said = "\n".join(caught.value.differences)
    for words in (
        "公司 “某公司” → “别家”",
        "第 1 条《关于印发某省第2号规划的通知》：原来是第 2 条",
        "文号 “” → “某工信节〔2019〕7号”",
        "正文第 1 项 “请办好《关于印发某省第1号规划的通知》。” → “请办好别的事。”",
        "第 3 条《新的一条》：原来没有",
        "原第 3 条《关于印发某省第3号规划的通知》：文件里没有",
    ):
        assert words in said
    assert dump() == before


def test_replacing_keeps_what_editors_wrote(kept: list[models.Notice]) -> None:
    past_issues.keep(past(entry(page(1)), entry(FAR.format(2), "甲"), entry(FAR.format(3), "乙")))
    models.Entry.objects.filter(position=1).update(text="编辑改过的正文")
    models.Entry.objects.filter(position=2).update(title="编辑改过的标题")
    changed = past(
        entry(FAR.format(2), "甲", region="某省"), entry(page(1), region="全国"), entry(page(2))
    )
    assert past_issues.keep(changed, replace=True).result == "replaced"
    told = models.Entry.objects.order_by("position").values_list("title", "text", "notice_id")
    assert list(told) == [
        ("编辑改过的标题", "", None),
        (changed.entries[1].title, "编辑改过的正文", kept[0].pk),
        (changed.entries[2].title, "", kept[1].pk),
    ]
    assert past_issues.keep(changed).result == "unchanged"


def test_a_text_of_editors_is_never_lost() -> None:
    past_issues.keep(past(entry(FAR.format(1), "甲"), entry(FAR.format(2), "乙")))
    models.Entry.objects.filter(position=2).update(text="编辑改过的正文")
    before = dump()
    with pytest.raises(Edited) as caught:
        past_issues.keep(past(entry(FAR.format(1), "甲")), replace=True)
    assert caught.value.titles == ["乙"]
    assert dump() == before


def test_what_did_not_run_after_all_is_what_it_was(kept: list[models.Notice]) -> None:
    decide("mee", page(2), "candidate", "政策文件", who="chen")
    past_issues.keep(past(entry(page(1)), entry(page(2))))
    past_issues.keep(past(entry(FAR.format(3))), replace=True)
    told = models.Review.objects.order_by("notice__address").values_list("state", flat=True)
    assert list(told) == ["none", "candidate"]
    assert states()[-2:] == [("import", "withdrawn")] * 2


def test_an_editors_word_or_another_issue_outlasts_the_withdrawal(
    kept: list[models.Notice],
) -> None:
    past_issues.keep(past(entry(page(1)), entry(page(2))))
    past_issues.keep(past(entry(page(1)), number="(2019) 0901 期"))
    decide("mee", page(2), "published", "政策文件", who="chen")
    past_issues.keep(past(entry(FAR.format(3))), replace=True)
    assert set(models.Review.objects.values_list("state", flat=True)) == {"published"}


def test_an_issue_made_here_is_replaced_only_when_told_to(kept: list[models.Notice]) -> None:
    picks = [Pick("mee", page(1), "政策文件", "编辑的标题"), Pick("mee", page(2), "政策文件")]
    issues.make(NUMBER, {}, picks)
    models.Entry.objects.filter(position=1).update(text="编辑改过的正文")
    before = dump()
    given = past(entry(page(2)), entry(page(1)))
    with pytest.raises(Differs) as caught:
        past_issues.keep(given)
    assert caught.value.made_here
    assert dump() == before
    past_issues.keep(given, replace=True)
    told = models.Entry.objects.order_by("position").values_list("notice_id", "text")
    assert list(told) == [(kept[1].pk, ""), (kept[0].pk, "编辑改过的正文")]
    assert states() == [("import", "published")] * 2


def test_an_imported_issue_is_not_made_anew(kept: list[models.Notice]) -> None:
    past_issues.keep(past(entry(page(1))))
    before = dump()
    with pytest.raises(issues.Imported, match="0902"):
        issues.make(NUMBER, {}, [Pick("mee", page(2), "政策文件")])
    assert dump() == before


def test_a_forgotten_notice_is_not_linked(kept: list[models.Notice]) -> None:
    models.Tombstone.objects.create(
        source=kept[0].source, address=page(1), reason="", who="", at=kept[0].night.now
    )
    told = past_issues.keep(past(entry(page(1), "甲")))
    assert (told.linked, told.alone) == (0, ["甲"])
