"""What a crawl yields: Row, Notice, Attachment, and the small facts inside them.

Plain dataclasses, used through itemadapter. Types stay types (a date is a `date`); only `store/`
and the exporters format them. Addresses come twice: `url` is what is fetched, `address` is the
canonical form that gives identity (`crawler.address.canonical`).
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class RowState(StrEnum):
    """What became of one line of a list."""

    WAITING = "waiting"  # to be fetched, tonight or on a later night
    KEPT = "kept"  # its notice is stored
    UNWANTED = "unwanted"  # older than `since` on a column's first night
    EXTERNAL = "external"  # on a host the source may not visit: title, date and link only
    GONE = "gone"  # 404 or 410: the site took it down


class Arrival(StrEnum):
    """By which way a row came in; it decides the inbox tab."""

    NIGHT = "night"  # an ordinary night
    BASELINE = "baseline"  # the column's first night (首夜)
    BACKFILL = "backfill"  # asked for with `since`: goes to the archive


class FailureKind(StrEnum):
    """Why a notice page could not be had; named like the verdicts of a night."""

    BLOCKED = "blocked"  # a challenge or a refusal
    UNREACHABLE = "unreachable"  # silence, refusal of the connection, 5xx
    BROKEN = "broken"  # an answer that is no notice: 4xx, an error page, a fault in reading
    MISSING = "missing"  # 404 or 410


class NoticeKind(StrEnum):
    """What a notice is, by its title and text; the rules are in pipelines/rules.toml."""

    POLICY = "政策文件"
    CALL = "申报通知"
    PUBLICITY = "公示"
    ANNOUNCEMENT = "公告"
    CONSULTATION = "征求意见"
    INTERPRETATION = "解读"
    PERSONNEL = "人事"
    MEETING = "会议"
    TENDER = "招标"
    CIRCULAR = "通报"
    FORWARDED = "转发"
    HOLIDAY = "放假"
    OTHER = "其他通知"


class AttachmentKind(StrEnum):
    FILE = "file"  # a document to download
    IMAGE = "image"  # an image of the body


@dataclass(slots=True)
class Problem:
    """Something a person should see. It never stops a notice unless the validator says so."""

    code: str  # stable word, e.g. "date.disagree", "attachment.broken", "text.elsewhere"
    detail: str  # one Chinese sentence for the editor, naming the thing


@dataclass(slots=True)
class Row:
    """One line of a column's list."""

    url: str  # absolute, as the list links it
    address: str  # canonical form of `url`
    title: str  # the whole title: a `title` attribute beats a cut anchor text
    date: dt.date | None = None  # the day the list shows, or the one in the address; None: neither
    pinned: bool = False  # stands on top out of date order
    column: str = ""  # the column's name; set by the spider
    state: RowState = RowState.WAITING
    arrival: Arrival = Arrival.NIGHT
    evidence: str = ""  # "selector", "generic", "json", "cdata": which reader found it


@dataclass(slots=True)
class Period:
    """When something may be handed in or is on display, with the sentence that says so."""

    opens: dt.date | None = None
    closes: dt.date | None = None
    opens_time: dt.time | None = None  # only when an hour is printed
    closes_time: dt.time | None = None
    label: str = ""  # the words before it: 公示时间, 报送截止, 网上填报受理时间 …
    sentence: str = ""  # the sentence it was read from


class PartKind(StrEnum):
    """What a run of a notice's lines is."""

    TITLE = "title"  # the notice's own inside its text; level 1: of a document below it
    LETTERHEAD = "letterhead"  # who issues it, above title or 文号
    NUMBER = "number"  # the line of the 文号
    ADDRESSEE = "addressee"  # 主送机关
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # of a list, or a numbered sentence
    TABLE = "table"  # its cells apart by tabs where each is one line
    IMAGE = "image"  # stands between lines and has none of its own
    SIGNATURE = "signature"  # who signed
    WRITTEN = "written"  # the day below a signature; with the agency when both stand in one line
    ATTACHMENTS = "attachments"  # the list of the files
    ANNEX = "annex"  # 附件1, alone above what is printed below the notice


@dataclass(slots=True)
class Part:
    """A run of lines of `Notice.text`, `first` and those up to, not including, `after`."""

    kind: PartKind
    first: int
    after: int
    level: int = 0  # by numbering: 一、 1, （一） 2, 1. 3, （1） 4; 第X章 1, 节 2, 条 3; else 0
    text: str = ""  # of an image: its name
    address: str = ""  # of an image: that of its attachment


@dataclass(slots=True)
class Citation:
    """A 文号 that a notice names and that is not its own."""

    number: str  # in the one form, as Notice.doc_number
    printed: str


@dataclass(slots=True)
class Attachment:
    """A file or a body image of a notice."""

    url: str  # absolute
    address: str  # canonical form of `url`
    name: str  # the name a reader sees (anchor text), Chinese, without numbering
    kind: AttachmentKind = AttachmentKind.FILE
    media_type: str = ""  # by content, after the download
    size: int = 0  # bytes
    sha256: str = ""  # hex; "" while not downloaded
    text: str = ""  # taken from PDF, DOCX, XLS(X)
    problem: str = ""  # why there is no file, one Chinese sentence; "" when all is well
    body: bytes | None = field(
        default=None, repr=False
    )  # content already fetched; never stored here


@dataclass(slots=True)
class Notice:
    """One page at one source. Identity: (source, address).

    The spider fills the first block from the page, the pipelines the second.
    """

    source: str  # the spider's name
    column: str  # the column it was found in
    url: str  # as fetched, after redirects
    address: str  # canonical form of the row's url
    title: str  # whole, one line
    published: dt.datetime | None = (
        None  # 发布时间, Asia/Shanghai; midnight when no hour is printed
    )
    written: dt.date | None = None  # 成文日期 or the signature's date
    doc_number: str = ""  # 文号 in the one form, 工信厅消费函〔2019〕191号
    doc_number_printed: str = ""  # as the page prints it
    issuers: list[str] = field(default_factory=list)  # 发文机关, as printed, in order
    index_number: str = ""  # 索引号
    period: Period | None = None
    html: str = ""  # the body: raw from the spider, sanitised after `clean`
    text: str = ""  # the body as text, one paragraph a line
    parts: list[Part] = field(default_factory=list)  # every line of `text` once, in order
    attachments: list[Attachment] = field(default_factory=list)
    evidence: dict[str, str] = field(default_factory=dict)  # field -> where it was read
    problems: list[Problem] = field(default_factory=list)
    row_title: str = ""  # what the list said, to notice a change there
    row_date: dt.date | None = None
    arrival: Arrival = Arrival.NIGHT
    record: str = ""  # the WARC record it was read from: "<file>#<offset>"
    reader: str = ""  # version of the readers that made it
    etag: str = ""  # validators of the answer that held the page
    last_modified: str = ""
    # from here on: filled by the pipelines
    content_hash: str = ""  # see content_hash()
    citations: list[Citation] = field(default_factory=list)  # each number once, in order
    kind: NoticeKind = NoticeKind.OTHER
    section: str = ""  # suggested section of the bulletin; "" for none
    topics: list[str] = field(default_factory=list)
    region: str = ""  # GB/T 2260 code, six digits; 000000 is the whole country
    reasons: dict[str, str] = field(
        default_factory=dict
    )  # kind/section/topics/region -> why, Chinese

    def part_text(self, *kinds: PartKind) -> str:
        """The lines of `text` that are of these kinds; "" when there are none."""
        return self._lines(lambda kind: kind in kinds)

    def text_without(self, *kinds: PartKind) -> str:
        """`text` without the lines of these kinds: the words alone, without addressee and such.
        All of it when the text was not told apart into parts."""
        return self._lines(lambda kind: kind not in kinds) if self.parts else self.text

    def _lines(self, wanted: Callable[[PartKind], bool]) -> str:
        lines = self.text.split("\n")
        return "\n".join(
            line for x in self.parts if wanted(x.kind) for line in lines[x.first : x.after]
        )


@dataclass(slots=True)
class Retry:
    """An attachment of a kept notice that failed on an earlier night and is asked for again."""

    source: str
    notice_address: str
    attachment: Attachment


def content_hash(notice: Notice) -> str:
    """Hex SHA-256 over what makes a revision: title, text, 文号, dates, period, attachment names
    and addresses. Counters and furniture are not in it; the files have hashes of their own."""
    period = notice.period
    parts = [
        notice.title,
        notice.text,
        notice.doc_number,
        notice.published.isoformat() if notice.published else "",
        notice.written.isoformat() if notice.written else "",
        [str(x) for x in (period.opens, period.opens_time, period.closes, period.closes_time)]
        if period
        else [],
        [[a.name, a.address] for a in notice.attachments],
    ]
    told = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(told.encode(errors="surrogatepass")).hexdigest()


def parts_as_json(parts: list[Part]) -> list[list[str | int]]:
    """The parts as they are kept with a revision: [kind, first, after, level, text, address]."""
    return [[x.kind.value, x.first, x.after, x.level, x.text, x.address] for x in parts]


def parts_from_json(kept: list[list[Any]]) -> list[Part]:
    """The parts that `parts_as_json` wrote."""
    return [Part(PartKind(kind), *rest) for kind, *rest in kept]
