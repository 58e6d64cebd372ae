"""Decisions and issues: written once, whoever repeats them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from store import issues, models
from store.dump import dump
from store.issues import Pick
from store.reviews import decide
from store.save import save

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
NIGHT = dt.date(2019, 9, 11)
NUMBER = "(2019) 0902 期"


def page(number: int) -> str:
    return f"https://www.mee.gov.cn/a/{number}.html"


@pytest.fixture(autouse=True)
def kept(notice: Make) -> None:
    for number in (1, 2, 3):
        save(notice(number), NIGHT)


def test_the_same_decision_twice_writes_one_event() -> None:
    assert decide("mee", page(1), "candidate", "政策文件", "标题", "chen")
    before = dump()
    assert not decide("mee", page(1), "candidate", "政策文件", "标题", "li")
    assert dump() == before
    event = models.ReviewEvent.objects.get()
    assert (event.who, event.what, event.before) == ("chen", "decided", {})
    assert event.after["state"] == "candidate"


def test_another_decision_is_another_event() -> None:
    decide("mee", page(1), "candidate", "政策文件", who="chen")
    decide("mee", page(1), "rejected", who="li")
    review = models.Review.objects.get()
    assert (review.state, review.section) == ("rejected", "")
    last = models.ReviewEvent.objects.order_by("pk").last()
    assert last is not None
    assert (last.before["state"], last.after["state"]) == ("candidate", "rejected")


def test_a_decision_on_nothing_or_of_no_known_state() -> None:
    with pytest.raises(LookupError, match=r"a/9\.html"):
        decide("mee", page(9), "candidate")
    with pytest.raises(ValueError, match="maybe"):
        decide("mee", page(1), "maybe")


def picks(*numbers: int) -> list[Pick]:
    return [Pick("mee", page(number), "政策文件", f"标题{number}") for number in numbers]


def test_an_issue_is_made_once() -> None:
    made = issues.make(NUMBER, {"firm": "某公司"}, picks(1, 2))
    before = dump()
    keys = list(models.Entry.objects.values_list("pk", flat=True))
    assert issues.make(NUMBER, {"firm": "某公司"}, picks(1, 2)) == made
    assert dump() == before
    assert list(models.Entry.objects.values_list("pk", flat=True)) == keys
    issue = models.Issue.objects.get()
    assert (issue.year, issue.month, issue.running) == (2019, 9, 2)
    assert issue.house == {"firm": "某公司"}


def test_an_issue_is_brought_to_other_entries_and_keeps_edited_text() -> None:
    issues.make(NUMBER, {}, picks(1, 2))
    models.Entry.objects.filter(notice__address=page(2)).update(text="编辑改过的正文")
    issues.make(NUMBER, {}, picks(3, 2))
    entries = models.Entry.objects.order_by("position").values_list("position", "title", "text")
    assert list(entries) == [(1, "标题3", ""), (2, "标题2", "编辑改过的正文")]


def test_a_pick_without_a_title_has_the_notices_own() -> None:
    issues.make(NUMBER, {}, [Pick("mee", page(1), "政策文件")])
    assert models.Entry.objects.get().title == "关于第1件事的通知"


@pytest.mark.parametrize("number", ["", "0902", "(2019) 92 期", "2019年9月"])
def test_a_number_of_another_form_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="issue number"):
        issues.make(number, {}, [])


def test_an_issue_that_cannot_be_made_leaves_the_old_one() -> None:
    issues.make(NUMBER, {}, picks(1))
    before = dump()
    with pytest.raises(LookupError, match=r"a/9\.html"):
        issues.make(NUMBER, {"firm": "别家"}, picks(2, 9))
    with pytest.raises(ValueError, match="one family"):
        issues.make(NUMBER, {"firm": "别家"}, picks(2, 2))
    assert dump() == before
