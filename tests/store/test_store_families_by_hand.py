"""Families as an editor corrects them, and that no crawl undoes it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from crawler.notice import Notice
from store import families, models, regroup
from store.families import APART
from store.nights import column_of
from store.regroup import NotMerged, NotSplit, merge, split
from store.reviews import decide
from store.save import Saved, save
from tests.store.test_store_likeness_bodies import BODY, TITLE

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
NIGHT = dt.date(2019, 9, 11)
OTHER = BODY.replace("10月25日", "10月26日")


@pytest.fixture
def copy(notice: Make) -> Make:
    """A notice as it stands at one of the sources."""

    def make(source: str, text: str = BODY, day: str = "2019-09-10", **more: Any) -> Notice:
        address = f"https://{source}.gov.cn/1.html"
        column_of(source, "通知")
        facts = {
            "source": source,
            "url": address,
            "address": address,
            "title": TITLE,
            "text": text,
            "published": dt.datetime.fromisoformat(f"{day}T09:00:00+08:00"),
        }
        made: Notice = notice(**(facts | more))
        return made

    return make


@pytest.fixture
def keep(copy: Make) -> Make:
    def make(source: str, text: str = BODY, day: str = "2019-09-10", **more: Any) -> int:
        save(copy(source, text, day, **more), NIGHT)
        return models.Notice.objects.get(source__name=source).pk

    return make


def sides() -> list[set[str]]:
    """The sources of each family that has notices."""
    found: dict[int, set[str]] = {}
    for family, source in models.Notice.objects.values_list("family_id", "source__name"):
        found.setdefault(family, set()).add(source)
    return sorted(found.values(), key=sorted)


def of(notice: int) -> models.Family:
    return models.Notice.objects.get(pk=notice).family


def how(notice: int) -> tuple[str, str, int | None]:
    (told,) = models.Notice.objects.filter(pk=notice).values_list(
        "joined_by", "joined_how", "joined_to"
    )
    return told


def decided(source: str, state: str) -> None:
    decide(source, f"https://{source}.gov.cn/1.html", state, who="chen")


class TestMerge:
    def test_two_are_one_and_it_is_told(self, keep: Make) -> None:
        one, other = keep("a"), keep("b", OTHER, "2019-09-11")
        key = merge([one, other], "chen")
        assert sides() == [{"a", "b"}]
        assert of(one).origin_id == one
        assert how(other) == ("人工合并（chen）", "hand", one)
        event = models.ReviewEvent.objects.get(family=key)
        assert (event.what, event.who) == ("merged", "chen")
        assert [len(family["notices"]) for family in event.before["families"]] == [1, 1]
        assert len(event.after["notices"]) == 2

    @pytest.mark.parametrize("swapped", [False, True])
    @pytest.mark.parametrize(
        ("strong", "weak"),
        [
            ("published", "candidate"),
            ("candidate", "later"),
            ("later", "rejected"),
            ("rejected", "none"),
        ],
    )
    def test_the_stronger_decision_wins_and_the_other_is_kept(
        self, keep: Make, strong: str, weak: str, swapped: bool
    ) -> None:
        one, other = keep("a"), keep("b", OTHER)
        decided("a", weak if swapped else strong)
        decided("b", strong if swapped else weak)
        key = merge([one, other], "chen")
        assert of(one).review.state == strong
        assert [
            review.state for review in models.Review.objects.filter(family__merged_into=key)
        ] == [weak]
        assert models.ReviewEvent.objects.filter(what="decided").count() == 2

    def test_no_revision_and_no_other_origin_undoes_it(self, copy: Make, keep: Make) -> None:
        one, other = keep("a"), keep("b", OTHER, "2019-09-11")
        merge([one, other], "chen")
        assert save(copy("b", OTHER + "（修订）", "2019-09-11"), NIGHT) is Saved.REVISED
        assert how(other) == ("人工合并（chen）", "hand", one)
        # a copy of the second that is earlier than all is the origin now
        third = keep("c", OTHER, "2019-09-01")
        assert sides() == [{"a", "b", "c"}]
        assert of(one).origin_id == third
        assert how(other) == ("人工合并（chen）", "hand", one)

    def test_the_mark_turns_when_its_bearer_becomes_the_origin(
        self, copy: Make, keep: Make
    ) -> None:
        one, other = keep("a"), keep("b", OTHER, "2019-09-11")
        merge([one, other], "chen")
        save(copy("b", OTHER, "2019-09-01"), NIGHT)
        assert of(one).origin_id == other
        assert how(other) == ("", "", None)
        assert how(one) == ("人工合并（chen）", "hand", other)
        notice = models.Notice.objects.get(pk=one)
        move = families.foresee(notice, families.face(notice), families.face(notice))
        assert not move, "reading it again does not part them"
        assert families.is_at_home(notice)

    def test_one_family_is_nothing_to_merge(self, keep: Make) -> None:
        pair = [keep("a"), keep("b")]
        with pytest.raises(NotMerged):
            merge(pair, "chen")
        assert not models.ReviewEvent.objects.exists()


class TestSplit:
    def test_likeness_never_brings_them_together_again(self, copy: Make, keep: Make) -> None:
        one, other = keep("a"), keep("b")
        split([other], "chen")
        assert sides() == [{"a"}, {"b"}]
        assert (how(one), how(other)) == (("", "", None), ("", "", None))
        assert models.Apart.objects.count() == 2
        save(copy("b", BODY + "（此件公开发布）"), NIGHT)
        assert sides() == [{"a"}, {"b"}]
        problem = models.Problem.objects.get(code=APART)
        assert (problem.notice_id, "分开过" in problem.detail) == (other, True)
        assert {event.what for event in models.ReviewEvent.objects.all()} == {"split"}
        assert models.ReviewEvent.objects.count() == 2

    def test_not_through_a_third_either(self, keep: Make) -> None:
        keep("a", day="2019-09-01")
        split([keep("b", day="2019-09-02")], "chen")
        third = keep("c", day="2019-09-03")
        assert sides() == [{"a", "c"}, {"b"}], "it goes to the one that stands first"
        assert models.Problem.objects.get(code=APART).notice_id == third
        notice = models.Notice.objects.get(pk=third)
        assert families.is_at_home(notice)
        assert not families.foresee(notice, families.face(notice), families.face(notice))

    def test_merging_takes_it_back(self, keep: Make) -> None:
        one, other = keep("a"), keep("b")
        split([other], "chen")
        keep("c")
        merge([one, other], "chen")
        assert sides() == [{"a", "b", "c"}]
        assert not models.Apart.objects.exists()
        assert not models.Problem.objects.filter(code=APART).exists()

    @pytest.mark.parametrize("leaving", ["a", "b"])
    def test_the_review_stays_with_the_notice_it_was_made_on(
        self, keep: Make, leaving: str
    ) -> None:
        pk = {"a": keep("a"), "b": keep("b"), "c": keep("c")}
        decided("b", "candidate")
        split([pk[leaving]], "chen")
        assert of(pk["b"]).review.state == "candidate"
        assert not models.Review.objects.filter(family=of(pk["a"]).pk).exists()
        assert models.Review.objects.count() == 1
        assert of(pk["b"]).events.filter(what="decided").count() == 1

    def test_a_decision_that_a_merge_set_aside_stands_up_again(self, keep: Make) -> None:
        one, other = keep("a"), keep("b", OTHER)
        decided("a", "published")
        decided("b", "rejected")
        before = of(other).pk
        merge([one, other], "chen")
        split([other], "chen")
        assert (of(one).review.state, of(other).review.state) == ("published", "rejected")
        assert of(other).pk == before
        assert not models.Family.objects.exclude(merged_into=None).exists()
        assert how(other) == ("", "", None)

    def test_an_entry_goes_with_its_notice(self, keep: Make) -> None:
        one, other = keep("a"), keep("b")
        issue = models.Issue.objects.create(number="(2019) 0902 期", year=2019, month=9, running=2)
        entry = models.Entry.objects.create(
            issue=issue, family=of(one), notice_id=other, section="通知", position=1, title=TITLE
        )
        split([other], "chen")
        entry.refresh_from_db()
        assert entry.family == of(other)

    def test_a_side_that_hung_together_by_the_other_stays_one(self, keep: Make) -> None:
        """Three, of which the middle one alone is like both ends."""
        texts = [BODY, BODY + "一" * 90, BODY + "一" * 190]
        ends = [keep(name, text) for name, text in zip("abc", texts, strict=True)]
        assert sides() == [{"a", "b", "c"}]
        split([ends[1]], "chen")
        assert sides() == [{"a", "c"}, {"b"}]
        assert how(ends[2])[1:] == ("hand", ends[0])

    def test_all_or_of_several_is_nothing_to_split(self, keep: Make) -> None:
        one, other = keep("a"), keep("b", OTHER)
        for some in ([one], [one, other]):
            with pytest.raises(NotSplit):
                split(some, "chen")
        assert not models.ReviewEvent.objects.exists()


def test_what_was_done_can_be_told_from_the_history(keep: Make) -> None:
    one, other = keep("a"), keep("b")
    split([other], "chen")
    for event in models.ReviewEvent.objects.filter(what=regroup.SPLIT):
        assert {x["source"] for x in event.before["notices"]} == {"a", "b"}
        assert len(event.after["notices"]) == len(event.after["apart"]) == 1
    assert of(one).events.count() == of(other).events.count() == 1
