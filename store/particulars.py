"""What a text says that only a copy of it says too: days, numbers, persons and companies.

Numerals and days have one form (二〇一九年九月一日 and 2019-09-01 are 2019年9月1日), so that two
spellings make no difference.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache

import xxhash

_NUMERALS = "〇一二三四五六七八九十"
_LONG_YEAR = re.compile(r"[〇零○一二三四五六七八九]{4}(?=年)")
_LONG_DAY = re.compile(r"([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日")
_POINTED_DAY = re.compile(r"((?:19|20)\d\d)[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_PADDED = re.compile(r"(年|月)0(?=\d[月日])")

# a run of digits with what joins them, one regex that begins with a digit: found at C's speed
_RUN = re.compile(r"\d[\d年月日.,-]*")
_DAY = r"(?:\d{4}年)?\d{1,2}月\d{1,2}日"
_NUMBER = r"\d{3,4}-\d{7,8}|\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d{1,2}(?!\d))?"
_IN_RUN = re.compile(rf"({_DAY})|({_NUMBER})")
_PIECES = re.compile(rf"{_DAY}|{_NUMBER}|\w")
_NOISE = re.compile(r"[\W_]+")
# What follows the name of a person, as a notice before an appointment gives it: 温书言，男，汉族
_OF_PERSON = re.compile(r"[男女](?:\W{0,2}\w{1,4}族|\W{0,2}\d{4}年|\W{0,2}中共)|同志|拟任|现任")
_OF_COMPANY = re.compile(r"有限(?:责任)?公司")
_FORM = re.compile(r"(?:股份|集团|责任|[(（]\w{2,6}[)）]){1,2}$")  # between its own name and that
_FORM_MOST = 18  # characters
_OF_SITE = re.compile(r"(?:发布|更新)(?:时间|日期|于)")  # a day that the site put on its page
_FULL_WIDTH = [(mark, unicodedata.normalize("NFKC", mark)) for mark in "，：；（）！？\u3000"]
_RARE = 0x30000  # 4,096 letters that no notice has
_NAME = 8  # characters before that may hold a name and the marks behind it


class Kind(IntEnum):
    """What a particular is."""

    DAY = 0
    PERSON = 1
    COMPANY = 2
    NUMBER = 3


def fold(text: str) -> str:
    """The text with full-width forms folded, without spaces, days and years in one form."""
    text = "".join(_half_width(text).split())
    if _numeral_before("年", text):
        text = _LONG_YEAR.sub(lambda m: "".join(str(_value(x)) for x in m[0]), text)
    if _numeral_before("月", text):
        text = _LONG_DAY.sub(lambda m: f"{_number(m[1])}月{_number(m[2])}日", text)
    text = _POINTED_DAY.sub(lambda m: f"{m[1]}年{int(m[2])}月{int(m[3])}日", text)
    return _PADDED.sub(r"\1", text) if "年0" in text or "月0" in text else text


def particulars(folded: str) -> Iterator[tuple[Kind, str]]:
    """The particulars of a folded text, as often as they stand there."""
    for run in _RUN.finditer(folded):
        for found in _IN_RUN.finditer(run[0]):
            day, number = found.groups()
            if day:
                place = run.start() + found.start()
                if not _OF_SITE.search(folded, max(place - _NAME, 0), place):
                    yield Kind.DAY, day
            elif len(number) > 1:
                yield Kind.NUMBER, number
            else:
                place = run.start() + found.end()
                unit = folded[place : place + 1]
                if unit.isalpha():
                    yield Kind.NUMBER, number + unit
    if any(mark in folded for mark in ("男", "女", "同志", "拟任", "现任")):
        for found in _OF_PERSON.finditer(folded):
            if name := _before(folded, found.start())[-2:]:
                yield Kind.PERSON, name
    if "有限" in folded:
        for found in _OF_COMPANY.finditer(folded):
            place = found.start()
            if form := _FORM.search(folded[max(place - _FORM_MOST, 0) : place]):
                place -= len(form[0])
            if name := _before(folded, place)[-4:]:
                yield Kind.COMPANY, name


def comparable(folded: str) -> str:
    """A folded text as it is compared letter by letter: without punctuation, and with two letters
    of their own for each number and day, so that 25 and 5 have nothing in common."""
    return _NOISE.sub("", _RUN.sub(_coded, folded))


def _coded(run: re.Match[str]) -> str:
    return "".join(piece if len(piece) == 1 else _code(piece) for piece in _PIECES.findall(run[0]))


@lru_cache(4096)
def _code(piece: str) -> str:
    hashed = xxhash.xxh32_intdigest(piece.encode("utf-8", "replace"))
    return chr(_RARE + (hashed & 0xFFF)) + chr(_RARE + (hashed >> 12 & 0xFFF))


def _numeral_before(mark: str, text: str) -> bool:
    """Whether a Chinese numeral stands right before the mark anywhere: cheaper than to try it."""
    place = text.find(mark, 1)
    while place > 0:
        if text[place - 1] in "零○" or text[place - 1] in _NUMERALS:
            return True
        place = text.find(mark, place + 1)
    return False


def _half_width(text: str) -> str:
    """The text in NFKC. Nearly all that has to change is its commas, which are cheaper replaced."""
    for mark, plain in _FULL_WIDTH:
        text = text.replace(mark, plain)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def _before(folded: str, place: int) -> str:
    """The letters right before the place."""
    return _NOISE.sub("", folded[max(place - _NAME, 0) : place])


def _number(numeral: str) -> int:
    """一 to 九十九; 十二 is 12, 二十 is 20."""
    tens, ten, ones = numeral.rpartition("十")
    value = _value(ones) if ones else 0
    return value + (10 * (_value(tens) if tens else 1) if ten else 0)


def _value(char: str) -> int:
    return max(_NUMERALS.find(char), 0)
