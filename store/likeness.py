"""When two notices are one document: the keys under which they meet, and the test between two.

The test is symmetric and looks at nothing but the two, so that families (all that it links, one
through another) do not depend on the order in which notices came."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz

LIKE_TITLES = 85  # of 100
NEAR_SAME = 0.8  # Jaccard over shingles
SHINGLE = 5  # characters

# A notice about a document is linked to it, never joined; a forwarding joins only its own copies.
_ABOUT = re.compile(
    r"解读|图解|一图|读懂|看懂|问答|答问|答记者问|起草说明|更正|勘误|补充(通知|公告|公示|说明)"
    r"|延长|修改|变更|撤销|废止|失效"
)
_FORWARDED = re.compile(r"转发")
_TRIVIA = re.compile(r"[\W_的等]")
_DIGIT = "〇一二三四五六七八九"
_YEAR = re.compile(r"[〇零○一二三四五六七八九]{4}(?=年)")
_ORDINAL = re.compile(
    r"(?<=第)[一二三四五六七八九十]{1,3}(?=[批次号期届轮版])|(?<=之)[一二三四五六七八九十](?=\W|$)"
)
_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
# The end of a name, as a notice before an appointment gives it: 温书言，男，汉族，…
_PERSON = re.compile(r"[\u4e00-\u9fff]{2}(?=[男女](?:\w{1,4}族|\d{4}年|中共)|同志|拟任|现任)")
_KEY_MAX = 300


@dataclass(frozen=True)
class Face:
    """What of a notice tells whether it is the same document as another."""

    title: str
    doc_number: str = ""  # in the one form
    issuers: tuple[str, ...] = ()
    written: date | None = None
    read: Callable[[], str] = str  # its text; asked for only when the rest does not decide
    source: str = ""  # where it stands; "": not told

    @cached_property
    def number(self) -> str:
        return re.sub(r"\W", "", unicodedata.normalize("NFKC", self.doc_number))

    @cached_property
    def subject(self) -> str:
        """The title without punctuation, spaces, trivia and its own 文号; ordinals in digits."""
        title = unicodedata.normalize("NFKC", self.title).lower()
        title = _YEAR.sub(lambda m: "".join(str(_digit(x)) for x in m[0]), title)
        bare = _TRIVIA.sub("", _ORDINAL.sub(lambda m: str(_ordinal(m[0])), title))
        return bare.replace(self.number, "") if self.number else bare

    @cached_property
    def number_key(self) -> str:
        """Family key 1: the 文号, and whether it is the document or its forwarding; "": none."""
        if not self.number or _ABOUT.search(self.title):
            return ""
        return _short(f"{self.number}|{'转发' if _FORWARDED.search(self.title) else '文件'}")

    @cached_property
    def title_key(self) -> str:
        """Family key 2; "" for none."""
        return _short(self.subject)

    @cached_property
    def figures(self) -> list[str]:
        """The numbers in the title: years, batches, shares."""
        return sorted(re.findall(r"\d+", self.subject))

    @cached_property
    def text(self) -> str:
        return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", self.read()))

    @cached_property
    def shingles(self) -> frozenset[str]:
        return frozenset(self.text[i : i + SHINGLE] for i in range(len(self.text) - SHINGLE + 1))

    @cached_property
    def days(self) -> set[tuple[str, ...]]:
        """The days the text names, as printed."""
        return set(_DAY.findall(self.text))

    @cached_property
    def persons(self) -> set[str]:
        """Whom the text is about, by the ends of their names."""
        return set(_PERSON.findall(self.text))


def alike(one: Face, other: Face) -> str:
    """Why the two are one document, in Chinese; "" when they are not.

    Key 1: the same 文号 and like titles, with an issuer in common or a near-same body. Key 2: the
    same title and a near-same body at two sources: a repost stands on another. Numbers, 文号,
    dates of writing, days and persons that differ speak against it."""
    if one.figures != other.figures:
        return ""
    if one.number_key and one.number_key == other.number_key and _like(one.subject, other.subject):
        if _share_issuer(one, other):
            return f"文号、发文机关相同，标题相近（{one.doc_number}）"
        if _near_same(one, other):
            return f"文号相同，标题和正文相近（{one.doc_number}）"
    if not one.title_key or one.title_key != other.title_key:
        return ""
    if one.source and one.source == other.source:
        return ""
    if one.number and other.number and one.number != other.number:
        return ""
    if one.written and other.written and one.written != other.written:
        return ""
    if not (_agree(one.days, other.days) and _agree(one.persons, other.persons)):
        return ""
    return "标题相同，正文相近" if _near_same(one, other) else ""


def _like(one: str, other: str) -> bool:
    """Titles are like each other as they stand, or without the agency before 关于."""
    cores = (one[max(one.find("关于"), 0) :], other[max(other.find("关于"), 0) :])
    return fuzz.ratio(one, other) >= LIKE_TITLES or fuzz.ratio(*cores) >= LIKE_TITLES


def _share_issuer(one: Face, other: Face) -> bool:
    return any(a in b or b in a for a in one.issuers for b in other.issuers if a and b)


def _agree(one: Set[Any], other: Set[Any]) -> bool:
    """One may say more than the other, but not something else."""
    return one <= other or one >= other


def _near_same(one: Face, other: Face) -> bool:
    a, b = one.shingles, other.shingles
    if not a or not b or min(len(a), len(b)) < NEAR_SAME * max(len(a), len(b)):
        return False
    common = len(a & b)
    return common >= NEAR_SAME * (len(a) + len(b) - common)


def _short(key: str) -> str:
    """A key that fits its column; two long ones stay two."""
    if len(key) <= _KEY_MAX:
        return key
    return key[: _KEY_MAX - 64] + hashlib.sha256(key.encode()).hexdigest()


def _digit(char: str) -> int:
    return _DIGIT.find(char) if char in _DIGIT else 0


def _ordinal(text: str) -> int:
    """一 to 九十九; 十二 is 12, 二十 is 20."""
    tens, ten, ones = text.rpartition("十")
    value = _digit(ones) if ones else 0
    return value + (10 * (_digit(tens) if tens else 1) if ten else 0)
