"""Which two notices are one document by their bodies, and what speaks against it."""

import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.likeness import Face, File, alike
from store.models import Strength
from store.particulars import comparable, fold
from store.replaced import additions

TITLE = "工业和信息化部办公厅关于组织推荐2019年工业节水技术装备的通知"
BODY = (
    "各省、自治区、直辖市工业和信息化主管部门：为贯彻落实国家节水行动方案，加快先进适用节水工艺、技术和装备的"
    "推广应用，提升工业用水效率，现组织开展2019年工业节水技术装备推荐工作。一、推荐范围包括共性通用技术、"
    "钢铁、石化化工、纺织印染、造纸、食品等行业的节水工艺和装备，技术应当成熟可靠，在国内已有成功应用案例。"
    "二、申报单位向所在地主管部门提出申请，材料双面打印、胶装成册。三、请各地主管部门对材料进行审核，择优推荐，"
    "每个地区推荐项目不超过15项，于2019年10月25日前寄送我部，逾期不予受理。联系人：温书言，电话：010-55501936，"
    "邮箱：jieshui@miit.gov.cn。附件：1.推荐汇总表2.申请书"
)
TEMPLATE = (
    "根据建设项目环境影响评价审批程序的有关规定，经审查，我局拟对{}有限公司{}项目作出审批意见。为保证审查工作的"
    "严肃性和公正性，现将拟作出审批意见的环境影响评价文件基本情况予以公示。公示期为{}，公示期间如有异议，请以"
    "书面形式反馈，个人须署真实姓名，单位须加盖公章，并写明联系方式，以便核实。听证权利告知：申请人、利害关系人"
    "自公示起五日内可以对拟作出的建设项目环境影响评价文件批复决定要求听证。项目建设地点在工业园区内，主要建设"
    "生产车间及配套设施，投资{}万元，采取的污染防治措施为车间废气收集处理后排放，生活污水接入管网。"
)


def face(title: str = TITLE, text: str = BODY, source: str = "", **more: object) -> Face:
    facts: dict[str, object] = {"read": lambda: text, "source": source}
    return Face(title, **(facts | more))  # type: ignore[arg-type]


def how(a: Face, b: Face) -> Strength | None:
    """On what the two are one document; the answer must not depend on who is asked first."""
    there, back = alike(a, b), alike(b, a)
    assert (there and (there.how, there.words)) == (back and (back.how, back.words))
    return there.how if there else None


SHORT = "现将有关材料印发给你们，请按要求填写，于10月25日前报送。"


@pytest.mark.parametrize(
    ("title", "text", "why"),
    [
        (TITLE, BODY.replace("，", ", "), "punctuation"),
        (TITLE, BODY.replace("2019年10月25日", "二〇一九年十月二十五日"), "numerals"),
        (TITLE, BODY.replace("15", "１５"), "full-width figures"),
        (f"[转载]{TITLE}", BODY, "a repost that says so"),
        (f"【转发】{TITLE}", f"信息来源：工业和信息化部网站{BODY}", "and its source"),
        (f"转发{TITLE}", BODY, "handed on without a word"),
        (TITLE.removeprefix("工业和信息化部办公厅关于"), BODY, "the agency and 关于 left out"),
        (f"山东省：{TITLE}", BODY, "a word before"),
        ("工信部征集节水装备（2019）", BODY, "a title of the site's own"),
        (f"关于印发《{TITLE}》的通知", BODY, "印发…通知"),
        (f"{TITLE}（工信厅节函〔2019〕205号）", BODY, "its number in the title"),
        (TITLE, BODY[:-19], "an attachment list that one has not"),
        (TITLE, BODY[: len(BODY) * 9 // 10], "cut off at the end"),
        (TITLE, f"{BODY}工业和信息化部办公厅2019年9月6日（此件公开发布）", "a signature"),
        (TITLE, f"{BODY}责任编辑：李四 浏览次数：356次", "furniture"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)
def test_one_document(title: str, text: str, why: str) -> None:
    assert how(face(source="miit"), face(title, text, "shandong_gxt")), why


@pytest.mark.parametrize(
    ("title", "text", "why"),
    [
        (f"{TITLE}解读", BODY, "解读, be its body as it may"),
        (f"关于《{TITLE}》的更正公告", BODY, "更正"),
        (f"关于延长{TITLE}期限的通知", BODY, "延长"),
        (TITLE.replace("2019", "2018"), BODY, "another year in the title"),
        (f"{TITLE}（第二批）", BODY, "a batch"),
        (f"{TITLE}（二）", BODY, "a part"),
        (TITLE, BODY.replace("10月25日", "10月26日"), "another deadline"),
        (TITLE, BODY.replace("10月25日", "10月5日"), "a digit less in it"),
        (TITLE, BODY.replace("55501936", "55501937"), "another telephone"),
        (TITLE, BODY.replace("15项", "5项"), "another count"),
        (TITLE, BODY.replace("温书言", "贺知远"), "another person"),
        (TITLE, BODY.replace("节水", "节能"), "another subject, in the text"),
        (TITLE, BODY.replace("国家节水行动方案", "省里的有关文件"), "other words"),
        (f"转发{TITLE}", f"各市工信局：现将通知转发给你们，请认真组织。{BODY}", "with a letter"),
        (
            f"转发{TITLE}",
            f"各市工信局、各有关单位，省属各企业：为做好我省工作，按照部里要求，经研究，现提出以下几点意见。{BODY}",
            "with a letter in other words",
        ),
        ("关于公布绿色园区名单的通知", SHORT, "a short text under another title"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 30 else "",
)
def test_not_one_document(title: str, text: str, why: str) -> None:
    here = face("关于公布绿色工厂名单的通知", SHORT) if text == SHORT else face(source="miit")
    assert not how(here, face(title, text, "shandong_gxt")), why


def test_two_reposts_without_the_document_itself() -> None:
    """Each site says when it put the page there, and whence it has it."""
    head = "发布时间：2019-09-{} 来源：{} 浏览次数：{}"
    one, other = head.format(12, "工信部网站", 356), head.format(15, "省工信厅", 28)
    assert how(face(text=one + BODY, source="a"), face(text=other + BODY, source="b"))


def test_another_number_is_another_document() -> None:
    one = face(source="a", doc_number="工信厅节函〔2019〕205号")
    assert not how(one, face(source="b", doc_number="鲁工信节〔2019〕31号"))
    assert how(one, face(source="b")) is Strength.TITLE


def test_a_body_alone_is_the_weakest_reason() -> None:
    assert how(face(), face("工信部征集节水装备（2019）")) is Strength.TEXT


@pytest.mark.parametrize(
    "other",
    [
        ("长江机电", "年产二十万件机电产品", "2019年9月9日至9月16日", "5600"),
        ("蓝海科技", "年产十万吨涂料", "2019年9月20日至9月27日", "3200"),
        ("蓝海科技", "年产十万吨涂料", "2019年9月9日至9月16日", "3250"),
        ("海蓝科技", "年产十万吨涂料", "2019年9月9日至9月16日", "3200"),
        ("蓝海科技", "年产十万吨树脂", "2019年9月9日至9月16日", "3200"),
    ],
)
@pytest.mark.parametrize("source", ["huaibei_jxj", "anhui_jxt"])
def test_notices_of_one_template(other: tuple[str, ...], source: str) -> None:
    told = ("蓝海科技", "年产十万吨涂料", "2019年9月9日至9月16日", "3200")
    title = "建设项目环境影响评价文件拟审批公示"
    one = face(title, TEMPLATE.format(*told), "huaibei_jxj")
    assert not how(one, face(title, TEMPLATE.format(*other), source))
    assert how(one, face(title, TEMPLATE.format(*told), "anhui_jxt"))


def test_one_source_prints_a_document_in_two_columns_word_for_word() -> None:
    day = dt.date(2019, 9, 10)
    files = (File("附件1.docx", "a" * 64),)
    one = face(source="miit", published=day, list_files=lambda: files)
    assert how(one, face(source="miit", published=day, list_files=lambda: files))
    assert how(one, face(source="miit", published=day)), "files that one has not"
    assert not how(one, face(source="miit", text=f"{BODY}（此件公开发布）"))
    assert not how(one, face(source="miit", published=dt.date(2019, 12, 10))), "a reminder"
    for other in (File("附件1.docx", "b" * 64), File("附件2.docx", "c" * 64)):
        assert not how(one, face(source="miit", list_files=lambda other=other: (other,)))
    assert not how(face(text=SHORT, source="miit"), face(text=SHORT, source="miit"))


pieces = st.lists(
    st.sampled_from(
        [*BODY.split("，"), "温书言", "贺知远", "10月5日", "15", "来源：某网", "附件：1.表"]
    ),
    min_size=1,
    max_size=30,
)


@given(pieces, pieces)
def test_the_test_is_symmetric(one: list[str], other: list[str]) -> None:
    how(face(text="，".join(one)), face("工信部征集（2019）", "，".join(other)))


@given(pieces)
def test_a_copy_is_a_copy(words: list[str]) -> None:
    text = "，".join(words) + BODY
    assert how(face(text=text, source="a"), face(text=text, source="b")) is Strength.TITLE


@given(
    st.text("各有关单位请于10月25日前0", max_size=80),
    st.text("各有关单位请于10月25日前0", max_size=80),
)
def test_what_one_adds_is_told_from_either_side(one: str, other: str) -> None:
    a, b = comparable(fold(one)), comparable(fold(other))
    there, back = additions(a, b), additions(b, a)
    assert (there is None) == (back is None)
    if there and back:
        assert (there.one, there.other, there.head) == (back.other, back.one, back.head[::-1])


def test_long_texts_that_differ_are_told_soon() -> None:
    one = "".join(chr(0x4E00 + i * 7919 % 20000) for i in range(200_000))
    other = "".join(chr(0x4E00 + i * 104729 % 20000) for i in range(200_000))
    began = time.process_time()
    assert not how(face(text=one, source="a"), face(text=other, source="b"))
    assert how(face(text=one, source="a"), face(text=f"{one}（完）", source="b"))
    assert time.process_time() - began < 20
