"""Which two notices are one document."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.likeness import Face, Reason, alike
from store.models import Strength

TEXT = (
    "各省、自治区、直辖市工业和信息化主管部门：为把成熟可靠的节水技术找出来、推出去，现请各地组织推荐。"
    "申报单位向所在地主管部门提出，材料双面打印、胶装成册。请于2019年10月25日前寄送我部，逾期不予受理。"
    "联系人：温书言，电话：010-55501936。"
)
TITLE = "工业和信息化部办公厅关于组织推荐2019年工业节水技术装备的通知"
NUMBER = "工信厅节函〔2019〕205号"
MIIT = ("工业和信息化部办公厅",)
WRITTEN = dt.date(2019, 9, 6)


def face(
    title: str = TITLE,
    number: str = NUMBER,
    issuers: tuple[str, ...] = MIIT,
    written: dt.date | None = WRITTEN,
    text: str = TEXT,
    source: str = "",
) -> Face:
    return Face(title, number, issuers, written, lambda: text, source)


def one(a: Face, b: Face) -> bool:
    """Whether the two are one document; the answer must not depend on who is asked first."""
    assert bool(alike(a, b)) == bool(alike(b, a))
    return bool(alike(a, b))


LETTER = "现将部里的通知转给你们，请按要求组织，汇总表报我厅节能处。" * 3


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (face(text="见附件。"), "same 文号, issuer and title, whatever the body"),
        (face("关于组织推荐2019年工业节水技术装备的通知", text=""), "without the agency"),
        (face(issuers=("工业和信息化部",)), "the agency and its office"),
        (face(issuers=("山东省工业和信息化厅",)), "a province signs, number and body are the same"),
        (face(f"{TITLE}（{NUMBER}）"), "the number stands in the title too"),
        (face(number="", issuers=()), "neither number nor issuer, same title and body"),
        (face(number="", text=TEXT + "（责任编辑：某某）"), "a line more"),
        (
            face("工业和信息化部办公厅　关于组织推荐二〇一九年工业节水技术装备等的通知 ", ""),
            "trivia",
        ),
        (face(number="", written=None), "the date is not read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_document(other: Face, why: str) -> None:
    assert one(face(), other), why


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (face(f"{TITLE}解读"), "解读"),
        (face("一图读懂2019年工业节水技术装备推荐"), "图解"),
        (face("2019年工业节水技术装备推荐工作答记者问"), "答问"),
        (face(f"关于《{TITLE}》的更正"), "更正"),
        (face(f"关于《{TITLE}》的补充通知"), "补充"),
        (face(TITLE.replace("组织推荐", "延长推荐")), "延长"),
        (face(TITLE.replace("组织推荐", "修改推荐")), "修改"),
        (face(TITLE.replace("组织推荐", "变更推荐")), "变更"),
        (face(TITLE.replace("组织推荐", "撤销推荐")), "撤销"),
        (face(TITLE.replace("组织推荐", "废止推荐")), "废止"),
        (face(f"{TITLE}失效"), "失效"),
        (face(f"{TITLE}起草说明"), "起草说明"),
        (face(f"转发{TITLE}", text=LETTER + TEXT), "forwarded with a letter"),
        (face(TITLE.replace("2019", "2018")), "another year"),
        (face(TITLE.replace("装备", "装备（第二批）")), "another batch"),
        (face(number="工信厅节函〔2019〕206号"), "another number"),
        (face("关于召开工业节水现场会的通知"), "another title under the number"),
        (face(issuers=("某市工业和信息化局",), text="本市另有安排。" * 30), "a city's same number"),
        (face(number="", written=dt.date(2019, 9, 8)), "written on another day"),
        (face(number="", text=TEXT.replace("10月25日", "10月20日")), "another deadline"),
        (face(number="", text="请各单位自行组织，按季度报送进展情况。" * 5), "another body"),
        (face(number="", text=""), "no body to compare"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_not_one_document(other: Face, why: str) -> None:
    assert not one(face(), other), why


APPOINTMENT = (
    "根据干部选拔任用工作的有关规定，现将拟任职人员的情况公示如下：{}，男，汉族，1974年3月生，大学学历，"
    "中共党员，现在市局任职，拟提名为副局长人选。公示期为2019年9月9日至9月15日，期间对公示对象有反映的，"
    "可以来信、来电，反映情况须写明真实姓名和工作单位，受理电话010-55501936。"
)


def test_a_repost_stands_on_another_source() -> None:
    here, there = face(number="", source="miit"), face(number="", source="shandong_gxt")
    assert one(here, there)
    assert not one(here, here)
    assert one(face(source="miit"), face(source="miit")), "the same 文号 joins wherever it stands"


@pytest.mark.parametrize("source", ["huaibei_jxj", "anhui_jxt"])
def test_two_persons_before_their_appointment(source: str) -> None:
    def person(name: str, source: str = "huaibei_jxj") -> Face:
        text = APPOINTMENT.format(name)
        return face("任前公示", "", (), None, text, source)

    assert not one(person("温书言"), person("贺知远", source))
    assert one(person("温书言"), person("温书言", "anhui_jxt"))


def test_two_batches_with_one_body() -> None:
    first = face("关于公布第一批示范名单的公告", "", written=None)
    again = face("关于公布第1批示范名单的公告", "", written=None)
    second = face("关于公布第二批示范名单的公告", "", written=None)
    assert one(first, again)
    assert not one(first, second)


def test_copies_of_one_forwarding_are_one() -> None:
    letter = face(f"转发{TITLE}", "鲁工信节〔2019〕31号", ("山东省工业和信息化厅",), text=LETTER)
    assert one(letter, letter)
    assert one(letter, face(letter.title, "", (), text=LETTER))


def test_the_reason_is_in_words() -> None:
    """And say how strong they are."""
    number = alike(face(), face())
    assert number == Reason(
        Strength.NUMBER, "文号、发文机关相同，标题相近（工信厅节函〔2019〕205号）"
    )
    assert alike(face(number=""), face(number="")) == Reason(Strength.TITLE, "标题相同，正文相同")


def test_titles_without_words_are_nothing_in_common() -> None:
    assert not one(face("——", "", text=TEXT), face("……", "", text=TEXT))


wild = st.text("关于通知转发解读公示第一二十批2019年〔〕号（）《》 、0aé的等", max_size=30)
faces = st.builds(
    lambda title, number, issuer, text: face(title, number, (issuer,), None, text),
    wild,
    wild,
    wild,
    st.text("各有关单位请于10月25日前", max_size=60),
)


@given(faces, faces)
def test_the_test_is_symmetric_and_takes_any_text(a: Face, b: Face) -> None:
    one(a, b)
    assert len(a.number_key) <= 300
    assert len(a.title_key) <= 300
