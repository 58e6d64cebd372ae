"""Where number, issuers and day of signing stand on pages and in texts of many makes."""

# ruff: noqa: E501 - one form of markup, one line

import datetime as dt

import pytest

from crawler.clock import BEIJING
from crawler.notice import Notice, PartKind
from crawler.reading.charset import build_response
from crawler.reading.fact.agencies import is_agency, split_agencies
from crawler.reading.file_facts import read_file_facts
from crawler.reading.notice import read_notice

NOW = dt.datetime(2026, 11, 24, 8, 0, tzinfo=BEIJING)
TITLE = "关于整修乡村公路桥梁护栏的通知"
CALL = "关于征集乡村公路养护建议的公告"
MENU = "".join(f"<li><a href=/c{n}/>{x}</a></li>" for n, x in enumerate(("首页", "公告", "互动")))
TEXT = (
    "<p>各乡镇公路站，各养护单位：</p>"
    "<p>为保障汛期通行安全，按照上级文件（岭政发〔2022〕8号）要求，现就整修护栏的事项通知如下。</p>"
    "<p>一、各单位要对桥梁护栏逐座检查，发现损坏及时修复，并做好记录。</p>"
    "<p>二、检修期间要设置警示标志，保证行人和车辆安全。</p>"
)
SHORT = "<p>因桥梁检修，现决定自六月起封闭青石桥，请过往车辆绕行。</p><p>特此公告。</p>"
SIGNED = "<p>青岭县交通运输局</p><p>2023年5月26日</p>"
INFO = "<div class=info>发布时间：2023-05-29　来源：青岭县交通运输局　浏览：12次</div>"
NUMBER = "青交发〔2023〕15号"
BUREAU, MONEY, GUARD = "青岭县交通运输局", "青岭县财政局", "青岭县公安局"
SIGNED_ON = dt.date(2023, 5, 26)


def read(
    text: str = TEXT + SIGNED, title: str = TITLE, head: str = INFO, above: str = ""
) -> Notice:
    markup = (
        f"<html><head><title>{title}-青岭县交通运输局</title></head><body><ul class=nav>{MENU}</ul>"
        f"<div class=main>{above}<h1>{title}</h1>{head}<div class=con>{text}</div></div></body></html>"
    )
    response = build_response("http://jt.example.gov.cn/show.asp?id=56", markup.encode())
    return read_notice(response, None, now=NOW)  # type: ignore[arg-type]


def centred(*lines: str) -> str:
    return "".join(f"<p align=center>{x}</p>" for x in lines) + TEXT + SIGNED


@pytest.mark.parametrize(
    ("notice", "number"),
    [
        (read(above=f"<div class=wh>{NUMBER}</div>"), NUMBER),
        (read(head=f"<h4>青交发〔2023〕 15 号</h4>{INFO}"), NUMBER),
        (read(centred("青交发〔2023〕", "15号")), NUMBER),
        (read(centred("青交发<br>〔2023〕15号")), NUMBER),
        (read(centred("青岭县交通运输局文件", NUMBER, TITLE)), NUMBER),
        (read(centred(f"{NUMBER}　　　　签发人：某某某")), NUMBER),
        (read(head=f"<ul><li><span>索引号</span><span>12-3</span></li><li><span>公文字号</span><span>{NUMBER}</span></li></ul>"), NUMBER),
        (read(head=f"<ul><li>【索引号】12-3</li><li>【发布文号】{NUMBER}（有效）</li></ul>"), NUMBER),
        (read(centred(f"{NUMBER}　{TITLE}")), NUMBER),
        (read(title=f"{TITLE} {NUMBER}"), NUMBER),
        (read(title=f"（{NUMBER}）{TITLE}"), NUMBER),
        (read(title=f"{NUMBER}：{TITLE}"), NUMBER),
        (read(SHORT + SIGNED, "关于封闭青石桥的公告2023年第4号"), "2023年第4号"),
        (read("<p>（2023年第4号）</p>" + SHORT + SIGNED, "关于封闭青石桥的公告"), "2023年第4号"),
        (read("<p>第 4 号</p>" + SHORT + SIGNED, "青岭县交通运输局公告"), "青岭县交通运输局公告第4号"),
        # another's, or none
        (read(), ""),
        (read(title="转发《省厅关于整修护栏的通知》（某交发〔2023〕3号）"), ""),
        (read(title="关于废止青交发〔2020〕3号文件的通知"), ""),
        (read(SHORT + SIGNED, "关于青石桥命名听证会的公告（第一号）"), ""),
    ],
)  # fmt: skip
def test_numbers(notice: Notice, number: str) -> None:
    assert notice.doc_number == number


FIRMS = "<table><tr><td>序号</td><td>单位</td><td>发证日期</td></tr>" + "".join(
    f"<tr><td>{n}</td><td>某某{n}号路桥有限公司</td><td>2023年4月{n}日</td></tr>" for n in range(1, 4)
)  # fmt: skip


@pytest.mark.parametrize(
    ("below", "names"),
    [
        (SIGNED, [BUREAU]),
        ("<p>青 岭 县 交 通 运 输 局　　　青 岭 县 财 政 局</p><p>2023年5月26日</p>", [BUREAU, MONEY]),
        (f"<table><tr><td>{BUREAU}</td><td>{MONEY}</td></tr><tr><td>2023年5月26日</td><td>2023年5月26日</td></tr></table>", [BUREAU, MONEY]),
        (f"<table><tr><td>{BUREAU}<br>2023年5月26日</td><td>{MONEY}<br>2023年5月26日</td></tr></table>", [BUREAU, MONEY]),
        (f"<p>{BUREAU}（盖章）</p><p>2023年5月26日（星期五）</p>", [BUREAU]),
        ("<p>青岭县治超领导小组</p><p>（县交通运输局代章）</p><p>2023年5月26日</p>", ["青岭县治超领导小组"]),
        ("<p>青岭县安全生产委员会</p><p>办公室</p><p>2023年5月26日</p>", ["青岭县安全生产委员会办公室"]),
        ("<p>青岭县推进“四好农村路”建设</p><p>工作领导小组办公室</p><p>二○二三年五月二十六日</p>", ["青岭县推进“四好农村路”建设工作领导小组办公室"]),
        # companies of a table or a list do not sign
        (FIRMS + "</table>" + SIGNED, [BUREAU]),
        (SIGNED + FIRMS + "</table>", [BUREAU]),
        ("<p>某某甲路桥有限公司</p><p>某某乙路桥有限公司</p>" + SIGNED, [BUREAU]),
    ],
)  # fmt: skip
def test_who_signs(below: str, names: list[str]) -> None:
    notice = read(TEXT + below)
    assert (notice.issuers, notice.written) == (names, SIGNED_ON)


@pytest.mark.parametrize(
    "below",
    [
        "<p>某某甲路桥有限公司</p><p>某某乙路桥有限公司</p>",
        "<p>附：成员单位</p><p>县水务局</p><p>县教育局</p>",
    ],
)
def test_a_list_at_the_end_that_nobody_signed_names_no_issuer(below: str) -> None:
    assert read(TEXT + below, head="<div>发布时间：2023-05-29</div>").issuers == []


@pytest.mark.parametrize("stated", ["青岭县交通运输局", "青岭县交通运输局等3部门"])
def test_all_who_sign_go_before_the_first_of_them_in_the_table(stated: str) -> None:
    table = f"<table><tr><td>发文机关：</td><td>{stated}</td></tr><tr><td>索引号：</td><td>12-3</td></tr></table>"
    text = f"{TEXT}<p>{BUREAU} {MONEY}</p><p>{GUARD}</p><p>2023年5月26日</p>"
    assert read(text, head=table).issuers == [BUREAU, MONEY, GUARD]


@pytest.mark.parametrize(
    ("label", "value"),
    [("制定机关", BUREAU), ("颁布单位", BUREAU), ("发布部门", BUREAU), ("责任部门", BUREAU)],
)
def test_who_is_told_by_the_table(label: str, value: str) -> None:
    head = f"<dl><dt>索引号：</dt><dd>12-3</dd><dt>{label}：</dt><dd>{value}</dd></dl>"
    assert read(TEXT, head=head).issuers == [value]


@pytest.mark.parametrize("label", ["印发日期", "签发日期", "落款日期", "信息生成日期"])
def test_the_day_of_signing_by_the_table(label: str) -> None:
    head = f"<ul><li><b>索引号</b>12-3</li><li><b>{label}</b>2023-05-26</li></ul>"
    assert read(TEXT, head=head).written == SIGNED_ON


def test_an_english_signature() -> None:
    text = "<p>In line with the plan, all bridges of the county will be closed for repairs in June.</p><p>Transport Bureau of Qingling County</p><p>May 26, 2023</p>"
    notice = read(text, "Announcement on the Repair of Bridges", "<div>2023-05-29</div>")
    assert notice.issuers == ["Transport Bureau of Qingling County"]
    assert notice.written == SIGNED_ON


def test_a_period_in_the_box_above_the_text() -> None:
    box = "<div><span>征集开始时间：</span><span>2023-05-29</span></div><div><span>征集结束时间：</span><span>2023-06-28</span></div>"
    notice = read(
        "<p>为做好公路养护工作，欢迎社会各界提出建议，可以来信，也可以在网上留言。</p>",
        CALL,
        INFO + box,
    )
    assert notice.period is not None
    assert (notice.period.opens, notice.period.closes) == (
        dt.date(2023, 5, 29),
        dt.date(2023, 6, 28),
    )
    assert notice.evidence["period"] == "head"


@pytest.mark.parametrize(
    "name",
    [
        *("新疆生产建设兵团第三师", "青岭县红十字会", "青岭县第一中学", "民建某某省委会", "某某省军区"),
        *("青岭县“双减”工作专班", "某某省人大常委会", "第九届全省运动会组委会", "国务院安委会"),
        *("青岭县12345热线办公室", "部际联席会议", "某某社区居委会", "中国证监会", "省社科联"),
    ],
)  # fmt: skip
def test_agencies(name: str) -> None:
    assert is_agency(name)


@pytest.mark.parametrize(
    "text",
    ["市政府网站", "座谈会", "新闻发布会", "第三章总则部", "5月3日省厅", "工作单位", "某某日报"],
)
def test_no_agencies(text: str) -> None:
    assert not is_agency(text)


def test_names_in_one_line() -> None:
    assert split_agencies("某某省委宣传部 省科协") == ["某某省委宣传部", "省科协"]
    assert split_agencies("某某省应急厅 办公室") == ["某某省应急厅办公室"]


def test_the_parts_of_a_file_cover_its_text() -> None:
    text = f"\n{TITLE}\n{NUMBER}\n\n各乡镇公路站：\n　\n现就整修护栏的事项通知如下。\n{BUREAU}\n2023年5月26日\n"
    facts = read_file_facts(text, TITLE, None)
    lines = facts.text.split("\n")
    assert [x for part in facts.parts for x in lines[part.first : part.after]] == lines
    kinds = [x.kind for x in facts.parts]
    assert kinds == [
        *(PartKind.TITLE, PartKind.NUMBER, PartKind.ADDRESSEE, PartKind.PARAGRAPH),
        *(PartKind.SIGNATURE, PartKind.WRITTEN),
    ]
