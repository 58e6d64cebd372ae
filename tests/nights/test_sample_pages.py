"""Every page of the sample nights, read as `kuaixun read` reads it, by the generic readers and by
its source's selectors: each is what it is, and no fact and no row on it is wrong."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler import warc_records
from crawler.address import canonical
from crawler.clock import BEIJING
from crawler.notice import AttachmentKind, Notice
from crawler.reading.page_kind import Kind
from kuaixun.read_page import Library, Reading, read_page
from samples.notices import Link, Para, SampleNotice, Table, load, old_rows
from samples.sites import COLUMNS
from tests.nights.nightly_runs import FIRST, SECOND

GENERIC, SELECTORS = "generic", "selectors"
REDESIGNED = "gxt.nx.gov.cn"  # in the second night: its selectors miss the lists
SCRIPTED = re.compile(r"miit\.gov\.cn/.+/index\.html|/gkmlpt/index$")  # entrances of lists
DATA = re.compile(r"/unit\?|/dataproxy\.jsp|/gkmlpt/api/")  # answers with or without rows
UNDATED = re.compile(r"\.jhtml$")  # of a list that tells dates only by its addresses
ANSWERED = re.compile(r"(?:text/(?:html|xml)|application/json)\b")
_BRACKETS = str.maketrans("（）()[]【】", "〔〕〔〕〔〕〔〕")


@dataclass(slots=True)
class Page:
    """One recorded answer, read both ways."""

    url: str
    status: int
    media: str  # its Content-Type
    readings: dict[str, Reading]

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def __str__(self) -> str:
        return f"{self.status} {self.url}"


@dataclass(slots=True)
class Night:
    number: int
    pages: list[Page]
    notices: dict[str, SampleNotice]  # by canonical address without its scheme


def _answers(night: int) -> Iterator[tuple[str, int, str, bytes]]:
    with (FIRST if night == 1 else SECOND).open("rb") as file:
        entries, _, _ = warc_records.scan(file)
        for entry in entries:
            if entry.kind != "response":
                continue
            found = warc_records.recorded_at(file, entry.offset)
            assert found
            media = (found.headers.get("Content-Type") or b"").decode()
            yield found.url, found.status, media, warc_records.decoded(found.body, found.headers)


def _address(url: str) -> str:
    return canonical(url).partition("://")[2]


@pytest.fixture(scope="module", params=[1, 2], ids=["first", "second"])
def night(request: pytest.FixtureRequest) -> Night:
    number: int = request.param
    now = dt.datetime(2019, 9, 10 + number, 23, tzinfo=BEIJING)
    library = Library(now)
    assert not library.broken
    pages = []
    for url, status, media, body in _answers(number):
        source = library.source_of(url)
        assert source, url
        ways = {GENERIC: None, SELECTORS: source}
        read = {way: read_page(body, url, now, source=by) for way, by in ways.items()}
        pages.append(Page(url, status, media, read))
    return Night(number, pages, {_address(x.url): x for x in load(number)})


def _kinds(page: Page, notice: SampleNotice | None) -> set[Kind]:
    """What a page may be said to be."""
    if page.status == 412:
        return {Kind.CHALLENGE}
    if page.status >= 400:
        return {Kind.ERROR}
    if page.status >= 300:  # without a page
        return {Kind.EMPTY}
    if page.url.endswith("/robots.txt"):
        return {Kind.EMPTY, Kind.ERROR}
    if notice and not notice.direct:
        return {Kind.NOTICE}
    if not ANSWERED.match(page.media):
        # two files are error pages that are named .doc
        return {Kind.FILE, Kind.ERROR} if page.url.endswith(".doc") else {Kind.FILE}
    if SCRIPTED.search(page.url):
        return {Kind.SHELL}
    return {Kind.LIST, Kind.EMPTY} if DATA.search(page.url) else {Kind.LIST}


def test_every_page_is_what_it_is(night: Night) -> None:
    wrong = [
        f"{page} {way}: {reading.kind}"
        for page in night.pages
        for way, reading in page.readings.items()
        if reading.kind.kind not in _kinds(page, night.notices.get(_address(page.url)))
    ]
    assert wrong == []
    assert len(night.pages) > 250
    errors = [x for x in night.pages if x.readings[GENERIC].kind.kind is Kind.ERROR]
    assert sum(x.status == 200 and x.url.endswith(".doc") for x in errors) == 2


def test_the_facts_of_every_notice_are_right(night: Night) -> None:
    wrong, read = [], set()
    for page in night.pages:
        sample = night.notices.get(_address(page.url))
        if sample is None or page.status != 200 or sample.direct:
            continue
        read.add(sample.key)
        for way, reading in page.readings.items():
            assert reading.notice, page
            told, found = _told(sample), _found(reading.notice)
            for fact, right in told.items():
                if found[fact] != right:
                    wrong.append(f"{sample.key} {way}, {fact}: {found[fact]!r}, not {right!r}")
            if not re.fullmatch(_text(sample), _folded(reading.notice.text)):
                wrong.append(f"{sample.key} {way}, text: {reading.notice.text!r}")
    assert wrong == []
    assert len(read) > 115


def test_the_rows_of_every_list_are_right(night: Night) -> None:
    right: dict[str, tuple[str, dt.date | None]]
    right = {_address(x.url): (_folded(x.title), x.date) for x in old_rows()}
    right |= {address: (_folded(x.title), x.day) for address, x in night.notices.items()}
    right |= {a: (title, None) for a, (title, _) in right.items() if UNDATED.search(a)}
    wrong: list[str] = []
    seen: dict[str, set[str]] = {GENERIC: set(), SELECTORS: set()}
    for page in night.pages:
        for way, reading in page.readings.items():
            for row in reading.rows or ():
                seen[way].add(_address(row.url))
                found = (_folded(row.title), row.date)
                if right.get(_address(row.url)) != found:
                    wrong.append(f"{page} {way}: {row.url} {found}")
    assert wrong == []
    hosts = {x.host for x in night.pages if x.readings[GENERIC].rows}
    wanted = {a for a, x in night.notices.items() if _listed_on(x) & hosts}
    for way, addresses in seen.items():
        assert sorted(wanted - addresses) == [], way
    assert len(wanted) > 100


def test_source_and_generic_readers_agree_where_the_selectors_hit(night: Night) -> None:
    for page in night.pages:
        reading = page.readings[SELECTORS]
        missed = night.number == 2 and page.host == REDESIGNED and reading.rows is not None
        assert [x.fact for x in reading.differences] == ["rows"] * missed, page
        if page.readings[GENERIC].rows:
            assert [x.code for x in reading.problems] == ["rows.drift"] * missed, page


def _listed_on(notice: SampleNotice) -> set[str]:
    """The hosts of the columns that a notice stands in."""
    return {urlsplit(COLUMNS[notice.source, x].url).hostname or "" for x in notice.columns}


def _told(notice: SampleNotice) -> dict[str, Any]:
    number = _folded(notice.doc_number or "")
    return {
        "title": _folded(notice.title),
        "published": notice.published.isoformat()[:10],
        "written": notice.written,
        "doc_number": "" if number == "无" else number.translate(_BRACKETS),
        "issuers": list(notice.issuers),
        "period": (
            notice.opens,
            notice.closes,
            notice.closes_time.replace("24:00", "23:59"),  # no clock shows the former
        ),
        "attachments": [_folded(x.name) for x in notice.attachments],
    }


def _found(notice: Notice) -> dict[str, Any]:
    period = notice.period
    time = period.closes_time if period else None
    return {
        "title": _folded(notice.title),
        "published": notice.published.isoformat()[:10] if notice.published else None,
        "written": notice.written,
        "doc_number": _folded(notice.doc_number),
        "issuers": notice.issuers,
        "period": (
            period.opens if period else None,
            period.closes if period else None,
            f"{time:%H:%M}" if time else "",
        ),
        "attachments": [
            _folded(x.name) for x in notice.attachments if x.kind is AttachmentKind.FILE
        ],
    }


def _text(notice: SampleNotice) -> str:
    """The pattern of a notice's text: every word of its body in order, and nothing more than the
    number above it and the labels of its attachments."""
    parts = [f"(?:{re.escape(_folded(notice.doc_number))})?"] if notice.doc_number else []
    for block in notice.blocks:
        if isinstance(block, Para):
            parts.append(re.escape(_folded(block.text)))
        elif isinstance(block, Table):
            cells = [cell for line in block.lines for cell in line if cell not in ("^", "<")]
            parts.append(re.escape(_folded("".join(cells))))
        elif isinstance(block, Link):
            name = re.escape(_folded(notice.attachments[block.number - 1].name))
            parts.append(rf"(?:附件：)?(?:\d\.)?{name}")
    if notice.body_pdf:
        return re.escape(_folded(notice.attachments[0].name))
    return "".join(parts)


def _folded(text: str) -> str:
    return "".join(text.split())
