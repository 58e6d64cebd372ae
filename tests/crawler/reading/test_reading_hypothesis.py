"""What holds of any text: dates, 文号, periods and charsets, by examples that hypothesis makes."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.http import TextResponse

from crawler.clock import BEIJING
from crawler.reading.charset import build_response
from crawler.reading.dates import DateError, day_of, find_dates, parse_date
from crawler.reading.fact.doc_number import normalise
from crawler.reading.fact.period import read_period
from crawler.reading.fact.period_days import RANGE, ranges
from crawler.reading.notice import read_notice

NOW = dt.datetime(2030, 6, 1, 8, 0, tzinfo=BEIJING)
examples = settings(max_examples=80, deadline=None, derandomize=True)

_HAN = dict(zip("0123456789", "〇一二三四五六七八九", strict=True))
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def han_year(day: dt.date) -> str:
    return "".join(_HAN[c] for c in f"{day.year:04d}")


def han_number(number: int) -> str:
    """1 to 39 as a date prints it: 九, 十, 十九, 二十, 三十一."""
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, f"{_HAN[str(tens)]}十")
    return head + (_HAN[str(ones)] if ones else "")


FORMS: dict[str, Callable[[dt.date], str]] = {
    "iso": lambda d: d.isoformat(),
    "slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "dots": lambda d: f"{d.year}.{d.month:02d}.{d.day:02d}",
    "Chinese": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "Chinese, padded": lambda d: f"{d.year}年{d.month:02d}月{d.day:02d}日",
    "Chinese, spaced": lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    "full width": lambda d: f"{d.year}年{d.month}月{d.day}日".translate(_WIDE),
    "numerals": lambda d: f"{han_year(d)}年{han_number(d.month)}月{han_number(d.day)}日",
    "numerals with a round zero": lambda d: (
        f"{han_year(d).replace('〇', '○')}年{han_number(d.month)}月{han_number(d.day)}日"
    ),
    "labelled": lambda d: f"发布时间：{d.isoformat()}",
    "bracketed": lambda d: f"[{d.isoformat()}]",
    "with an hour": lambda d: f"{d.isoformat()} 08:30",
}
days = st.dates(dt.date(1949, 10, 1), NOW.date())
texts = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("0123456789年月日时分第号令〔〕（）-./:：截止至起前"),
    max_size=120,
)


@pytest.mark.parametrize("form", FORMS)
@examples
@given(day=days)
def test_a_printed_date_reads_back(form: str, day: dt.date) -> None:
    printed = FORMS[form](day)
    assert day_of(parse_date(printed, NOW)) == day
    assert [x.day for x in find_dates(f"某局于{printed}发布。")] == [day]


@examples
@given(day=days, hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_the_hour_is_kept(day: dt.date, hour: int, minute: int) -> None:
    moment = parse_date(f"{day.isoformat()} {hour:02d}:{minute:02d}", NOW)
    assert moment == dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=BEIJING)


@examples
@given(
    year=st.integers(1949, 2029),
    month=st.integers(0, 19),
    day=st.integers(0, 39),
    form=st.sampled_from(["{0}-{1:02d}-{2:02d}", "{0}年{1}月{2}日", "{0}/{1}/{2}", "{0}.{1}.{2}"]),
)
def test_an_impossible_date_is_none(year: int, month: int, day: int, form: str) -> None:
    printed = form.format(year, month, day)
    try:
        expected = dt.date(year, month, day)
    except ValueError:
        with pytest.raises(DateError):
            parse_date(printed, NOW)
        assert find_dates(f"于{printed}发布") == []
    else:
        assert day_of(parse_date(printed, NOW)) == expected


@examples
@given(day=st.dates(NOW.date() + dt.timedelta(days=8), dt.date(2099, 12, 31)))
def test_a_date_ahead_is_none(day: dt.date) -> None:
    with pytest.raises(DateError):
        parse_date(day.isoformat(), NOW)


@examples
@given(text=texts)
def test_any_text_is_a_date_or_a_date_error(text: str) -> None:
    for found in find_dates(text):
        assert 0 <= found.start < found.end <= len(text)
    try:
        value = parse_date(text, NOW)
    except DateError:
        return
    assert dt.date(1949, 1, 1) <= day_of(value) <= NOW.date() + dt.timedelta(days=7)


AGENCIES = st.text(
    st.sampled_from("京沪粤苏浙鲁工信发改财科商建环厅局委部函办字规综"), min_size=2, max_size=8
)
BRACKETS = ("〔〕", "[]", "［］", "【】", "（）", "()", "﹝﹞", "〈〉", "<>")


@pytest.mark.parametrize("brackets", BRACKETS)
@examples
@given(agency=AGENCIES, year=st.integers(1980, 2029), number=st.integers(1, 99999))
def test_every_bracket_is_one_form(brackets: str, agency: str, year: int, number: int) -> None:
    opening, closing = brackets[0], brackets[1]
    form = f"{agency}〔{year}〕{number}号"
    for printed in (
        f"{agency}{opening}{year}{closing}{number}号",
        f"{agency} {opening}{year}{closing} {number} 号",
        f"（{agency}{opening}{year}{closing}{number}号）",
        f"{agency}{opening}{year}{closing}{number}号".translate(_WIDE),
    ):
        assert normalise(printed) == form


@examples
@given(text=texts)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@examples
@given(
    text=st.one_of(
        st.from_regex(r"[0-9A-Z]{9}/[0-9]{4}-[0-9]{5}", fullmatch=True),  # index number
        st.from_regex(r"[0-9]{8}-[0-9]-[0-9]{4}-[0-9]{6}", fullmatch=True),
        st.from_regex(r"0[0-9]{2,3}-[0-9]{7,8}", fullmatch=True),  # telephone
        st.from_regex(r"1[0-9]{10}", fullmatch=True),
        st.from_regex(r"京ICP备[0-9]{8}号(?:-[0-9])?", fullmatch=True),
        st.from_regex(r"京公网安备[0-9]{14}号", fullmatch=True),
        st.from_regex(r"(?:19|20)[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日", fullmatch=True),
    )
)
def test_other_codes_are_no_number(text: str) -> None:
    assert normalise(text) == ""


@examples
@given(
    written=st.dates(dt.date(2015, 1, 1), dt.date(2029, 1, 1)),
    wait=st.integers(1, 30),
    length=st.integers(1, 200),
    form=st.sampled_from(
        [
            "申报时间：{a}至{b}。",
            "公示期为{a}至{b}。",
            "网上申报时间为{a}—{b}。",
            "征求意见期限：自{a}起至{b}止。",
        ]
    ),
)
def test_a_range_reads_back(written: dt.date, wait: int, length: int, form: str) -> None:
    opens = written + dt.timedelta(days=wait)
    closes = opens + dt.timedelta(days=length)
    printed = [FORMS["Chinese"](x) for x in (opens, closes)]
    period = read_period([form.format(a=printed[0], b=printed[1])], written)
    assert period is not None
    assert (period.opens, period.closes) == (opens, closes)


@examples
@given(
    written=st.dates(dt.date(2015, 1, 1), dt.date(2029, 1, 1)),
    wait=st.integers(1, 300),
    form=st.sampled_from(
        [
            "请于{}前将申报材料报送我局。",
            "申报截止时间：{}。",
            "请各单位于{}前反馈意见。",
            "报名截止日期为{}，逾期不再受理。",
        ]
    ),
    whole=st.booleans(),
)
def test_a_last_day_reads_back(written: dt.date, wait: int, form: str, whole: bool) -> None:
    closes = written + dt.timedelta(days=wait)
    whole = whole or closes.year != written.year
    printed = FORMS["Chinese"](closes) if whole else f"{closes.month}月{closes.day}日"
    period = read_period([form.format(printed)], written)
    assert period is not None
    assert period.closes == closes


@examples
@given(
    parts=st.lists(
        st.sampled_from(
            [
                *(
                    "2026年",
                    "2026-",
                    "5月",
                    "12月",
                    "1日",
                    "30",
                    "08",
                    "9:00",
                    "17时",
                    "截止",
                    "起",
                ),
                *("至", "-", "~", "从", "自", " ", "，", ".", "3", "٣"),
            ]
        ),
        max_size=16,
    )
)
def test_ranges_are_found_wherever_their_shape_stands(parts: list[str]) -> None:
    sentence = "".join(parts)
    spans = [match.span() for match in RANGE.finditer(sentence)]
    assert [match.span() for match in ranges(sentence)] == spans


@examples
@given(paragraphs=st.lists(texts, max_size=4), day=st.none() | days)
def test_a_period_of_any_text_lies_near_its_day(paragraphs: list[str], day: dt.date | None) -> None:
    period = read_period(paragraphs, day)
    if period is not None and day is not None and period.closes is not None:
        assert day - dt.timedelta(days=60) <= period.closes
    if period is not None and period.opens is not None and period.closes is not None:
        assert period.opens <= period.closes


# Chinese of all sorts: common, rare ones that only GB18030's four bytes hold, and punctuation.
_CHINESE = st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DB5),
    st.characters(min_codepoint=0x20000, max_codepoint=0x2A6D6),
    st.sampled_from("，。、；：？！“”‘’（）《》〔〕—…·０１２年月日"),
)
_SENTENCE = st.text(_CHINESE, min_size=1, max_size=60)
_COMMON = "各有关单位：现将本通知印发给你们，请认真贯彻执行。"


@pytest.mark.parametrize(
    "declared", ["", "gbk", "gb2312", "gb18030", "utf-8", "big5", "iso-8859-1"]
)
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
@examples
@given(sentence=_SENTENCE)
def test_no_declaration_makes_mojibake(encoding: str, declared: str, sentence: str) -> None:
    meta = f'<meta charset="{declared}">' if declared else ""
    text = f"<html><head>{meta}</head><body><h1>标题</h1><p>{_COMMON}{sentence}</p></body></html>"
    response = build_response("https://a.example.gov.cn/1.html", text.encode(encoding))
    assert isinstance(response, TextResponse)
    assert response.text == text


@examples
@given(sentence=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=8))
def test_a_page_in_gbk_reads_back(sentence: str) -> None:
    text = f"<html><body><h1>关于某事的通知</h1><p>{sentence}</p></body></html>"
    for header in ({}, {"Content-Type": "text/html; charset=utf-8"}):
        response = build_response("https://a.example.gov.cn/1.html", text.encode("gbk"), header)
        assert isinstance(response, TextResponse)
        assert sentence in read_notice(response, None, now=NOW).html
