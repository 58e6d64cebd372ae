"""Soft problems of a notice: it is kept, and an editor sees what looks wrong."""

import datetime as dt
import re
from collections.abc import Iterator

from crawler.notice import Notice, Problem

AHEAD = dt.timedelta(days=7)  # a site may date a notice for next Monday
APART = dt.timedelta(days=15)  # list and page may differ by a day or two
LONGEST_TITLE = 200  # characters; the longest true ones have near 150
SHORTEST_TEXT = 20

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_WORD = re.compile(r"\w")
# U+FFFD, what UTF-8 readers make of broken GBK, debug fill, and UTF-8 read as Latin-1.
_MOJIBAKE = re.compile(
    "\ufffd|锟斤拷|烫烫烫|屯屯屯|(?:[ÂÃâäåæçèéï][\u0080-\u00bf™š›œžŸ€‚ƒ„†‡ˆ‰Š‹Œ]{0,2}){3}"
)
_SIGNS = "\ufffd锟烫屯ÂÃâäåæçèéï"  # what each of them begins with: a quick no for a clean text


def doubts(notice: Notice, today: dt.date) -> list[Problem]:
    """What looks wrong, seen from the night's date."""
    return [*_title(notice), *_dates(notice, today), *_text(notice)]


def _title(notice: Notice) -> Iterator[Problem]:
    title = notice.title
    if not _WORD.search(title):
        yield Problem("title.blank", f"标题“{title}”里没有文字")
    elif not _HAN.search(title):
        yield Problem("title.odd", f"标题“{title}”里没有汉字")
    elif len(title) > 3 and len(set(title)) <= 2:
        yield Problem("title.odd", f"标题“{title}”只是同样的字")
    if len(title) > LONGEST_TITLE:
        yield Problem("title.long", f"标题有 {len(title)} 字，可能混进了正文")


def _dates(notice: Notice, today: dt.date) -> Iterator[Problem]:
    published = notice.published.date() if notice.published else None
    if not (published or notice.written or notice.row_date):
        yield Problem("date.missing", "列表和页面上都没有日期")
    for words, date in (("发布日期", published), ("成文日期", notice.written)):
        if date and date > today + AHEAD:
            yield Problem("date.ahead", f"{words} {date} 比今天晚一周以上")
    if published and notice.row_date and abs(published - notice.row_date) > APART:
        yield Problem("date.row", f"页面日期 {published} 与列表日期 {notice.row_date} 相差太远")
    period = notice.period
    if period and period.opens and period.closes and period.closes < period.opens:
        yield Problem("period.reversed", f"截止 {period.closes} 早于开始 {period.opens}")


def _text(notice: Notice) -> Iterator[Problem]:
    if len(notice.text) < SHORTEST_TEXT and not notice.attachments:
        yield Problem("text.short", f"正文只有 {len(notice.text)} 字，也没有附件")
    for words, text in (("标题", notice.title), ("正文", notice.text)):
        found = _MOJIBAKE.search(text) if any(sign in text for sign in _SIGNS) else None
        if found or _misread(text):
            sample = found[0] if found else text[:10]
            yield Problem("text.mojibake", f"{words}里有乱码：“{sample}”")


def _misread(text: str) -> bool:
    """Whether `text` is UTF-8 that was read as GBK: turned back, it is Chinese."""
    back = text[:200].encode("gbk", "ignore").decode("utf-8", "replace")
    if back.count("\ufffd") >= 0.4 * len(back):
        return False  # what is broken is foreign and no Chinese: too much of it is left
    foreign = [char for char in back if ord(char) > 127]
    return len(foreign) >= 4 and sum(map(bool, map(_HAN.match, foreign))) > 0.6 * len(foreign)
