"""The two archives: built the same each time, whole, and with the events of nights.toml."""

import gzip
import re
from email.utils import parsedate_to_datetime
from itertools import combinations
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from samples.build import HERE, LOOKS, build, list_lines, nights
from samples.notices import NIGHTS, SampleNotice, load, old_rows
from samples.sites import COLUMNS, SITES, Column
from tests.loopback import Archive

NAMES = [f"{day}.warc.gz" for day in NIGHTS.values()]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build(folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_building_again_gives_the_same_bytes(name: str, built: Path, tmp_path: Path) -> None:
    build(tmp_path)
    assert (tmp_path / name).read_bytes() == (built / name).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_archive_is_what_the_notices_give(name: str, built: Path) -> None:
    # Compared unpacked: another zlib may pack the same records into other bytes.
    fresh, committed = (built / name).read_bytes(), (HERE / name).read_bytes()
    assert gzip.decompress(fresh) == gzip.decompress(committed), "run python -m samples"


def test_the_archives_are_small() -> None:
    assert sum((HERE / name).stat().st_size for name in NAMES) < 3_000_000


def test_nine_seeds_and_a_hundred_others() -> None:
    notices = load()
    seeds = [notice for notice in notices if notice.slug == "seed"]
    assert {notice.source for notice in seeds} == set(SITES)
    assert len(notices) - len(seeds) >= 100


def _grams(notice: SampleNotice) -> set[str]:
    text = re.sub(r"\W", "", "".join(notice.paragraphs))
    return {text[at : at + 5] for at in range(len(text) - 4)}


def test_no_two_notices_share_a_mould() -> None:
    grams = {notice: _grams(notice) for notice in load()}
    alike = {
        f"{one.key} {other.key}": round(share, 2)
        for one, other in combinations(grams, 2)
        if not (one.family and one.family == other.family)
        and (smaller := min(len(grams[one]), len(grams[other])))
        and (share := len(grams[one] & grams[other]) / smaller) > 0.3
    }
    assert not alike


@pytest.mark.parametrize("night", [1, 2])
def test_every_notice_has_its_page(night: int, archives: dict[int, Archive]) -> None:
    archive, events = archives[night], nights()[night - 1]
    for notice in load(night):
        if notice.external:
            assert notice.url not in archive.responses
        elif events.has(notice.source, "down"):
            assert archive.failures[notice.url] == "connection-refused"
        else:
            answer = archive.responses[notice.url]
            if answer.status == 301:
                answer = archive.responses[answer.header("Location")]
            challenged = events.has(notice.source, "challenged")
            failed = notice.fails_night1 and night == 1
            assert answer.status == (412 if challenged else 503 if failed else 200), notice.key


def _shown(element: html.HtmlElement) -> str:
    return str(element.text_content())


def _words(page: str) -> str:
    root: html.HtmlElement = html.fromstring(page)
    return _shown(root)


@pytest.mark.parametrize("night", [1, 2])
def test_a_page_shows_the_facts_of_its_notice(night: int, archives: dict[int, Archive]) -> None:
    archive, events = archives[night], nights()[night - 1]
    for notice in load(night):
        answer = archive.responses.get(notice.url)
        if answer and answer.status == 301:
            answer = archive.responses[answer.header("Location")]
        if notice.direct or not answer or answer.status != 200:
            continue
        charset = "gb18030" if "gbk-labelled-utf8" in notice.traits else "utf-8"
        text = re.sub(r"\s", "", _words(answer.body.decode(charset)))
        shown = [notice.title, *notice.paragraphs, *(a.name for a in notice.attachments)]
        shown += [cell for table in notice.tables for line in table for cell in line]
        if notice.doc_number and (notice.header or notice.number_in_text):
            shown.append(notice.doc_number)
        if notice.header or notice.source_line:
            shown.append(notice.source_line)
        missing = [words for words in shown if re.sub(r"\s", "", words) not in text]
        assert not [words for words in missing if words != "附件："], notice.key
        assert not events.has(notice.source, "down")


@pytest.mark.parametrize("night", [1, 2])
def test_attachments_answer_as_their_kind_says(night: int, archives: dict[int, Archive]) -> None:
    archive, events = archives[night], nights()[night - 1]
    starts = {"docx": b"PK", "xlsx": b"PK", "zip": b"PK", "pdf": b"%PDF", "html-as-doc": b"<!DOC"}
    starts |= {"doc": b"\xd0\xcf\x11\xe0", "xls": b"\xd0\xcf\x11\xe0"}
    for notice in load(night):
        if notice.external or any(events.has(notice.source, x) for x in ("down", "challenged")):
            continue
        look = LOOKS[notice.source](SITES[notice.source], [])
        for at, attachment in enumerate(notice.attachments, start=1):
            answer = archive.responses[look.file_url(notice, at)]
            if answer.status == 302:
                answer = archive.responses[answer.header("Location")]
            if attachment.kind == "broken":
                assert answer.status == 404
            else:
                assert answer.status == 200
                assert answer.body.startswith(starts[attachment.kind])


def _steady() -> list[Column]:
    changed = {"down", "challenged", "redesigned"}
    told = nights()[1].events
    return [
        column
        for column in COLUMNS.values()
        if not changed & {event["what"] for event in told.get(column.source, ())}
    ]


@pytest.mark.parametrize("night", [1, 2])
def test_the_links_of_a_page_lead_to_its_files(night: int, archives: dict[int, Archive]) -> None:
    archive = archives[night]
    for notice in load(night):
        answer = archive.responses.get(notice.url)
        if answer and answer.status == 301:
            answer = archive.responses[answer.header("Location")]
        if notice.direct or not answer or answer.status != 200:
            continue
        charset = "gb18030" if "gbk-labelled-utf8" in notice.traits else "utf-8"
        root = html.fromstring(answer.body.decode(charset))
        linked = {_shown(a): urljoin(answer.url, a.get("href", "")) for a in root.iter("a")}
        for attachment in notice.attachments:
            assert linked[attachment.name] in archive.responses, notice.key
        for image in root.iter("img"):
            if image.get("title"):  # the furniture's images have none, and are not in the archive
                assert urljoin(answer.url, image.get("src", "")) in archive.responses, notice.key


@pytest.mark.parametrize("column", _steady(), ids=lambda c: f"{c.source}-{c.url}")
def test_a_column_without_news_is_the_same_bytes(
    column: Column, archives: dict[int, Archive]
) -> None:
    tables = [
        list_lines(
            column,
            [n for n in load(night) if n.source == column.source],
            [row for row in old_rows() if row.source == column.source],
        )
        for night in (1, 2)
    ]
    same = [[(one.url, one.date) for one in lines] for lines in tables]
    first, second = (archives[night].responses[column.url] for night in (1, 2))
    if same[0] == same[1] or column.source == "miit":  # miit's page is a shell without rows
        assert (first.body, first.header("ETag"), first.header("Last-Modified")) == (
            second.body,
            second.header("ETag"),
            second.header("Last-Modified"),
        )
    else:
        assert first.body != second.body
        if "etag" in column.validators:
            assert first.header("ETag") != second.header("ETag")
        if "modified" in column.validators:
            moments = [parsedate_to_datetime(x.header("Last-Modified")) for x in (first, second)]
            assert moments[0] < moments[1]


def test_the_second_night_has_every_outcome(archives: dict[int, Archive]) -> None:
    before, after = archives[1], archives[2]
    assert after.refused_hosts == {"jxj.huaibei.gov.cn"}
    challenged = [r for url, r in after.responses.items() if "stic.sz.gov.cn" in url]
    for answer in challenged:
        robots = urlsplit(answer.url).path == "/robots.txt"
        assert answer.status == (200 if robots else 412)
        assert robots or answer.header("Set-Cookie")
    columns = [column for column in COLUMNS.values() if column.source == "ningxia_gxt"]
    for column in columns:
        old = html.fromstring(before.responses[column.url].body)
        new = html.fromstring(after.responses[column.url].body)
        assert old.cssselect("ul.zdgk-list li a")
        assert not new.cssselect("ul.zdgk-list li a")
        assert new.cssselect("article.card h4 a")


def test_robots_stands_on_every_host_and_scheme(archives: dict[int, Archive]) -> None:
    for archive in archives.values():
        known = set(archive.responses) | set(archive.failures)
        for url in known:
            parts = urlsplit(url)
            assert f"{parts.scheme}://{parts.netloc}/robots.txt" in known


def test_every_row_of_the_last_two_weeks_leads_to_a_page() -> None:
    for row in old_rows():
        assert (NIGHTS[1] - row.date).days > 14, row.title


def test_no_body_is_empty() -> None:
    for notice in load():
        assert notice.external or notice.body_pdf or notice.blocks, notice.key
