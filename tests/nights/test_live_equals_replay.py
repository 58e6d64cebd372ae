"""The two nights asked of a real server keep, row for row, what their replay keeps."""

from collections import Counter
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.nights.conftest import RENDERS, SECONDS, SLOW, Live
from tests.nights.nightly_runs import Dump, difference, dump, kuaixun, query

REQUESTS = """
    SELECT night.date, source.name AS source, place.name, outcome.requests, outcome.not_modified
    FROM store_outcome outcome JOIN store_night night ON night.id = outcome.night_id
    JOIN store_column place ON place.id = outcome.column_id
    JOIN store_source source ON source.id = place.source_id ORDER BY 1, 2, 3
"""


def test_the_databases_are_equal(live: Live, kept: Dump) -> None:
    """The dump leaves out clock readings, offsets in the WARC and measurements, nothing else."""
    assert difference(kept, live.tables) == []


def test_as_many_requests_are_counted(live: Live, two_nights: Path) -> None:
    assert query(live.folder, REQUESTS) == query(two_nights, REQUESTS)


def test_the_files_are_the_same(live: Live, two_nights: Path) -> None:
    lying = [sorted(x.name for x in (n / "files").iterdir()) for n in (live.folder, two_nights)]
    assert lying[0] == lying[1]
    assert len(lying[0]) > 50


def test_what_the_live_nights_archived_can_be_replayed(
    live: Live, kept: Dump, tmp_path: Path
) -> None:
    for day, code in (("2019-09-11", 0), ("2019-09-12", 1)):
        archive, files = live.folder / f"warc/{day}.warc.gz", live.folder / "files"
        words = ("nightly", "--archive", str(archive), "--archive-files", str(files))
        kuaixun(tmp_path, *words, expect=code)
    assert difference(kept, dump(tmp_path)) == []


def test_the_server_met_what_real_sites_do(live: Live) -> None:
    first, second = (Counter(x.status for x in live.asked[night]) for night in (1, 2))
    assert {200, 301, 302, 404} <= first.keys()
    assert first[503] == 3  # asked, and twice more
    assert second[304] == 7  # the columns that did not change and say so
    assert second[412] == 4
    assert not [x for x in live.asked[2] if "huaibei" in x.url]  # its connections were refused
    slow = [x.ended - x.started for x in live.asked[1] if x.url == SLOW]
    assert len(slow) == 1
    assert slow[0] >= SECONDS


def test_pages_came_compressed_and_wrongly_labelled(live: Live) -> None:
    compressed = mislabelled = 0
    with (live.folder / "warc/2019-09-11.warc.gz").open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type != "response":
                continue
            compressed += record.http_headers.get_header("Content-Encoding") == "gzip"
            body = record.content_stream().read()  # unpacked
            mislabelled += b"charset=utf-8" in body[:500].lower() and not _is_utf8(body)
    assert compressed > 100
    assert mislabelled >= 1


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_it_says_who_asks(live: Live) -> None:
    headers = [x.headers for night in live.asked.values() for x in night]
    agents = {x.get("User-Agent") or x["user-agent"] for x in headers}  # Chromium writes the latter
    assert agents == {"Kuaixun/0.1 (nightly reader of public notices; mailto:night@example.org)"}


@pytest.mark.skipif(not RENDERS, reason="no browser: pip install scrapy-playwright and chromium")
def test_browser_columns_were_drawn_by_a_browser(live: Live) -> None:
    for night in (1, 2):
        scripts = [x for x in live.asked[night] if x.url.endswith(".js")]  # nothing else loads them
        assert [x.headers["Referer"].rsplit("/", 2)[1] for x in scripts] == ["xxgk01", "xxgk03"]
        strangers = {x.url.split("/")[2] for x in live.asked[night] if "gov.cn" not in x.url}
        assert not strangers  # the browser calls nobody on its own account
