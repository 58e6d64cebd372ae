"""Families as they are kept: members, origin, reasons; and never by the order of arrival."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.notice import Notice
from store import models
from store.dump import dump
from store.nights import column_of
from store.reviews import decide
from store.save import Saved, save

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
NIGHT = dt.date(2019, 9, 11)
TITLE = "工业和信息化部办公厅关于组织推荐2019年工业节水技术装备的通知"
NUMBER = "工信厅节函〔2019〕205号"
TEXT = (
    "为把成熟可靠的节水技术找出来、推出去，现请各地组织推荐，材料双面打印，于2019年10月25日前寄送。"
)
AGENCIES = {
    "miit": "工业和信息化部",
    "shandong_gxt": "山东省工业和信息化厅",
    "chongqing_jjxxw": "重庆市经济和信息化委员会",
}


@pytest.fixture(autouse=True)
def sources() -> None:
    for name, agency in AGENCIES.items():
        column_of(name, "通知")
        models.Source.objects.filter(name=name).update(
            agency=agency, region="000000" if name == "miit" else "370000"
        )


@pytest.fixture
def copy(notice: Make) -> Make:
    """The ministry's notice as it stands at one of the sources."""

    def make(source: str, day: str = "2019-09-10", **more: Any) -> Notice:
        address = f"https://{source}.gov.cn/{more.pop('page', 1)}.html"
        facts = {
            "source": source,
            "url": address,
            "address": address,
            "title": TITLE,
            "text": TEXT,
            "doc_number": NUMBER,
            "issuers": ["工业和信息化部办公厅"],
            "published": dt.datetime.fromisoformat(f"{day}T09:00:00+08:00"),
            "written": dt.date(2019, 9, 6),
        }
        made: Notice = notice(**(facts | more))
        return made

    return make


def family_of(notice: Notice) -> models.Family:
    return models.Notice.objects.get(source__name=notice.source, address=notice.address).family


def test_a_notice_begins_a_family_of_its_own(copy: Make) -> None:
    save(copy("miit"), NIGHT)
    kept = models.Notice.objects.get()
    assert (kept.family.origin, kept.joined_by) == (kept, "")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_origin_is_the_issuers_own_page(copy: Make, order: tuple[int, ...]) -> None:
    copies = [
        copy("miit", "2019-09-12"),
        copy("shandong_gxt"),
        copy("chongqing_jjxxw", doc_number=""),
    ]
    for place in order:
        save(copies[place], NIGHT)
    assert models.Family.objects.count() == 1
    family = models.Family.objects.get()
    assert family.origin is not None
    assert family.origin.source.name == "miit"
    reasons = dict(models.Notice.objects.values_list("source__name", "joined_by"))
    assert reasons["miit"] == ""
    assert reasons["shandong_gxt"].startswith("文号、发文机关相同")


def test_without_the_issuers_page_the_earliest_is_the_origin(copy: Make) -> None:
    save(copy("chongqing_jjxxw", "2019-09-12"), NIGHT)
    save(copy("shandong_gxt", "2019-09-11"), NIGHT)
    origin = models.Family.objects.get().origin
    assert origin is not None
    assert origin.source.name == "shandong_gxt"


def test_a_repost_that_the_province_signs_joins_by_its_body(copy: Make) -> None:
    save(copy("miit"), NIGHT)
    save(copy("shandong_gxt", issuers=["山东省工业和信息化厅"]), NIGHT)
    assert models.Family.objects.count() == 1


def test_a_third_notice_can_make_two_families_one(copy: Make) -> None:
    """The first has a number and no body, the second a body and no number, the third has both."""
    save(copy("shandong_gxt", text=""), NIGHT)
    save(copy("chongqing_jjxxw", doc_number="", issuers=[]), NIGHT)
    assert models.Family.objects.count() == 2
    save(copy("miit"), NIGHT)
    assert models.Family.objects.count() == 1


def test_an_explanation_is_not_joined(copy: Make) -> None:
    save(copy("miit"), NIGHT)
    save(copy("miit", page=2, title=f"《{TITLE}》解读"), NIGHT)
    assert models.Family.objects.count() == 2


def test_two_pages_of_one_source_with_one_title_are_two(copy: Make) -> None:
    """Two 任前公示 of one day."""
    text = f"{TEXT}现将一名干部的情况公示如下，有意见的请在公示期内来电或者来信反映。"
    for page in (1, 2):
        facts = {"title": "任前公示", "doc_number": "", "text": text.replace("一名", f"{page}名")}
        save(copy("shandong_gxt", page=page, **facts), NIGHT)
    assert models.Family.objects.count() == 2


def test_a_longer_deadline_is_another_document(copy: Make) -> None:
    save(copy("miit"), NIGHT)
    save(copy("miit", page=2, title=TITLE.replace("组织推荐", "延长推荐")), NIGHT)
    assert models.Family.objects.count() == 2


def test_a_revised_notice_can_join(copy: Make) -> None:
    save(copy("miit"), NIGHT)
    save(copy("shandong_gxt", doc_number="", text="见附件。"), NIGHT)
    assert models.Family.objects.count() == 2
    assert save(copy("shandong_gxt"), NIGHT) is Saved.REVISED
    assert models.Family.objects.count() == 1


@pytest.mark.parametrize("strong", ["shandong_gxt", "chongqing_jjxxw"])
def test_a_merge_keeps_the_stronger_decision_and_shows_the_other(copy: Make, strong: str) -> None:
    first = copy("shandong_gxt", text="")
    second = copy("chongqing_jjxxw", doc_number="", issuers=[])
    for kept in (first, second):
        save(kept, NIGHT)
        state = "candidate" if kept.source == strong else "rejected"
        decide(kept.source, kept.address, state, who="chen")
    save(copy("miit"), NIGHT)
    family = family_of(first)
    assert family == family_of(second)
    assert family.review.state == "candidate"
    other = family.merged.get()
    assert other.review.state == "rejected"
    assert (other.origin, other.notices.count()) == (None, 0)
    assert models.ReviewEvent.objects.count() == 2


def test_a_decision_on_a_merged_family_is_the_families(copy: Make) -> None:
    first, second = copy("shandong_gxt", text=""), copy("chongqing_jjxxw", doc_number="")
    for kept in (first, second):
        save(kept, NIGHT)
        decide(kept.source, kept.address, "later")
    save(copy("miit"), NIGHT)
    decide(second.source, second.address, "rejected")
    assert family_of(first).review.state == "rejected"


def test_an_undecided_family_leaves_nothing_behind(copy: Make) -> None:
    save(copy("shandong_gxt", text=""), NIGHT)
    save(copy("chongqing_jjxxw", doc_number="", issuers=[]), NIGHT)
    decide("shandong_gxt", "https://shandong_gxt.gov.cn/1.html", "candidate")
    save(copy("miit"), NIGHT)
    assert models.Family.objects.count() == 1


# What a site may have of one of two documents: the title whole or without the agency, its number,
# its issuers, the date, one of three bodies.
titles = [TITLE, TITLE.removeprefix("工业和信息化部办公厅"), f"{TITLE}（第二批）", f"转发{TITLE}"]
bodies = [TEXT, f"{TEXT}（责任编辑：某某）", TEXT.replace("25日", "20日"), "见附件。", ""]
copies = st.lists(
    st.fixed_dictionaries(
        {
            "source": st.sampled_from(sorted(AGENCIES)),
            "title": st.sampled_from(titles),
            "text": st.sampled_from(bodies),
            "doc_number": st.sampled_from([NUMBER, "", "鲁工信节〔2019〕31号"]),
            "issuers": st.sampled_from([["工业和信息化部办公厅"], ["山东省工业和信息化厅"], []]),
            "written": st.sampled_from([dt.date(2019, 9, 6), dt.date(2019, 9, 8), None]),
            "day": st.sampled_from(["2019-09-09", "2019-09-10"]),
        }
    ),
    min_size=2,
    max_size=6,
)


def saved(notices: list[Notice]) -> dict[str, Any]:
    """What is kept after these were saved in this order; then all is taken back."""
    with transaction.atomic():
        for one in notices:
            save(one, NIGHT)
        told = dump()
        transaction.set_rollback(True)
    return told


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_families_do_not_depend_on_the_order_of_arrival(copy: Make, data: st.DataObject) -> None:
    made = [copy(page=page, **facts) for page, facts in enumerate(data.draw(copies))]
    shuffled = data.draw(st.permutations(made))
    assert saved(made) == saved(shuffled)
