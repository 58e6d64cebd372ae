"""Links between a document and what is about it: found by number or name, in any order."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.notice import Citation, Notice
from store import links, models
from store.models import LinkKind
from store.nights import column_of
from store.save import save

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
NIGHT = dt.date(2019, 9, 11)
NAME = "关于组织推荐2019年工业节水技术装备的通知"
NUMBER = "工信厅节函〔2019〕205号"
SOURCES = {
    "miit": ("工业和信息化部", "000000"),
    "shandong_gxt": ("山东省工业和信息化厅", "370000"),
    "jinan_gxj": ("济南市工业和信息化局", "370100"),
    "ningxia_gxt": ("宁夏回族自治区工业和信息化厅", "640000"),
}


@pytest.fixture(autouse=True)
def sources() -> None:
    for name, (agency, region) in SOURCES.items():
        column_of(name, "通知")
        models.Source.objects.filter(name=name).update(agency=agency, region=region)


@pytest.fixture
def page(notice: Make) -> Make:
    """A page of one of the sources; `cites` are numbers its text begins with."""

    def make(title: str, source: str = "miit", at: int = 1, **more: Any) -> Notice:
        address = f"https://{source}.gov.cn/{at}.html"
        agency, region = SOURCES[source]
        cites = more.pop("cites", [])
        text = f"{'、'.join(cites)}的事说明如下。第{at}页，{source}，{title}。"
        facts = {
            "source": source,
            "url": address,
            "address": address,
            "title": title,
            "text": text,
            "issuers": [agency],
            "region": region,
            "citations": [Citation(x, x) for x in cites if x not in title]
            + [Citation(x, x) for x in cites if x in title],
            "published": dt.datetime.fromisoformat(f"{more.pop('day', '2019-09-10')}T09:00+08:00"),
        }
        return notice(**(facts | more))  # type: ignore[no-any-return]

    return make


@pytest.fixture
def document(page: Make) -> Notice:
    return page(f"工业和信息化部办公厅{NAME}", day="2019-09-06", doc_number=NUMBER)  # type: ignore[no-any-return]


def linked() -> list[tuple[str, str, str]]:
    found = models.Link.objects.select_related("notice", "to").order_by("notice__address")
    return [(x.notice.address, x.kind, x.to.address) for x in found]


ABOUT = [
    (f"《工业和信息化部办公厅{NAME}》解读", LinkKind.EXPLAINS),
    (f"图解：{NAME}", LinkKind.EXPLAINS),
    ("一图读懂2019年工业节水技术装备推荐工作", LinkKind.EXPLAINS),
    (f"工业和信息化部有关负责人就《{NAME}》答记者问", LinkKind.EXPLAINS),
    (f"{NAME}的更正公告", LinkKind.CORRECTS),
    ("关于延长2019年工业节水技术装备推荐时间的通知", LinkKind.CORRECTS),
    ("关于组织推荐2019年工业节水技术装备的补充通知", LinkKind.ADDS),
    (f"转发工业和信息化部办公厅{NAME}", LinkKind.FORWARDS),
    (f"关于转发《工业和信息化部办公厅{NAME}》的通知", LinkKind.FORWARDS),
]


@pytest.mark.parametrize(("title", "kind"), ABOUT)
@pytest.mark.parametrize("first", ["document", "about"])
def test_what_is_about_a_document_is_linked_to_it(
    page: Make, document: Notice, title: str, kind: LinkKind, first: str
) -> None:
    about = page(title, at=2)
    for one in (document, about) if first == "document" else (about, document):
        save(one, NIGHT)
    assert linked() == [(about.address, kind.value, document.address)]
    assert models.Family.objects.count() == 2


@pytest.mark.parametrize(
    "title",
    [
        NAME.replace("2019", "2018"),  # another year's
        f"{NAME}（第二批）",
        "关于加强政策解读工作的通知",
        "工业节水动态",
    ],
)
def test_what_is_not_about_it_is_not_linked(page: Make, document: Notice, title: str) -> None:
    save(document, NIGHT)
    save(page(title, at=2), NIGHT)
    if "第二批" not in title and "2018" not in title:
        save(page(f"《{title}》解读", at=3), NIGHT)
    assert (document.address not in {to for *_, to in linked()}) is True


@pytest.mark.parametrize("year", ["2018", "2020"])
def test_figures_must_agree(page: Make, document: Notice, year: str) -> None:
    save(document, NIGHT)
    save(page(f"《{NAME.replace('2019', year)}》解读", at=2), NIGHT)
    assert linked() == []


def test_a_number_in_the_title_is_enough(page: Make, document: Notice) -> None:
    save(document, NIGHT)
    save(page(f"关于{NUMBER}文件的解读", "ningxia_gxt", 2, cites=[NUMBER]), NIGHT)
    assert len(linked()) == 1
    assert models.Link.objects.get().reason == f"标题写明文号{NUMBER}"


def test_a_bare_correction_is_about_the_first_number_of_its_text(
    page: Make, document: Notice
) -> None:
    save(page("更正公告", at=2, cites=[NUMBER, "财建〔2016〕864号"]), NIGHT)
    save(page("关于专项资金的通知", at=3, doc_number="财建〔2016〕864号"), NIGHT)
    save(document, NIGHT)
    assert [to for *_, to in linked()] == [document.address]


def test_a_number_that_an_explanation_only_leans_on_is_not_what_it_explains(
    page: Make, document: Notice
) -> None:
    save(document, NIGHT)
    save(page("《山东省绿色工厂评价办法》解读", "shandong_gxt", 2, cites=[NUMBER]), NIGHT)
    assert linked() == []


def test_an_explanation_under_a_title_of_its_own(page: Make, document: Notice) -> None:
    save(page("一图读懂：节水装备五步走", at=2, cites=[NUMBER]), NIGHT)
    save(document, NIGHT)
    assert len(linked()) == 1


def test_the_number_beats_the_name(page: Make, document: Notice) -> None:
    save(document, NIGHT)
    later = page(
        f"工业和信息化部办公厅{NAME}", at=3, day="2019-09-09", doc_number="工信厅函〔2019〕9号"
    )
    save(page(f"《{NAME}》解读", at=2, cites=[NUMBER]), NIGHT)
    save(later, NIGHT)
    assert [to for *_, to in linked()] == [document.address]


def test_of_two_of_one_name_the_nearest_before(page: Make) -> None:
    title = "关于申报工业节水专项资金项目的通知"
    old, new, next_ = (
        page(title, at=at, day=day, doc_number=f"工信厅节函〔2019〕{at}号")
        for at, day in ((1, "2018-03-01"), (2, "2019-03-01"), (3, "2019-04-20"))
    )
    about = page(f"《{title}》解读", at=4, day="2019-03-05")
    for one in (next_, about, old, new):
        save(one, NIGHT)
    assert [to for *_, to in linked()] == [new.address]


@pytest.mark.parametrize(
    ("source", "expected"),
    [("miit", 1), ("shandong_gxt", 1), ("jinan_gxj", 1), ("ningxia_gxt", 0)],
)
def test_another_provinces_document_of_the_same_name(
    page: Make, source: str, expected: int
) -> None:
    """The nation's and the province's own may be what a city explains, another province's not."""
    save(page("关于公布2019年绿色工厂名单的通知", source, 1), NIGHT)
    save(page("《关于公布2019年绿色工厂名单的通知》解读", "jinan_gxj", 2), NIGHT)
    assert len(linked()) == expected


def test_a_document_that_comes_years_before_is_another(page: Make) -> None:
    save(page("关于公布绿色工厂名单的通知", at=1, day="2012-05-01"), NIGHT)
    save(page("《关于公布绿色工厂名单的通知》解读", at=2), NIGHT)
    assert linked() == []


def test_a_revision_settles_anew(page: Make, document: Notice) -> None:
    save(document, NIGHT)
    save(page(f"《{NAME}》解读", at=2), NIGHT)
    assert len(linked()) == 1
    save(page("节水装备推荐热点问题", at=2), NIGHT)
    assert linked() == []
    save(page(f"《{NAME}》解读", at=2), NIGHT)
    assert len(linked()) == 1
    document.title, document.content_hash = "工业节水动态", ""
    save(document, NIGHT)
    assert linked() == []


def test_another_copy_takes_the_place_of_one_that_is_taken_out(
    page: Make, document: Notice
) -> None:
    facts = {"doc_number": NUMBER, "issuers": document.issuers, "day": "2019-09-05"}
    copy = page(document.title, "shandong_gxt", 5, **facts)
    about = page(f"《{NAME}》解读", at=2)
    for one in (document, copy, about):
        save(one, NIGHT)
    assert [to for *_, to in linked()] == [document.address]
    kept = models.Notice.objects.get(address=document.address)
    links.leave(kept)
    assert [to for *_, to in linked()] == [copy.address]


def test_both_ends_tell_of_it_for_the_whole_family(page: Make, document: Notice) -> None:
    text = (
        "各地组织推荐节水装备，材料双面打印，于2019年10月25日前寄送工业和信息化部，逾期不再受理。"
        * 5
    )
    document.text = text
    copy = page(document.title, "shandong_gxt", 5, doc_number=NUMBER, issuers=document.issuers)
    copy.text = text
    about = page(f"《{NAME}》解读", at=2)
    for one in (document, copy, about):
        one.content_hash = ""
        save(one, NIGHT)
    of_about = links.of(models.Notice.objects.get(address=about.address))
    assert [(x.kind, x.notice.address) for x in of_about.about] == [
        (LinkKind.EXPLAINS, document.address)
    ]
    assert of_about.by == []
    for address in (document.address, copy.address):
        told = links.of(models.Notice.objects.get(address=address))
        assert told.about == []
        assert [(x.kind, x.notice.address) for x in told.by] == [(LinkKind.EXPLAINS, about.address)]


def test_an_ordinary_notice_costs_one_statement(page: Make) -> None:
    save(page(NAME, doc_number=NUMBER), NIGHT)
    kept = models.Notice.objects.get()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        links.settle(kept)
    assert len(asked) == 1


def test_an_older_database_is_linked_afterwards(page: Make, document: Notice) -> None:
    save(document, NIGHT)
    save(page(f"《{NAME}》解读", at=2), NIGHT)
    models.Link.objects.all().delete()
    links.settle_all()
    assert len(linked()) == 1


# Documents and what may be about them, some with numbers, on different days, at several sources.
_names = [NAME, NAME.replace("2019", "2018"), f"关于转发《{NAME}》的通知"]
_abouts = [f"《{NAME}》解读", "更正公告", f"关于转发《{NAME}》的通知", f"图解：{NAME}", "补充通知"]
_pages = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.sampled_from([*_names, *_abouts]),
            "source": st.sampled_from(sorted(SOURCES)),
            "doc_number": st.sampled_from(["", NUMBER, "鲁工信节〔2019〕31号"]),
            "cites": st.lists(
                st.sampled_from([NUMBER, "鲁工信节〔2019〕31号"]), max_size=2, unique=True
            ),
            "day": st.sampled_from(["2018-09-09", "2019-09-05", "2019-09-10"]),
        }
    ),
    min_size=2,
    max_size=6,
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_links_do_not_depend_on_the_order_of_arrival(page: Make, data: st.DataObject) -> None:
    made = [page(at=at, **facts) for at, facts in enumerate(data.draw(_pages))]
    found = []
    for order in (made, data.draw(st.permutations(made)), [*reversed(made), *made]):
        with transaction.atomic():
            for one in order:
                save(one, NIGHT)
            found.append((linked(), sorted(models.Link.objects.values_list("reason", flat=True))))
            transaction.set_rollback(True)
    assert found[0] == found[1] == found[2]
