"""When two notices are one document: the keys under which they meet, and the test between two.

The test is symmetric and looks at nothing but the two, so that families (all that it links, one
through another) do not depend on the order in which notices came."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rapidfuzz import fuzz

from store import fingerprint, minhash
from store.fingerprint import Fingerprint
from store.models import LinkKind, Strength
from store.particulars import comparable, fold
from store.replaced import Added, additions
from store.topics import figures, kind_of, plain, short

LIKE_TITLES = 85  # of 100
NEAR_SAME = 0.8  # share of the letters of both that they have in common
_LIKE_BODY = 0.7  # the same, of bodies under one title or 文号 of which one only says more
_SHORT = 200  # letters below which a body alone does not tell which document it is
_GENERIC = 8  # letters of a title that any notice may have: 任前公示
_TELLING, _FIGURED = 16, 6  # letters of a title that few notices have; what a year in it counts
_LEAST = 50  # letters of a body under such a title
_ONE_SOURCE_DAYS = 15  # within which one source prints one document in two columns

_PARENTHESISED = re.compile(r"(?<=\()[一二三四五六七八九十]{1,3}(?=\))|[一二三四](?=季度)")
_OTHER_NUMBER = re.compile(
    r"[(]?[\u4e00-\u9fff]{2,12}[〔\[(【]\d{4}[〕\])】]第?\d{1,5}号[)]?"  # 文号 in a title
)
_DRESS = re.compile(r"^\[(?:转载|转发|转)\]|关于|印发|转发|转载|发布|公布|通知|公告|公示|通告|函$")
# with what an agency hands another's document on
_LETTER = re.compile(
    r"转发给你|转给你|现予转发|转发如下|现转发|贯彻执行|遵照执行|贯彻落实|认真落实|参照执行"
    r"|结合(?:我|本|你|各地|实际)|请(?:各|你|按|认真|遵照|组织)"
)
_LETTER_MOST = 30  # letters that may stand before a document that is handed on without a letter


@dataclass(frozen=True)
class File:
    """An attachment, as far as it tells documents apart."""

    name: str
    sha256: str = ""


@dataclass(frozen=True)
class Reason:
    """Why two notices are one document."""

    how: Strength
    words: str  # Chinese


@dataclass(frozen=True)
class Face:
    """What of a notice tells whether it is the same document as another."""

    title: str
    doc_number: str = ""  # in the one form
    issuers: tuple[str, ...] = ()
    written: date | None = None
    read: Callable[[], str] = str  # its text; asked for only when the rest does not decide
    source: str = ""  # where it stands; "": not told
    published: date | None = None
    list_files: Callable[[], Sequence[File]] = tuple  # asked for only within one source
    stored: bytes = b""  # the fingerprint of its text, if it is at hand

    @cached_property
    def number(self) -> str:
        return re.sub(r"\W", "", unicodedata.normalize("NFKC", self.doc_number))

    @cached_property
    def subject(self) -> str:
        """The title without punctuation, spaces, trivia and any 文号; ordinals in digits."""
        title = unicodedata.normalize("NFKC", self.title)
        if "号" in title:
            title = _OTHER_NUMBER.sub("", title)
        if "(" in title or "季度" in title:
            title = _PARENTHESISED.sub(lambda m: f"第{m[0]}期", title)
        bare = plain(title)
        return bare.replace(self.number, "") if self.number else bare

    @cached_property
    def kind(self) -> LinkKind | None:
        """What it is to another document, by its title; None for a document of its own."""
        return kind_of(self.title)

    @property
    def forwards(self) -> bool:
        return self.kind is LinkKind.FORWARDS

    @property
    def is_about(self) -> bool:
        """Whether it is about a document: linked to it, joined with its own copies only."""
        return self.kind is not None and not self.forwards

    @cached_property
    def number_key(self) -> str:
        """Family key 1: the 文号, and whether it is the document or its forwarding; "": none."""
        if not self.number or self.is_about:
            return ""
        return short(f"{self.number}|{'转发' if self.forwards else '文件'}")

    @cached_property
    def title_key(self) -> str:
        """Family key 2; "" for none."""
        return short(self.subject)

    @property
    def meeting_title(self) -> str:
        """The title key, if notices of that title are few: thousands are called 任前公示 or
        环评文件拟审批公示, and meet by their bodies alone. "": not by its title."""
        told = len(self.subject) + (_FIGURED if self.figures else 0)
        return self.title_key if told >= _TELLING else ""

    @cached_property
    def figures(self) -> list[str]:
        """The numbers in the title: years, batches, shares."""
        return figures(self.subject)

    @cached_property
    def core(self) -> str:
        """The title's subject without what sort of notice it is, and how it was sent."""
        return _DRESS.sub("", self.subject)

    @cached_property
    def fingerprint(self) -> Fingerprint:
        if self.stored:
            return fingerprint.of_bytes(self.stored)
        return fingerprint.of_folded(self.folded, self.normal)

    @property
    def bands(self) -> list[int]:
        """Family key 3: one of these in common."""
        about = self.kind.value if self.kind and self.is_about else ""
        return self.fingerprint.bands("|".join([*self.figures, about]))

    @cached_property
    def folded(self) -> str:
        return fold(self.read())

    @cached_property
    def normal(self) -> str:
        return minhash.normal(self.folded)

    @cached_property
    def body(self) -> str:
        """Its text as it is compared letter by letter, without the letterhead above it: who issues
        it, its 文号 and its title are compared by themselves."""
        text = comparable(self.folded)
        told = [self.title, self.doc_number, *self.issuers]
        heads = [head for head in (comparable(fold(words)) for words in told) if head]
        while head := next((head for head in heads if text.startswith(head)), ""):
            text = text.removeprefix(head).removeprefix("文件")
        return text

    @cached_property
    def compared(self) -> dict[bytes, "Added | None"]:
        """What became of comparing its body with others, by their digests."""
        return {}

    @cached_property
    def files(self) -> Sequence[File]:
        return self.list_files()


def alike(one: Face, other: Face) -> Reason | None:
    """Why the two are one document; None when they are not.

    Key 1: the same 文号 and like titles, with an issuer in common or a near-same body. Key 2: the
    same title and a near-same body. Key 3: a near-same body, with a like title if it is short.
    Numbers, 文号, dates of writing, days, persons and companies that differ speak against it, and
    so does any word that stands in the place of another. One source prints a document twice only
    word for word."""
    if one.figures != other.figures or one.is_about != other.is_about:
        return None
    numbered = _by_number(one, other)
    if numbered and _share_issuer(one, other):
        words = f"文号、发文机关相同，标题相近（{one.doc_number or other.doc_number}）"
        return Reason(Strength.NUMBER, words)
    if not may_be_one(one, other) or not _is_copy(one, other):
        return None
    if numbered:
        return Reason(Strength.NUMBER, f"文号相同，标题和正文相近（{one.doc_number}）")
    near = "相同" if fingerprint.same(one.fingerprint, other.fingerprint) else "相近"
    if _same_title(one, other):
        return Reason(Strength.TITLE, f"标题相同，正文{near}")
    if _same_core(one, other):
        return Reason(Strength.TEXT, f"标题相近，正文{near}")
    return Reason(Strength.TEXT, f"正文{near}，标题不同")


def may_be_one(one: Face, other: Face) -> bool:
    """False when the two can be no copies of each other, told without reading their texts."""
    if one.number and other.number and one.number != other.number:
        return False
    numbered = _by_number(one, other)
    if one.written and other.written and one.written != other.written and not numbered:
        return False
    if one.is_about and not (_same_core(one, other) or _like(one.subject, other.subject)):
        return False
    return fingerprint.may_be_copies(one.fingerprint, other.fingerprint)


def _is_copy(one: Face, other: Face) -> bool:
    """Whether the bodies tell that the two are one document."""
    least = min(one.fingerprint.length, other.fingerprint.length)
    if least < minhash.SHINGLE:
        return False
    numbered = _by_number(one, other)
    if one.source and one.source == other.source and not numbered:
        return least >= _SHORT and _printed_twice(one, other)
    titled = _same_title(one, other)
    if not numbered and (titled and len(one.subject) < _GENERIC and least < _LEAST):
        return False
    if not numbered and not titled and least < _SHORT and not _same_core(one, other):
        return False
    if fingerprint.same(one.fingerprint, other.fingerprint):
        return True
    added = _compare(one, other)
    told = titled or numbered or _same_core(one, other)
    if added is None or added.likeness < (_LIKE_BODY if told else NEAR_SAME):
        return False
    return one.forwards == other.forwards or not _has_letter(added, one.forwards)


def _compare(one: Face, other: Face) -> Added | None:
    """What each body says beside the other; None when they say different things. Of bodies that
    many pages print the same way the first tells for all."""
    digest = other.fingerprint.digest
    if digest not in one.compared:
        one.compared[digest] = additions(one.body, other.body)
    return one.compared[digest]


def _printed_twice(one: Face, other: Face) -> bool:
    """Whether two pages of one source are one document in two columns: nothing differs."""
    if not (_same_title(one, other) and fingerprint.same(one.fingerprint, other.fingerprint)):
        return False
    days = [face.published for face in (one, other) if face.published]
    if len(days) == 2 and abs((days[0] - days[1]).days) > _ONE_SOURCE_DAYS:
        return False
    names = [{minhash.normal(file.name) for file in face.files} for face in (one, other)]
    hashes = [{file.sha256 for file in face.files if file.sha256} for face in (one, other)]
    return _nested(*names) and _nested(*hashes)


def _nested(one: set[str], other: set[str]) -> bool:
    return one <= other or one >= other


def _has_letter(added: Added, forwarded_is_one: bool) -> bool:
    """Whether the notice that hands a document on says something to those it hands it to."""
    runs, head = (added.one, added.head[0]) if forwarded_is_one else (added.other, added.head[1])
    return head > _LETTER_MOST or any(_LETTER.search(run) for run in runs)


def _by_number(one: Face, other: Face) -> bool:
    if not one.number_key or one.number_key != other.number_key:
        return False
    return _like(one.subject, other.subject)


def _same_title(one: Face, other: Face) -> bool:
    return bool(one.title_key) and one.title_key == other.title_key


def _same_core(one: Face, other: Face) -> bool:
    """Titles differ in nothing but the agency before, and in how they are dressed up."""
    if _same_title(one, other):
        return True
    short_one, long_one = sorted((one.core, other.core), key=len)
    return len(short_one) >= _GENERIC and long_one.endswith(short_one)


def _like(one: str, other: str) -> bool:
    """Titles are like each other as they stand, or without the agency before 关于."""
    cores = (one[max(one.find("关于"), 0) :], other[max(other.find("关于"), 0) :])
    return fuzz.ratio(one, other) >= LIKE_TITLES or fuzz.ratio(*cores) >= LIKE_TITLES


def _share_issuer(one: Face, other: Face) -> bool:
    return any(a in b or b in a for a in one.issuers for b in other.issuers if a and b)
