"""Whether an entry of an issue is a document that is looked for, when the two met under a key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from rapidfuzz import fuzz

from store import minhash
from store.likeness import LIKE_TITLES, Face, may_be_one

_NEAR = 0.7  # agreement of signatures: editors shorten what they print
_SHORT = 200  # letters below which near-same texts need like titles
# 第12号, 公告2019年第3号: any agency has one
_ANYBODYS = re.compile(r"(?:\d|第|令|公告|通告|决定)")


class How(StrEnum):
    """By what an entry is known as one that ran before, strongest first."""

    FAMILY = "同一家族"
    ADDRESS = "同一网址"
    NUMBER = "同一文号"
    TITLE = "同一标题"
    TEXT = "正文相近"

    @property
    def rank(self) -> int:
        return _RANK[self]


_RANK = {how: place for place, how in enumerate(How)}


@dataclass
class Wanted:
    """What is looked for: a kept notice, or what a person asks about."""

    addresses: set[str] = field(default_factory=set)  # as they are kept
    title: str = ""
    doc_number: str = ""
    issuers: Sequence[str] = ()
    written: date | None = None
    title_key: str = ""
    hashes: bytes = b""
    bands: Sequence[int] = ()
    asked: bool = False  # by a person, who means just that number or title

    @cached_property
    def face(self) -> Face:
        issuers = tuple(self.issuers)
        return Face(self.title, self.doc_number, issuers, self.written, stored=self.hashes)


@dataclass
class Printed:
    """An entry, with what speaks for or against its being a document."""

    issue: str
    section: str
    position: int
    title: str
    face: Face  # of its notice, or as it was printed


def is_that(how: How, one: Wanted, entry: Printed) -> bool:
    """Whether the two that met that way are one document."""
    if how is How.ADDRESS or one.asked:
        return True
    mine, theirs = one.face, entry.face
    if mine.is_about != theirs.is_about:
        return False
    if how is How.NUMBER:
        return not _ANYBODYS.match(one.doc_number) or _share_issuer(mine, theirs)
    if how is How.TEXT:
        return _is_near(mine, theirs)
    if mine.number and theirs.number and mine.number != theirs.number:
        return False
    if not mine.meeting_title:  # thousands are called that
        return _is_near(mine, theirs)
    told = mine.issuers and theirs.issuers
    return not told or _share_issuer(mine, theirs) or _is_near(mine, theirs)


def _is_near(mine: Face, theirs: Face) -> bool:
    if mine.figures != theirs.figures or not may_be_one(mine, theirs):
        return False
    one, other = mine.fingerprint, theirs.fingerprint
    if minhash.likeness(one.signature, other.signature) < _NEAR:
        return False
    if min(one.length, other.length) >= _SHORT:
        return True
    return fuzz.ratio(mine.subject, theirs.subject) >= LIKE_TITLES


def _share_issuer(one: Face, other: Face) -> bool:
    return any(a in b or b in a for a in one.issuers for b in other.issuers if a and b)
