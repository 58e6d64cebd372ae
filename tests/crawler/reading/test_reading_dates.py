"""One date function: what it reads, and what it refuses."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clock import BEIJING
from crawler.reading.dates import (
    DateError,
    address_date,
    day_of,
    find_dates,
    from_epoch,
    moment_of,
    parse_date,
)

NOW = dt.datetime(2019, 9, 12, 8, 0, tzinfo=BEIJING)
DAY = dt.date(2019, 9, 11)
days = st.dates(dt.date(1949, 10, 1), dt.date(2019, 9, 12))
FIGURES = "〇一二三四五六七八九"


def at(hour: int, minute: int = 0, second: int = 0, day: dt.date = DAY) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2019-09-11", DAY),
        ("2019/9/11", DAY),
        ("2019.9.11", DAY),
        ("2019 - 09 - 11", DAY),
        ("[2019-09-11]", DAY),
        ("（2019-09-11）", DAY),
        ("[2019-09-11 16:20]", at(16, 20)),
        ("2019-09-11 16:20:05", at(16, 20, 5)),
        ("2019-09-11T16:20:05+08:00", at(16, 20, 5)),
        ("2019-09-11 16:20:05.0", at(16, 20, 5)),
        ("2019年9月11日", DAY),
        ("2019 年 9 月 11 日", DAY),
        ("2019年09月11日 16时20分", at(16, 20)),
        ("2019年9月11日下午3时", at(15)),
        ("2019年9月11日 24:00", dt.datetime(2019, 9, 12, tzinfo=BEIJING)),
        ("２０１９年９月１１日", DAY),
        ("２０１９－０９－１１", DAY),
        ("二〇一九年九月十一日", DAY),
        ("二零一九年九月十一日", DAY),
        ("二○一九年九月十一日", DAY),
        ("二Ｏ一九年九月十一日", DAY),
        ("二〇一九年八月卅一日", dt.date(2019, 8, 31)),
        ("二〇一九年八月廿三日", dt.date(2019, 8, 23)),
        ("二〇一九年八月二十日", dt.date(2019, 8, 20)),
        ("发布时间：2019-09-11", DAY),
        ("发布日期: 2019-09-11 08:30", at(8, 30)),
        ("09-11", DAY),
        ("[09-11]", DAY),
        ("9月11日", DAY),
        ("12-31", dt.date(2018, 12, 31)),
        ("02-29", dt.date(2016, 2, 29)),
        ("今天", dt.date(2019, 9, 12)),
        ("昨天", DAY),
        ("昨天 16:20", at(16, 20)),
        ("前天", dt.date(2019, 9, 10)),
        ("3天前", dt.date(2019, 9, 9)),
        ("2周前", dt.date(2019, 8, 29)),
        ("2小时前", dt.datetime(2019, 9, 12, 6, tzinfo=BEIJING)),
        ("半小时前", dt.datetime(2019, 9, 12, 7, 30, tzinfo=BEIJING)),
        ("刚刚", NOW),
        ("20190911", DAY),
        ("t20190911_18205018", DAY),
        ("20190911162005", at(16, 20, 5)),
        ("1568190005000", at(16, 20, 5)),
        ("1568190005", at(16, 20, 5)),
        ("2019-09-18", dt.date(2019, 9, 18)),
    ],
)
def test_dates_as_pages_print_them(text: str, value: dt.date) -> None:
    assert parse_date(text, NOW) == value
    assert type(parse_date(text, NOW)) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "无",
        "2019",
        "2019年9月",
        "2019-09",
        "/2019-09/",
        "09-31",
        "2019-02-29",
        "2019-13-01",
        "2019年2月30日",
        "二〇一九年十三月一日",
        "2019-09-11 25:00",
        "1948-12-31",
        "2019-09-20",
        "2119-01-01",
        "12345",
        "3个月前",
        "2019-09-11 至 2019-09-12",
        "第2019-09-11号",
        "2019-09-110",
        "99999999999999999999",
        "x" * 10_000,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        parse_date(text, NOW)


@given(
    days,
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "[%Y-%m-%d]", "%Y%m%d"]),
)
def test_what_is_printed_is_read(day: dt.date, form: str) -> None:
    assert parse_date(day.strftime(form), NOW) == day


def numeral(figure: int) -> str:
    tens, ones = divmod(figure, 10)
    head = ("" if tens == 1 else FIGURES[tens]) + "十" if tens else ""
    return head + (FIGURES[ones] if ones else "")


@given(days)
def test_chinese_numerals_are_read(day: dt.date) -> None:
    year = "".join(FIGURES[int(x)] for x in str(day.year))
    text = f"{year}年{numeral(day.month)}月{numeral(day.day)}日"
    assert parse_date(text, NOW) == day
    assert [x.day for x in find_dates(f"本办法自{text}起施行。")] == [day]


@given(st.datetimes(dt.datetime(1949, 10, 1), dt.datetime(2019, 9, 12)))  # noqa: DTZ001
def test_moments_are_read_in_beijing_time(moment: dt.datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=BEIJING)
    assert parse_date(f"{moment:%Y-%m-%d %H:%M:%S}", NOW) == moment


@given(st.text())
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    find_dates(text)
    address_date(text, NOW)
    try:
        value = parse_date(text, NOW)
    except DateError:
        return
    assert dt.date(1949, 1, 1) <= day_of(value) <= dt.date(2019, 9, 19)


@given(days)
def test_a_day_without_year_is_never_ahead(day: dt.date) -> None:
    value = day_of(parse_date(f"{day:%m-%d}", NOW))
    assert value <= NOW.date()
    assert (value.month, value.day) == (day.month, day.day)


def test_dates_in_a_text_with_their_places() -> None:
    text = "根据2019年1月2日的会议，于2019-03-04 10:00开始；版本1.2.3，电话2019-12345。"
    found = find_dates(text)
    assert [x.day for x in found] == [dt.date(2019, 1, 2), dt.date(2019, 3, 4)]
    assert text[found[0].start : found[0].end] == "2019年1月2日"
    assert isinstance(found[1].value, dt.datetime)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://a.gov.cn/x/201909/t20190911_18205018.htm", DAY),
        ("http://a.gov.cn/art/2019/9/11/art_15201_7120101.html", DAY),
        ("http://a.gov.cn/zhengce/2019-09/11/content_5455828.htm", DAY),
        ("http://a.gov.cn/gg/20190911/0011-abc.html", DAY),
        ("http://a.gov.cn/2019/09-11/1.html", DAY),
        ("http://a.gov.cn/201909/P020190911334455667788.pdf", DAY),
        ("http://a.gov.cn/201909/W020190911334455667788.jpg", DAY),
        ("http://a.gov.cn/201909/P0201909.pdf", None),
        ("http://a.gov.cn/201909/P02019091133.pdf", None),
        ("http://a.gov.cn/hdjl/2019-09/8aeebf93.html", None),
        ("http://a.gov.cn/n1146295/c7407621/content.html", None),
        ("http://a.gov.cn/t20291231_1.html", None),
        ("http://a.gov.cn/20191345/1.html", None),
        ("http://20190911.gov.cn/1.html", None),
    ],
)
def test_the_day_in_an_address(url: str, day: dt.date | None) -> None:
    assert address_date(url, NOW) == day


def test_moments_and_days() -> None:
    assert moment_of(DAY) == at(0)
    assert moment_of(at(3)) == at(3)
    assert from_epoch(1568190005000, NOW) == from_epoch(1568190005, NOW) == at(16, 20, 5)
    with pytest.raises(DateError):
        from_epoch(12, NOW)
