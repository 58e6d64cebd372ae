"""The night's WARC: what is written comes back, once, whatever was killed half way."""

import datetime as dt
import gzip
import hashlib
import os
import threading
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scrapy.settings import Settings
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import (
    Archive,
    Index,
    NoRecord,
    archive_now,
    open_archive,
    open_index,
    read,
)

NIGHT = dt.date(2026, 11, 24)
URL = "https://www.example.gov.cn/tzgg/t1.html"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    made = Archive(tmp_path, NIGHT)
    yield made
    made.close()


def records(path: Path) -> list[tuple[str, str, str]]:
    with path.open("rb") as file:
        return [
            (
                x.rec_type,
                x.rec_headers.get_header("WARC-Target-URI") or "",
                x.rec_headers.get_header("WARC-Date"),
            )
            for x in ArchiveIterator(file)
        ]


def test_the_first_record_says_what_the_file_is(archive: Archive) -> None:
    with archive.path.open("rb") as file:
        (info,) = list(ArchiveIterator(file, check_digests="raise"))
    assert (info.rec_type, info.rec_headers.protocol) == ("warcinfo", "WARC/1.1")
    assert archive_now(archive.path) == dt.datetime(2026, 11, 24, tzinfo=dt.UTC) - dt.timedelta(
        hours=8
    )


def test_the_night_s_clock_dates_every_record(tmp_path: Path) -> None:
    now = dt.datetime(2026, 11, 24, 2, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    archive = Archive(tmp_path, NIGHT, now)
    archive.write(URL, 200, {}, b"x")
    archive.close()
    assert {x[2] for x in records(archive.path)} == {"2026-11-23T18:30:00Z"}
    assert archive_now(archive.path) == now


@given(
    body=st.binary(max_size=3000),
    name=st.text("abcXYZ-", min_size=1, max_size=9).map(lambda x: f"X-{x}"),
    value=st.binary(max_size=30).map(lambda x: bytes(c for c in x if c > 32 and c != 127)),
    status=st.sampled_from([200, 302, 404, 412, 599]),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_answer_comes_back(
    archive: Archive, body: bytes, name: str, value: bytes, status: int
) -> None:
    url = f"{URL}?{zlib.crc32(body + value)}"
    pointer = archive.write(url, status, {name: value}, body)
    found = read(archive.path.parent, pointer)
    assert (found.url, found.status, found.body) == (url, status, body)


def test_header_bytes_that_are_no_utf8_come_back(archive: Archive) -> None:
    raw = 'attachment; filename="申报书.doc"'.encode("gbk")
    pointer = archive.write(URL, 200, [("Content-Disposition", raw), ("X", "甲")], b"")
    found = read(archive.path.parent, pointer).headers
    assert found[b"Content-Disposition"] == raw
    assert found[b"X"] == "甲".encode()


@pytest.mark.parametrize(
    ("encoding", "squeeze"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda x: zlib.compress(x, wbits=-15)),
        ("deflate, gzip", lambda x: gzip.compress(zlib.compress(x))),
    ],
)
def test_pages_are_kept_compressed_and_read_plain(
    archive: Archive, encoding: str, squeeze: Any
) -> None:
    sent = squeeze("正文".encode() * 50)
    pointer = archive.write(URL, 200, {"Content-Encoding": encoding}, sent)
    assert read(archive.path.parent, pointer).body.decode() == "正文" * 50
    kept = Index(archive.path).response("GET", URL)
    assert kept
    assert kept.body == sent


def test_the_same_answer_is_written_once(archive: Archive) -> None:
    first = archive.write(URL, 200, {"Date": "1"}, b"page")
    size = archive.path.stat().st_size
    assert archive.write(URL + "#top", 200, {"Date": "2"}, b"page") == first
    assert archive.path.stat().st_size == size
    assert archive.write(URL, 200, {}, b"page, revised") != first


def test_a_second_run_continues_the_file_and_knows_what_is_in_it(archive: Archive) -> None:
    def write_all(to: Archive) -> list[str]:
        to.write_failure(URL + "x", "dns")
        return [
            to.write(URL, 200, {}, b"page"),
            to.write(URL, 200, {}, b"1", "POST", b"page=1"),
            to.write(URL, 200, {}, b"1", "POST", b"page=2"),
            to.write(URL + ".pdf", 200, {}, b"%PDF", file=True),
            to.write_not_modified(URL, {"ETag": '"1"'}),
        ]

    first = write_all(archive)
    before = archive.path.read_bytes()
    later = Archive(archive.path.parent, NIGHT)
    assert write_all(later) == first
    assert archive.path.read_bytes() == before
    assert len({*first}) == len(first)
    later.close()


def test_questions_are_told_apart_by_their_body(archive: Archive) -> None:
    archive.write(URL, 200, {}, b"one", "POST", b"page=1")
    archive.write(URL, 200, {}, b"two", "POST", b"page=2")
    index = Index(archive.path)
    one, two = (index.response("POST", URL, x) for x in (b"page=1", b"page=2"))
    assert one
    assert two
    assert (one.body, two.body) == (b"one", b"two")
    assert index.response("GET", URL) is None


def test_the_index_knows_failures_and_unchanged_lists(archive: Archive) -> None:
    archive.write_failure(URL, "timeout")
    archive.write_not_modified(URL + "l", {"ETag": '"7"'})
    index = open_index(archive.path)
    assert index.failure(URL) == "timeout"
    assert index.failure(URL + "l") is None
    unchanged = index.not_modified(URL + "l")
    assert unchanged
    assert unchanged.headers[b"ETag"] == b'"7"'
    archive.write(URL, 200, {}, b"came after all")
    assert open_index(archive.path) is not index


def test_of_a_file_only_the_hash_is_kept(archive: Archive) -> None:
    body = os.urandom(50_000)
    pointer = archive.write(URL, 200, {"Content-Encoding": "gzip"}, gzip.compress(body), file=True)
    found = read(archive.path.parent, pointer)
    assert found.file_sha256 == hashlib.sha256(body).hexdigest()
    assert archive.path.stat().st_size < 5_000


@pytest.mark.parametrize(
    "pointer",
    ["", "2026-11-24.warc.gz", "2026-11-24.warc.gz#7", "2020-01-01.warc.gz#0", "../x#0", "#0"],
)
def test_a_pointer_to_nothing_says_so(archive: Archive, pointer: str) -> None:
    with pytest.raises(NoRecord):
        read(archive.path.parent, pointer)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[int]]:
    """A file with every kind of record, and where each of them ends."""
    archive = Archive(tmp_path_factory.mktemp("whole"), NIGHT)
    ends = [archive.path.stat().st_size]

    def note(_: object) -> None:
        ends.append(archive.path.stat().st_size)

    for n in range(3):
        inner = gzip.compress(os.urandom(300))  # a gzip member inside a member
        note(archive.write(f"{URL}?{n}", 200, {"Content-Encoding": "gzip"}, inner))
    note(archive.write(URL, 200, {}, b"answer", "POST", b"question"))
    note(archive.write_not_modified(URL, {"ETag": '"1"'}))
    archive.write_failure(URL, "reset")
    note(None)
    archive.close()
    return archive.path.read_bytes(), ends


@given(data=st.data(), junk=st.sampled_from([b"", b"\0" * 40, b"\x1f\x8b\x08junk"]))
@settings(max_examples=150, deadline=None)
def test_a_torn_tail_is_cut_and_nothing_else(
    whole: tuple[bytes, list[int]],
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
    junk: bytes,
) -> None:
    content, ends = whole
    cut = data.draw(st.integers(0, len(content)))
    folder = tmp_path_factory.mktemp("torn")
    path = folder / f"{NIGHT}.warc.gz"
    path.write_bytes(content[:cut] + junk)
    archive = Archive(folder, NIGHT)
    pointer = archive.write("https://after.example.gov.cn/", 200, {}, b"after the kill")
    archive.close()
    kept = path.read_bytes()
    # Zeros may happen to be what was torn off the end of a member.
    last = max((x for x in ends if content[:x] == (content[:cut] + junk)[:x]), default=0)
    if last:
        assert kept[:last] == content[:last]
    assert read(folder, pointer).body == b"after the kill"
    with path.open("rb") as file:
        kinds = [x.rec_type for x in ArchiveIterator(file, check_digests="raise")]
    assert kinds[0] == "warcinfo"
    # Nothing but the whole records, a question whose answer was torn off, and the new one.
    whole_records = ends.index(last) + 1 if last else 1
    assert len([x for x in kinds if x != "request"]) == whole_records + 1


def test_damage_in_the_middle_loses_no_later_record(archive: Archive) -> None:
    first = archive.write(URL, 200, {}, b"first")
    second = archive.write(URL + "2", 200, {}, b"second")
    start = int(first.split("#")[1])
    with archive.path.open("r+b") as file:
        file.seek(start + 20)
        file.write(b"\0" * 30)
    later = Archive(archive.path.parent, NIGHT)
    assert read(archive.path.parent, second).body == b"second"
    assert later.write(URL + "2", 200, {}, b"second") == second
    assert later.write(URL, 200, {}, b"first") != first
    later.close()


def test_a_full_disk_leaves_whole_records_only(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write(URL, 200, {}, b"page")
    before = archive.path.read_bytes()
    real = os.write

    def full(file: int, data: bytes) -> int:
        real(file, data[:10])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            archive.write(URL + "2", 200, {}, b"more")
    assert archive.path.read_bytes() == before
    pointer = archive.write(URL + "2", 200, {}, b"more")
    assert read(archive.path.parent, pointer).body == b"more"


def test_two_processes_of_one_night_do_not_disturb_each_other(archive: Archive) -> None:
    other = Archive(archive.path.parent, NIGHT)
    pointers: list[tuple[bytes, str]] = []

    def write(to: Archive, name: str) -> None:
        for n in range(40):
            body = f"{name}{n}".encode() * 200
            pointers.append((body, to.write(f"{URL}?{name}{n}", 200, {}, body)))

    threads = [threading.Thread(target=write, args=x) for x in ((archive, "a"), (other, "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    for body, pointer in pointers:
        assert read(archive.path.parent, pointer).body == body


def test_an_archive_made_by_others_is_read(tmp_path: Path) -> None:
    """Plain warcio, SHA-1 digests, a chunked answer, the question after its answer."""
    path = tmp_path / "theirs.warc.gz"
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.1")

        def add(kind: str, url: str, body: bytes, line: str, heads: Any = (), **warc: str) -> Any:
            protocol, line = line.split(" ", 1)
            http = StatusAndHeaders(line, list(heads), protocol=protocol)
            warc = {k.replace("_", "-"): v for k, v in warc.items()}
            record = writer.create_warc_record(
                url, kind, BytesIO(body), len(body), warc_headers_dict=warc, http_headers=http
            )
            writer.write_record(record)
            return record.rec_headers.get_header("WARC-Record-ID")

        chunked = [("Transfer-Encoding", "chunked")]
        add("response", URL, b"3\r\nabc\r\n0\r\n\r\n", "HTTP/1.1 200 OK", chunked)
        answer = add("response", URL, b"posted", "HTTP/1.1 200 OK")
        add("request", URL, b"q=1", "POST /tzgg/t1.html HTTP/1.1", WARC_Concurrent_To=answer)
        failure = writer.create_warc_record(
            URL + "x", "metadata", BytesIO(b"Kuaixun-Failure: dns\r\n"), 22
        )
        writer.write_record(failure)
    index = Index(path)
    got, posted = index.response("GET", URL), index.response("POST", URL, b"q=1")
    assert got
    assert posted
    assert (got.body, posted.body) == (b"abc", b"posted")
    assert index.failure(URL + "x") == "dns"


def test_damage_in_the_middle_is_counted(archive: Archive) -> None:
    starts = []
    for number in range(3):
        pointer = archive.write(f"{URL}?{number}", 200, {}, os.urandom(4000))
        starts.append(int(pointer.rpartition("#")[2]))
    assert Index(archive.path).damaged == 0
    content = bytearray(archive.path.read_bytes())
    content[starts[1] + 1500 : starts[1] + 1600] = bytes(100)
    archive.path.write_bytes(content)
    index = Index(archive.path)
    assert index.damaged == starts[2] - starts[1]
    assert [bool(index.response("GET", f"{URL}?{n}")) for n in range(3)] == [True, False, True]
    archive.path.write_bytes(content + b"torn")
    assert Index(archive.path).damaged == starts[2] - starts[1] + 4


def test_one_archive_a_process_and_folder(tmp_path: Path) -> None:
    def open_in(folder: str) -> Archive:
        night = {"WARC_DIR": str(tmp_path / folder), "NIGHT_NOW": "2026-11-24T02:30:00"}
        return open_archive(Settings(night))

    one, other = open_in("one"), open_in("other")
    assert one is open_in("one")
    assert one is not other
    assert one.path.name == "2026-11-24.warc.gz"
    one.close()
    other.close()
    reopened = open_in("one")
    assert reopened is not one
    reopened.sync()
    reopened.close()
