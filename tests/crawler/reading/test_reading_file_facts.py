"""A notice that is a file: its facts from the plain text."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.file_facts import read_file_facts

DAY = dt.date(2019, 9, 6)
TITLE = "某某省工业和信息化厅关于征集节水改造案例的通知"
TEXT = f"""{TITLE}
某工信节〔2019〕88号
各市工业和信息化局：
节水改造进入第三年，请各地把做得好的企业推荐出来。
案例文本于9月27日前报送我厅节能处，不超过两千字。
某某省工业和信息化厅
2019年9月5日
附件
案例编写要求
一、写清改造前后的取水量。
某某设计院编写
2018年3月1日"""


def test_the_facts_of_a_text() -> None:
    facts = read_file_facts(TEXT, TITLE, DAY)
    assert facts.number.number == "某工信节〔2019〕88号"
    assert facts.written == dt.date(2019, 9, 5)
    assert facts.issuers == ["某某省工业和信息化厅"]
    assert facts.period is not None
    assert facts.period.closes == dt.date(2019, 9, 27)
    assert facts.evidence == {
        "doc_number": "file body",
        "written": "file signature",
        "issuers": "file signature",
        "period": "file body",
    }


def test_a_text_that_says_nothing() -> None:
    facts = read_file_facts("", "某某名单", None)
    assert (facts.number.number, facts.written, facts.issuers, facts.period) == ("", None, [], None)
    assert facts.evidence == {}


def test_a_number_that_the_text_quotes_is_not_its_own() -> None:
    text = "各单位：\n根据《某某办法》（某政发〔2018〕3号），现印发指南。"
    assert read_file_facts(text, "某某指南", DAY).number.number == ""


@given(st.text(max_size=400), st.text(max_size=40), st.none() | st.dates())
def test_any_text_is_survived(text: str, title: str, day: dt.date | None) -> None:
    read_file_facts(text, title, day)
