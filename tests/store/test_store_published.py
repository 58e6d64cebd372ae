"""What ran before is known again: by family, address, 文号, title, near-same text."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crawler.notice import Notice
from store import issues, models, past_issues, published
from store.forget import forget
from store.issues import Pick, number_of
from store.known_again import How
from store.past_issues import PastEntry, PastIssue
from store.regroup import merge
from store.save import save

pytestmark = pytest.mark.django_db

Make = Callable[..., Notice]
NIGHT, NEXT = dt.date(2019, 9, 11), dt.date(2019, 9, 12)
NUMBER = "(2019) 0902 期"
SITE = "https://www.mee.gov.cn/a/{}.html"
# long enough that a body tells which document it is
BODY = [
    "各市工业和信息化主管部门，有关企业：",
    "为推进重点行业清洁化改造，现组织开展绿色供应链管理企业的推荐工作，请按照自愿原则做好组织。",
    "推荐企业应当具有独立法人资格，近三年没有发生较大以上安全、环保、质量事故，财务状况良好。",
    "推荐企业应当建立供应商评价制度，公开绿色采购要求，带动上下游企业节约用能、用水、用材。",
    "各市主管部门对申报材料的真实性进行审核，汇总以后连同推荐文件一并报送省厅节能处。",
    "省厅组织专家评审，必要时到现场核查，结果在门户网站向社会公示，没有异议的正式公布。",
    "列入名单的企业实行动态管理，每两年复核，弄虚作假的取消资格并且三年以内不得再次申报。",
]
TEXT = "\n".join(BODY)
TITLE = "关于组织推荐绿色供应链管理企业的通知"


@pytest.fixture
def keep(notice: Make) -> Callable[..., models.Notice]:
    """Save a notice; returns it as it is kept."""

    def made(number: int = 1, **more: Any) -> models.Notice:
        given = notice(number, **more)
        save(given, NIGHT)
        return models.Notice.objects.get(source__name=given.source, address=given.address)

    return made


def ran(notice: models.Notice, making: str = "") -> list[tuple[str, How]]:
    notice.refresh_from_db()
    lines = published.seen([notice.family_id], making)[notice.family_id]
    return [(line.issue, line.how) for line in lines]


def printed(number: str = NUMBER, **more: Any) -> None:
    """Take over an issue of one entry."""
    facts = {"bulletin_title": TITLE, "paragraphs": BODY, "issuers": ["某省工业和信息化厅"]} | more
    address, doc_number = facts.get("url", ""), facts.get("doc_number", "")
    entry = PastEntry("申报通知", facts["bulletin_title"], facts, address, doc_number)
    past_issues.keep(PastIssue(number_of(number), {"sections": ["申报通知"]}, [entry]))


def test_the_family_of_an_entry_ran(keep: Callable[..., models.Notice]) -> None:
    one, other = keep(1), keep(2)
    issues.make(NUMBER, {}, [Pick("mee", one.address, "申报通知", "编辑的标题")])
    (line,) = published.seen([one.family_id])[one.family_id]
    assert (line.issue, line.section, line.position, line.title) == (
        NUMBER,
        "申报通知",
        1,
        "编辑的标题",
    )
    assert line.how is How.FAMILY
    assert ran(other) == []


def test_a_family_that_was_merged_counts(keep: Callable[..., models.Notice]) -> None:
    one, other = keep(1), keep(2)
    issues.make(NUMBER, {}, [Pick("mee", one.address, "申报通知")])
    before = one.family_id
    merge([one.pk, other.pk], "chen")
    other.refresh_from_db()
    for family in {before, one.family_id, other.family_id}:
        (line,) = published.seen([family])[family]
        assert line.how is How.FAMILY


def test_the_issue_that_is_being_made_is_told_apart(keep: Callable[..., models.Notice]) -> None:
    one = keep(1)
    for number in (NUMBER, "(2019) 0901 期"):
        issues.make(number, {}, [Pick("mee", one.address, "申报通知")])
    lines = published.seen([one.family_id], making=NUMBER)[one.family_id]
    assert [(line.issue, line.here) for line in lines] == [
        (NUMBER, True),
        ("(2019) 0901 期", False),
    ]


def test_an_address_is_known_before_and_after_the_page_moved(
    keep: Callable[..., models.Notice],
) -> None:
    printed(url=SITE.format(1), bulletin_title="别的标题", paragraphs=["别的话"])
    one = keep(1)
    assert ran(one) == [(NUMBER, How.ADDRESS)]
    moved = SITE.format(100)
    night = models.Night.objects.get()
    models.Notice.objects.filter(pk=one.pk).update(address=moved, url=moved)
    assert ran(one) == []
    row = {"url": SITE.format(1), "address": SITE.format(1), "title": "", "state": "kept"}
    models.Row.objects.create(column=one.column, notice=one, night=night, arrival="new", **row)
    assert ran(one) == [(NUMBER, How.ADDRESS)]


def test_a_number_is_known(keep: Callable[..., models.Notice]) -> None:
    printed(doc_number="某工信节〔2019〕7号", paragraphs=["别的话"], bulletin_title="省厅的标题")
    assert ran(keep(1, doc_number="某工信节〔2019〕7号")) == [(NUMBER, How.NUMBER)]
    assert ran(keep(2, doc_number="某工信节〔2019〕8号")) == []


def test_a_number_that_any_agency_has_needs_the_issuer(
    keep: Callable[..., models.Notice],
) -> None:
    printed(doc_number="2019年第12号", bulletin_title="省厅的标题", paragraphs=["别的话"])
    assert ran(keep(1, doc_number="2019年第12号", issuers=["某部"])) == []
    same = keep(2, doc_number="2019年第12号", issuers=["某省工业和信息化厅"])
    assert ran(same) == [(NUMBER, How.NUMBER)]


def test_an_explanation_is_not_the_document(keep: Callable[..., models.Notice]) -> None:
    printed(doc_number="某工信节〔2019〕7号")
    about = keep(1, title=f"《{TITLE}》解读", doc_number="某工信节〔2019〕7号", text=TEXT)
    assert ran(about) == []


def test_a_title_is_known_and_its_numbers_must_agree(keep: Callable[..., models.Notice]) -> None:
    printed(bulletin_title="关于推荐2019年绿色供应链管理企业的通知", paragraphs=["别的话"])
    same = keep(1, title="关于推荐2019年绿色供应链管理企业的通知")
    assert ran(same) == [(NUMBER, How.TITLE)]
    assert ran(keep(2, title="关于推荐2018年绿色供应链管理企业的通知")) == []


@pytest.mark.parametrize(
    ("facts", "known"),
    [
        ({"doc_number": "别工信〔2019〕9号"}, False),
        ({"issuers": ["别省工业和信息化厅"]}, False),
        ({"issuers": ["别省工业和信息化厅"], "text": TEXT}, True),
        ({"issuers": ["某省工业和信息化厅"]}, True),
        ({}, True),
    ],
)
def test_a_title_of_another_agency_is_another_document(
    keep: Callable[..., models.Notice], facts: dict[str, Any], known: bool
) -> None:
    printed(doc_number="某工信节〔2019〕7号")
    found = ran(keep(1, title=TITLE, **facts))
    assert found == ([(NUMBER, How.TITLE)] if known else [])


def test_a_title_that_thousands_have_tells_nothing(keep: Callable[..., models.Notice]) -> None:
    printed(bulletin_title="任前公示", paragraphs=["拟任甲为处长。"])
    assert ran(keep(1, title="任前公示")) == []


def test_the_title_of_the_entrys_notice_is_known_beside_the_editors(
    keep: Callable[..., models.Notice],
) -> None:
    one = keep(1, title=TITLE)
    issues.make(NUMBER, {}, [Pick("mee", one.address, "申报通知", "某省推荐绿色供应链管理企业")])
    assert ran(keep(2, title=TITLE, source="miit")) == [(NUMBER, How.TITLE)]
    assert ran(keep(3, title="某省推荐绿色供应链管理企业")) == []  # short: any may be called that
    longer = "某省关于组织推荐绿色供应链管理企业的通知"
    issues.make(NUMBER, {}, [Pick("mee", one.address, "申报通知", longer)])
    assert ran(keep(4, title=longer)) == [(NUMBER, How.TITLE)]


def test_a_near_copy_is_known(keep: Callable[..., models.Notice]) -> None:
    printed(bulletin_title="某省关于推荐绿色供应链企业")
    furniture = "首页 > 通知公告\n" + TEXT + "\n打印 关闭"
    assert ran(keep(1, title=TITLE, text=furniture)) == [(NUMBER, How.TEXT)]
    other = TEXT.replace("绿色供应链", "智能制造")
    assert ran(keep(2, title="关于推荐智能制造企业的事", text=other[: len(other) // 2])) == []
    assert ran(keep(3, title="关于2020年推荐绿色供应链企业的通知", text=TEXT)) == []


def test_a_short_near_copy_needs_a_like_title(keep: Callable[..., models.Notice]) -> None:
    short = ["特此通知，请各单位遵照执行，执行中有问题请及时反馈。"]
    printed(bulletin_title="某省关于绿色供应链管理企业申报的通知", paragraphs=short)
    text = short[0]
    assert ran(keep(1, title="关于做好安全生产检查的通知", text=text)) == []
    like = "本省关于绿色供应链管理企业申报的通知"
    assert ran(keep(2, title=like, text=text)) == [(NUMBER, How.TEXT)]


def test_a_near_copy_of_a_forgotten_notice_is_known(
    keep: Callable[..., models.Notice], tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path
    title = "关于组织推荐2020年绿色供应链管理企业的通知"
    first = keep(1, title=title, text=TEXT)
    issues.make(NUMBER, {}, [Pick("mee", first.address, "申报通知")])
    forget(first.address, reason="要求", who="editor", even_decided=True)
    assert ran(keep(2, title=f"转发省厅{title}", text=TEXT)) == [(NUMBER, How.TEXT)]


def test_an_inbox_is_asked_in_few_statements(keep: Callable[..., models.Notice]) -> None:
    printed(doc_number="某工信节〔2019〕7号")
    families = [keep(number).family_id for number in range(1, 13)]
    families.append(keep(20, title=TITLE, text=TEXT).family_id)

    def statements(some: list[int]) -> int:
        with CaptureQueriesContext(connection) as caught:
            published.seen(some)
        return len(caught)

    assert statements(families) == statements(families[-1:]) <= 7
    found = published.seen(families)
    assert [len(found[family]) for family in families] == [0] * 12 + [1]
    assert published.seen([]) == {}


def test_it_is_found_by_address_number_or_title(keep: Callable[..., models.Notice]) -> None:
    printed(doc_number="某工信节〔2019〕7号", url="https://gxt.gov.cn/7.html")
    repost = keep(
        1, title="省厅关于推荐绿色供应链企业", doc_number="某工信节〔2019〕7号", text=TEXT
    )

    def found(**what: str) -> list[tuple[str, How]]:
        return [(line.issue, line.how) for line in published.find(**what)]

    assert found(address="https://gxt.gov.cn/7.html") == [(NUMBER, How.ADDRESS)]
    assert found(address=repost.address) == [(NUMBER, How.NUMBER)]
    assert found(doc_number="某工信节〔2019〕7号") == [(NUMBER, How.NUMBER)]
    assert found(title=TITLE) == [(NUMBER, How.TITLE)]
    assert found(title=repost.title) == [(NUMBER, How.NUMBER)]
    assert found(title="关于别的事") == []
    assert found() == []
