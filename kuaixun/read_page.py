"""One saved page -> what is read from it, by the generic readers or by its source's selectors.

Neither a store nor a Scrapy process is needed.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import TextResponse
from scrapy.settings import Settings

from crawler.address import canonical
from crawler.drift import distrust
from crawler.notice import AttachmentKind, Notice, Part, Problem, Row
from crawler.reading.charset import build_response, charset_evidence
from crawler.reading.notice import NoPage, read_notice
from crawler.reading.page_kind import Kind, PageKind, page_kind
from crawler.reading.rows import NoRows, read_rows

if TYPE_CHECKING:
    from crawler.spider import NoticeSpider

Record = dict[str, Any]
FACTS = ("title", "published", "written", "doc_number", "issuers", "index_number", "period")


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact on which a source's selectors and the generic readers do not agree."""

    fact: str  # a field of Notice, or "rows"
    own: Any  # by the selectors; dates as dates
    generic: Any


@dataclass(slots=True)
class Reading:
    """What a page is and holds. Of a page that is no list and no notice only the kind is told."""

    url: str
    kind: PageKind
    encoding: str = ""  # "" of a file
    charset: str = ""  # where the encoding was told
    source: str = ""  # whose selectors read it; "": the generic readers
    column: str = ""
    rows: list[Row] | None = None
    notice: Notice | None = None
    problems: list[Problem] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def read_page(
    body: bytes,
    url: str,
    now: dt.datetime,
    *,
    source: "NoticeSpider | None" = None,
    kind: Kind | None = None,
) -> Reading:
    """The page whose bytes are `body`, as it stood at `url`. `now`: the night's clock, aware.

    With `source` its selectors and hooks read the page, and the generic readers as well: where
    they disagree is told. `kind` (LIST or NOTICE) stands above what the page seems to be. Raises
    NoPage when it is asked of a file or of nothing, or a notice of a page without markup."""
    column = _column(source, url) if source else ""
    request = Request(url, meta={"column": column, "page": 1}) if source else None
    response = build_response(url, body, request=request)
    found = page_kind(response)
    if kind is not None:
        if not isinstance(response, TextResponse) or not body.strip():
            raise NoPage(f"no page to read: {url}")
        found = PageKind(kind, "按要求")
    name = source.name if source else ""
    encoding = response.encoding if isinstance(response, TextResponse) else ""
    reading = Reading(url, found, encoding, source=name, column=column)
    if not isinstance(response, TextResponse):
        return reading
    reading.charset = charset_evidence(response)
    if found.kind in (Kind.LIST, Kind.CHANNEL):
        _read_list(reading, response, now, source)
    elif found.kind is Kind.NOTICE:
        _read_notice(reading, response, now, source)
    return reading


def as_record(reading: Reading) -> Record:
    """The reading as one JSON object: facts or rows in the form of the reading bench, kind and
    reason, evidence and problems beside them; dates as ISO text."""
    record: Record = {
        "url": reading.url,
        "kind": reading.kind.kind.value,
        "reason": reading.kind.reason,
        "target": reading.kind.target or None,
        "charset": reading.encoding or None,
        "source": reading.source or None,
        "column": reading.column or None,
    }
    if reading.charset:
        record["evidence"] = {"charset": reading.charset}
    problems = list(reading.problems)
    if reading.rows is not None:
        record["rows"] = [_row(row) for row in reading.rows]
    if reading.notice is not None:
        record |= _facts(reading.notice)
        problems += reading.notice.problems
    record["problems"] = [{"code": x.code, "detail": x.detail} for x in problems]
    if reading.source:
        record["differences"] = [
            {"fact": x.fact, "source": _plain(x.own), "generic": _plain(x.generic)}
            for x in reading.differences
        ]
    return record


def read_record(body: bytes, url: str, now: dt.datetime) -> Record:
    """What the generic readers make of one page, as `kuaixun read --batch --generic` prints it."""
    return as_record(read_page(body, url, now))


class Library:
    """The sources, asked by the host of a page. Files that cannot be loaded are in `broken`."""

    def __init__(self, now: dt.datetime) -> None:
        from nightly.sources import load

        self.now = now
        known = load(Settings({"SPIDER_MODULES": ["spiders"]}))
        self.broken = known.broken  # file's stem -> why
        self._spiders = [spider() for spider in known.spiders.values()]
        for spider in self._spiders:
            spider.now = now

    def source_of(self, url: str) -> "NoticeSpider | None":
        """The source that names the host of the page; None: no one does. Hosts under the same
        registrable name, which a crawl may visit, are often other departments' sites."""
        host = _host(url)
        return next((spider for spider in self._spiders if host in spider.hosts), None)


def _read_list(
    reading: Reading, response: TextResponse, now: dt.datetime, source: "NoticeSpider | None"
) -> None:
    generic: list[Row] = []
    try:
        generic = read_rows(response, now)
    except NoRows:
        if source is None:
            reading.problems.append(Problem("rows.none", "列表里读不出行：没有成列的标题和链接。"))
    reading.rows = generic
    if source is None:
        return
    try:
        reading.rows = source.rows(response)
    except ValueError as miss:  # NoRows; or CSS asked of what is no HTML
        doubt = distrust(generic, set(), now.date()) if generic else "通用识别也读不出行"
        words = f"来源的选择器读不到行（{miss}）；"
        words += f"{doubt}。" if doubt else "通用识别的结果可以代替。"
        reading.problems.append(Problem("rows.drift", words))
        own: list[Row] = []
    else:
        own = reading.rows
    one, other = ([(x.address, x.title, x.date) for x in rows] for rows in (own, generic))
    if one != other:
        reading.differences.append(Difference("rows", own, generic))


def _read_notice(
    reading: Reading, response: TextResponse, now: dt.datetime, source: "NoticeSpider | None"
) -> None:
    generic = read_notice(response, None, now=now)
    reading.notice = generic
    if source is None:
        return
    row = Row(response.url, canonical(response.url), "", column=reading.column)
    own = reading.notice = source.notice(response, row)
    for fact in (*FACTS, "text", "attachments"):
        one, other = _compared(own, fact), _compared(generic, fact)
        if one != other:
            reading.differences.append(Difference(fact, one, other))


def _compared(notice: Notice, fact: str) -> Any:
    if fact == "attachments":
        return [f"{x.name}  {x.url}" for x in notice.attachments]
    return getattr(notice, fact)


def _column(source: "NoticeSpider", url: str) -> str:
    """The column whose list the page is, or that the page stands nearest to by its address."""
    address = canonical(url)
    steps = address.split("/")

    def nearness(name: str) -> tuple[bool, int]:
        place = canonical(source.wanted[name].url)
        shared = 0
        for one, other in zip(steps, place.split("/"), strict=False):
            if one != other:
                break
            shared += 1
        return place == address, shared

    return max(source.wanted, key=nearness)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _row(row: Row) -> Record:
    return {
        "title": row.title,
        "url": row.url,
        "date": row.date.isoformat() if row.date else None,
        "pinned": row.pinned,
        "evidence": row.evidence,
    }


def _facts(notice: Notice) -> Record:
    files = [x for x in notice.attachments if x.kind is AttachmentKind.FILE]
    images = [x for x in notice.attachments if x.kind is AttachmentKind.IMAGE]
    return {
        "title": notice.title,
        "published": _plain(notice.published),
        "written": _plain(notice.written),
        "doc_number": notice.doc_number or None,
        "doc_number_printed": notice.doc_number_printed or None,
        "issuers": notice.issuers,
        "index_number": notice.index_number or None,
        "period": _plain(notice.period),
        "attachments": [{"name": x.name, "url": x.url} for x in files],
        "images": [{"name": x.name, "url": x.url, "address": x.address} for x in images],
        "body_text": notice.text,
        "parts": [_part(x) for x in notice.parts],
        "evidence": notice.evidence | ({"images": "body"} if images else {}),
    }


def _part(part: Part) -> Record:
    """What is not said is 0 or ""."""
    told = {"level": part.level, "text": part.text, "address": part.address}
    lines = {"kind": part.kind.value, "first": part.first, "after": part.after}
    return lines | {name: value for name, value in told.items() if value}


def _plain(value: Any) -> Any:
    """A fact in the words of JSON."""
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(x) for x in value]
    if isinstance(value, Row):
        return _row(value)
    if hasattr(value, "opens"):
        return {
            "opens": _plain(value.opens),
            "closes": _plain(value.closes),
            "opens_time": _plain(value.opens_time),
            "closes_time": _plain(value.closes_time),
            "label": value.label,
            "sentence": value.sentence,
        }
    return value or None
