"""From notices to the two WARCs: which rows stand where each night, what every address answers."""

import datetime as dt
import io
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from samples.guangdong import Shenzhen, challenge
from samples.hanweb import Miit, Shandong
from samples.longxun import Huaibei
from samples.look import Line, Look, Page, fill, http_date, line
from samples.notices import FOLDER, NIGHTS, OldRow, SampleNotice, load, old_rows
from samples.sites import SITES, Column
from samples.trs import Beijing, Chongqing, Mee, Ningxia, Shanxi

HERE = Path(__file__).parent
LOOKS: dict[str, type[Look]] = {
    "mee": Mee,
    "miit": Miit,
    "beijing_jxj": Beijing,
    "shandong_gxt": Shandong,
    "chongqing_jjxxw": Chongqing,
    "ningxia_gxt": Ningxia,
    "huaibei_jxj": Huaibei,
    "shanxi_kjt": Shanxi,
    "shenzhen_stic": Shenzhen,
}


class InconsistentError(ValueError):
    """The notices do not give what nights.toml says, or two pages share one address."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An address that cannot be connected to that night."""

    url: str
    kind: str = "connection-refused"


@dataclass(frozen=True, slots=True)
class Night:
    """One sample night: its number, moment, and the events by source."""

    number: int
    clock: dt.datetime
    events: dict[str, list[dict[str, Any]]]

    def has(self, source: str, what: str) -> bool:
        """Whether `what` happens at `source`."""
        return any(event["what"] == what for event in self.events.get(source, ()))


def nights() -> list[Night]:
    """The nights of nights.toml, its events checked against the notice files."""
    told = tomllib.loads((HERE / "nights.toml").read_text("utf-8"))
    found = []
    for number, facts in sorted(told.items()):
        if facts["date"] != NIGHTS[int(number)]:
            raise InconsistentError(f"night {number}: nights.toml and samples.notices differ")
        events: dict[str, list[dict[str, Any]]] = {}
        for event in facts.get("event", ()):
            events.setdefault(event["source"], []).append(event)
        found.append(Night(int(number), facts["clock"], events))
    _check(found)
    return found


def _check(found: list[Night]) -> None:
    told = {
        (event["what"], source, event["notice"])
        for night in found
        for source, events in night.events.items()
        for event in events
        if "notice" in event and event["what"] != "recovered"
    }
    there = {("failed", n.source, n.slug) for n in load() if n.fails_night1} | {
        ("revised", path.parent.name, path.name.removesuffix(".night2.txt"))
        for path in FOLDER.glob("*/*.night2.txt")
    }
    if told != there:
        raise InconsistentError(f"nights.toml and the notice files differ: {told ^ there}")


def answers(night: Night) -> list[Page | Failure]:
    """What every address of the nine sites answers that night, site by site."""
    notices, old = load(night.number), old_rows()
    found: dict[str, Page | Failure] = {}
    for source in SITES:
        ours = [notice for notice in notices if notice.source == source]
        rows = [row for row in old if row.source == source]
        for answer in _site(night, source, ours, rows):
            if found.setdefault(answer.url, answer) != answer:
                raise InconsistentError(f"two pages at {answer.url}")
    return list(found.values())


def _site(
    night: Night, source: str, notices: list[SampleNotice], old: list[OldRow]
) -> Iterator[Page | Failure]:
    site = SITES[source]
    short = {name for n in notices if "month-day-date" in n.traits for name in n.columns}
    look = LOOKS[source](
        site, old, short=frozenset(short), redesigned=night.has(source, "redesigned")
    )
    pages = list(_pages(look, night, notices, old))
    places = dict.fromkeys(urlsplit(page.url).netloc for page in pages)
    robots = [
        _robots(look, f"{scheme}://{host}") for host in places for scheme in ("http", "https")
    ]
    if night.has(source, "down"):
        yield from (Failure(page.url) for page in [*robots, *pages])
    elif night.has(source, "challenged"):
        yield from robots
        yield from (challenge(page) for page in pages)
    else:
        yield from robots
        yield from pages


def _pages(
    look: Look, night: Night, notices: list[SampleNotice], old: list[OldRow]
) -> Iterator[Page]:
    for column in look.site.columns:
        yield from look.list_pages(column, list_lines(column, notices, old), night.number)
    for notice in notices:
        if notice.external:
            continue
        if notice.fails_night1 and night.number == 1:
            yield Page(notice.url, fill("503").encode(), status=503)
        elif not notice.direct:
            yield look.notice_page(notice)
        yield from look.redirects(notice)
        yield from look.file_pages(notice)


def list_lines(column: Column, notices: list[SampleNotice], old: list[OldRow]) -> list[Line]:
    """A column's lines as its list shows them: pinned ones first, then newest first."""
    rows = [line(notice) for notice in notices if column.name in notice.columns]
    rows += [line(row) for row in old if row.column == column.name]
    return sorted(rows, key=lambda one: (one.pinned, one.date, one.moment, one.url), reverse=True)


def _robots(look: Look, place: str) -> Page:
    name = look.site.robots
    if not name:
        body = b"<html><head><title>404 Not Found</title></head><body>404 Not Found</body></html>\n"
        return Page(f"{place}/robots.txt", body, "text/html", 404)
    body = (HERE / "looks" / f"robots.{name}.txt").read_bytes()
    return Page(f"{place}/robots.txt", body, "text/html" if name == "page" else "text/plain")


_REASONS = {
    200: "OK",
    301: "Moved Permanently",
    302: "Found",
    404: "Not Found",
    412: "Precondition Failed",
    503: "Service Unavailable",
}


def write(night: Night, target: Path) -> None:
    """The night's WARC: one gzip member a record, the same bytes at every build."""
    servers = {
        urlsplit(column.url).netloc: site for site in SITES.values() for column in site.columns
    }
    with target.open("wb") as out:
        writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
        info = writer.create_warcinfo_record(
            target.name,
            {"software": "samples.build", "format": "WARC File Format 1.1", "isPartOf": "samples"},
        )
        _date(info.rec_headers, night, "warcinfo")
        writer.write_record(info)
        for answer in answers(night):
            if isinstance(answer, Failure):
                fields = f"Kuaixun-Failure: {answer.kind}\r\n".encode()
                record = writer.create_warc_record(
                    answer.url,
                    "metadata",
                    payload=io.BytesIO(fields),
                    length=len(fields),
                    warc_content_type="application/warc-fields",
                )
            else:
                server = servers[urlsplit(answer.url).netloc].server
                record = writer.create_warc_record(
                    answer.url,
                    "response",
                    payload=io.BytesIO(answer.body),
                    length=len(answer.body),
                    http_headers=_headers(answer, server, night),
                )
            _date(record.rec_headers, night, answer.url)
            writer.write_record(record)


def _date(headers: StatusAndHeaders, night: Night, name: str) -> None:
    """The record's moment and id, which warcio would take from the clock and from chance."""
    ident = uuid.uuid5(uuid.NAMESPACE_URL, f"{night.number} {name}")
    headers.replace_header("WARC-Date", f"{night.clock:%Y-%m-%dT%H:%M:%SZ}")
    headers.replace_header("WARC-Record-ID", f"<urn:uuid:{ident}>")


def _headers(page: Page, server: str, night: Night) -> StatusAndHeaders:
    lines = [
        ("Server", server),
        ("Date", http_date(night.clock)),
        ("Content-Type", page.content_type),
        ("Content-Length", str(len(page.body))),
        ("Connection", "keep-alive"),
        *page.headers,
    ]
    return StatusAndHeaders(f"{page.status} {_REASONS[page.status]}", lines, protocol="HTTP/1.1")


def build(folder: Path = HERE) -> list[Path]:
    """Both WARCs in `folder`, named by their night's date."""
    made = []
    for night in nights():
        target = folder / f"{NIGHTS[night.number]}.warc.gz"
        write(night, target)
        made.append(target)
    return made
