"""What a title says of the document that it is, or is about."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from store.models import LinkKind
from store.topics import KEY_MAX, about_key, forwarding_key, kind_of, topic_key, unmarked

WATER = "2019年工业节水技术装备"
RULES = "工业节能管理办法"
BATCH = "第3批专精特新中小企业"

TITLES = [
    ("工业和信息化部办公厅关于组织推荐2019年工业节水技术装备的通知", None, WATER),
    ("《关于组织推荐二〇一九年工业节水技术装备的通知》解读", LinkKind.EXPLAINS, WATER),
    ("一图读懂组织推荐2019年工业节水技术装备", LinkKind.EXPLAINS, WATER),
    ("关于延长2019年工业节水技术装备推荐时间的补充通知", LinkKind.ADDS, WATER),
    ("关于转发工信厅关于组织推荐2019年工业节水技术装备的通知的通知", LinkKind.FORWARDS, WATER),
    ("[转载]关于组织推荐2019年工业节水技术装备的通知", None, WATER),
    ("关于印发《工业节能管理办法》的通知", None, RULES),
    ("工业节能管理办法", None, RULES),
    ("【视频解读】《工业节能管理办法》", LinkKind.EXPLAINS, RULES),
    ("专家解读之一：工业节能管理办法", LinkKind.EXPLAINS, RULES),
    ("工业节能管理办法解读：企业要做什么", LinkKind.EXPLAINS, RULES),
    ("《工业节能管理办法》（工信部令〔2016〕33号）问答（二）", LinkKind.EXPLAINS, RULES),
    ("某部有关负责人就《工业节能管理办法》答记者问", LinkKind.EXPLAINS, RULES),
    ("关于修改《工业节能管理办法》的决定", LinkKind.CORRECTS, RULES),
    ("《关于修改〈工业节能管理办法〉的决定》", LinkKind.CORRECTS, RULES),
    ("关于延长《工业节能管理办法》有效期的通知", LinkKind.CORRECTS, RULES),
    ("关于《工业节能管理办法》的补充说明", LinkKind.ADDS, RULES),
    ("关于转发《某部关于印发<工业节能管理办法>的通知》的通知", LinkKind.FORWARDS, RULES),
    # the draft is another document, and what leans on the rules is one of its own
    ("关于公开征求《工业节能管理办法》意见的通知", None, f"{RULES}征求意见稿"),
    ("关于公开征求《工业节能管理办法（征求意见稿）》意见的公告", None, f"{RULES}征求意见稿"),
    ("关于贯彻落实《工业节能管理办法》的通知", None, f"贯彻落实{RULES}"),
    ("关于组织申报第三批专精特新中小企业的通知", None, BATCH),
    ("关于开展第三批专精特新中小企业申报工作的通知", None, BATCH),
    ("关于延长第三批专精特新中小企业申报时间的通知", LinkKind.CORRECTS, BATCH),
    ("更正公告：关于第三批专精特新中小企业的公示", LinkKind.CORRECTS, BATCH),
    # they do not say which
    ("任前公示", None, ""),
    ("更正公告", LinkKind.CORRECTS, ""),
    ("补充通知", LinkKind.ADDS, ""),
    ("政策解读", LinkKind.EXPLAINS, ""),
]


@pytest.mark.parametrize(("title", "kind", "topic"), TITLES)
def test_a_title_names_its_document(title: str, kind: LinkKind | None, topic: str) -> None:
    assert (kind_of(title), unmarked(topic_key(title))) == (kind, topic)


@pytest.mark.parametrize(
    "title",
    [
        "关于印发《绿色工厂政策问答》的通知",
        "关于加强政策解读工作的通知",
        "关于开展知识问答活动的通知",
        "创业资助项目现场考察补充名单",
    ],
)
def test_words_of_its_own_name_make_it_no_other(title: str) -> None:
    assert kind_of(title) is None


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于转发《某部关于某事的补充通知》的通知", LinkKind.FORWARDS),
        ("关于转发某事通知的补充通知", LinkKind.ADDS),
        ("《关于转发某部某事通知的通知》解读", LinkKind.EXPLAINS),
    ],
)
def test_the_outermost_words_decide(title: str, kind: LinkKind) -> None:
    assert kind_of(title) is kind


def test_who_waits_for_a_document_has_its_topic_under_a_mark() -> None:
    assert topic_key(f"《{RULES}》解读") == about_key(RULES)
    assert topic_key(f"关于转发《{RULES}》的通知") == forwarding_key(RULES)
    assert topic_key(RULES) == RULES


def test_two_long_names_stay_two_under_any_mark() -> None:
    one, other = (f"{'工业节能管理' * 60}{end}办法" for end in "甲乙")
    keys = {topic_key(x) for x in (one, other, f"《{one}》解读", f"《{other}》解读")}
    assert len(keys) == 4
    assert all(len(key) <= KEY_MAX for key in keys)
    assert unmarked(topic_key(f"《{one}》解读")) == topic_key(one)


@given(
    st.text(
        alphabet="关于转发印的通知解读《》<〈（2019〕号补充更正第三批工业节水 :|【", max_size=700
    )
)
@example("《" * 400 + "解读")
@example("〔2019〕1号" * 80)
def test_no_title_is_too_odd(title: str) -> None:
    key = topic_key(title)
    assert len(key) <= KEY_MAX
    assert bool(unmarked(key)) == bool(key)


@given(st.text(alphabet="工业节水装备推荐名单绿色厂2019第三批年度", min_size=8, max_size=40))
def test_an_explanation_has_the_topic_of_what_it_names(words: str) -> None:
    title = f"某部关于{words}的通知"
    assume(topic_key(title))
    for explains in (f"《{title}》解读", f"一图读懂《{title}》", f"关于《{title}》的政策解读"):
        assert topic_key(explains) == about_key(topic_key(title))
