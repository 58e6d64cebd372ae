"""The records of a WARC: whole gzip members, the answers in them, and the questions they answer."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from io import SEEK_END, BytesIO
from typing import Any, BinaryIO
from urllib.parse import urldefrag

from scrapy.http import Headers
from scrapy.utils.gz import gunzip
from w3lib.url import safe_url_string
from warcio.bufferedreaders import ChunkedDataReader
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders

FAILURE = "Kuaixun-Failure"
_LARGEST = 256 * 1024 * 1024  # bytes; what one decoded body may grow to

Question = tuple[str, str, str]  # method, address, SHA-256 of the request's body
Identity = tuple[str, Question, tuple[str, ...]]  # kind, question, what tells answers apart
HeadersLike = Mapping[Any, Any] | Iterable[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer as it was recorded. `read` undoes the content encoding, an Index does not."""

    url: str
    status: int
    headers: Headers
    body: bytes  # b"" for a file, whose bytes the store keeps, and for a 304
    file_sha256: str = ""  # hex; set for a file only
    at: datetime | None = None  # the clock of the night that recorded it, aware


def decoded(body: bytes, headers: Headers) -> bytes:
    """`body` with the content encodings of `headers` that we ask for (gzip, deflate) undone.

    Raises OSError when the bytes are not what the header says or grow beyond all measure."""
    stated = b",".join(headers.getlist("Content-Encoding")).lower()
    for name in reversed([x.strip() for x in stated.split(b",") if x.strip()]):
        try:
            if name in (b"gzip", b"x-gzip"):
                body = gunzip(body, max_size=_LARGEST)
            elif name == b"deflate":
                body = _inflated(body)
        except (EOFError, ValueError, zlib.error) as fault:
            raise OSError(f"not {name.decode('latin-1')} content: {fault}") from fault
    return body


def _inflated(body: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(body, _LARGEST)
    except zlib.error:  # raw deflate, as some servers send it
        return zlib.decompressobj(wbits=-zlib.MAX_WBITS).decompress(body, _LARGEST)


class HttpHeaders(StatusAndHeaders):  # type: ignore[misc]
    """Header bytes as received: warcio would rewrite a GBK file name to percent escapes."""

    def __init__(self, line: str, pairs: list[tuple[str, str]], protocol: str = "HTTP/1.1") -> None:
        super().__init__(line, pairs, protocol)

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        text: bytes = self.to_bytes(filter_func, "latin-1")
        return text


@dataclass(slots=True)
class Member:
    offset: int
    end: int
    content: bytes


@dataclass(slots=True)
class Entry:
    """Where a record is, and what it answers."""

    offset: int
    kind: str  # response, file, not-modified, failure
    question: Question
    state: tuple[str, ...]  # what tells it from other answers to the same question
    record_id: str
    failure: str = ""

    @property
    def identity(self) -> Identity:
        return (self.kind, self.question, self.state)


def members_of(file: BinaryIO) -> Iterator[Member]:
    """The whole gzip members that hold a record, in order; damage between them is skipped."""
    offset = 0
    while True:
        member = _member_at(file, offset)
        if member is None:
            offset = _next_magic(file, offset + 1)
            if offset < 0:
                return
            continue
        yield member
        offset = member.end


def _member_at(file: BinaryIO, offset: int) -> Member | None:
    file.seek(offset)
    inflate = zlib.decompressobj(zlib.MAX_WBITS + 16)
    parts: list[bytes] = []
    while not inflate.eof:
        chunk = file.read(1 << 16)
        if not chunk:
            return None
        try:
            parts.append(inflate.decompress(chunk))
        except zlib.error:
            return None
    content = b"".join(parts)
    # A page sent as gzip may stand inside a torn member: it is whole, but no record.
    if not content.startswith(b"WARC/1."):
        return None
    return Member(offset, file.tell() - len(inflate.unused_data), content)


def _next_magic(file: BinaryIO, offset: int) -> int:
    file.seek(offset)
    tail = b""
    while chunk := file.read(1 << 20):
        found = (tail + chunk).find(b"\x1f\x8b\x08")
        if found >= 0:
            return file.tell() - len(chunk) - len(tail) + found
        tail = chunk[-2:]
    return -1


def parse_record(content: bytes) -> ArcWarcRecord:
    return ArcWarcRecordLoader(verify_http=False).parse_record_stream(
        BytesIO(content), known_format="warc"
    )


def scan(file: BinaryIO) -> tuple[list[Entry], int, int]:
    """Every answer in the file, where its last whole member ends, and how many bytes are damaged:
    are in no whole member."""
    entries: list[Entry] = []
    asked: dict[str, Question] = {}  # an answer's record id -> the question recorded beside it
    end = whole = 0
    for member in members_of(file):
        end = member.end
        whole += member.end - member.offset
        record = parse_record(member.content)
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type == "request" and record.http_headers:
            beside = record.rec_headers.get_header("WARC-Concurrent-To") or ""
            method = record.http_headers.protocol
            asked[beside] = question_of(method, url, record.raw_stream.read())
        elif entry := _entry(record, member.offset, url):
            entries.append(entry)
    for entry in entries:
        entry.question = asked.get(entry.record_id, entry.question)
    return entries, end, file.seek(0, SEEK_END) - whole


def _entry(record: ArcWarcRecord, offset: int, url: str) -> Entry | None:
    warc = record.rec_headers.get_header
    kind, state, failure = record.rec_type, tuple[str, ...](), ""
    if kind == "revisit":
        kind = "not-modified" if warc("WARC-Profile").endswith("not-modified") else "file"
    if kind == "not-modified":
        state = (first_value(_http_headers(record), "ETag"),)
    elif kind in ("response", "file") and record.http_headers:
        state = (record.http_headers.get_statuscode(), _digest(record))
    elif kind == "metadata":
        fields = Headers(
            [x.split(b":", 1) for x in record.raw_stream.read().splitlines() if b":" in x]
        )
        failure = first_value(fields, FAILURE) or warc(FAILURE) or ""
        kind, state = "failure", (failure,)
    if not state or (kind == "failure" and not failure):
        return None
    record_id = warc("WARC-Record-ID") or ""
    return Entry(offset, kind, question_of("GET", url, b""), state, record_id, failure)


def _digest(record: ArcWarcRecord) -> str:
    stated: str = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    if stated.startswith("sha256:"):
        return stated.removeprefix("sha256:").lower()
    return hashlib.sha256(record.raw_stream.read()).hexdigest()


def recorded_at(file: BinaryIO, offset: int) -> Recorded | None:
    """The answer in the member at `offset`, its body still encoded; None when there is none."""
    member = _member_at(file, offset)
    if member is None:
        return None
    record = parse_record(member.content)
    if record.rec_type not in ("response", "revisit") or not record.http_headers:
        return None
    headers = _http_headers(record)
    body, digest = b"", ""
    if record.rec_type == "response":
        chunked = b"chunked" in (headers.pop("Transfer-Encoding", None) or [b""])
        stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
        body = stream.read()
    elif record.rec_headers.get_header("WARC-Profile").endswith("identical-payload-digest"):
        digest = _digest(record)
    url = record.rec_headers.get_header("WARC-Target-URI")
    status = int(record.http_headers.get_statuscode())
    return Recorded(url, status, headers, body, digest, _date(record))


def _date(record: ArcWarcRecord) -> datetime | None:
    try:
        return datetime.fromisoformat(record.rec_headers.get_header("WARC-Date") or "")
    except ValueError:  # of another writer
        return None


def _http_headers(record: ArcWarcRecord) -> Headers:
    return Headers([(k.encode(), _raw(v)) for k, v in record.http_headers.headers])


def _raw(value: str) -> bytes:
    try:
        return value.encode("latin-1")  # warcio reads as Latin-1 what is not UTF-8
    except UnicodeEncodeError:
        return value.encode()


def header_pairs(headers: HeadersLike) -> list[tuple[str, str]]:
    """Header lines in order, each character one byte."""
    items = headers.items() if isinstance(headers, Mapping) else headers
    return [
        (_latin(name), _latin(value))
        for name, values in items
        for value in (values if isinstance(values, list | tuple) else [values])
    ]


def _latin(text: str | bytes) -> str:
    return (text if isinstance(text, bytes) else text.encode()).decode("latin-1")


def first_value(headers: Headers, name: str) -> str:
    return (headers.get(name) or b"").decode("latin-1").strip()


def status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:  # 521 and its like have no phrase
        return f"{status} Unknown"


def plain_url(url: str) -> str:
    """The address as a request carries it: escaped, without fragment."""
    return urldefrag(safe_url_string(url))[0]


def question_of(method: str, url: str, body: bytes) -> Question:
    return (method.upper(), plain_url(url), hashlib.sha256(body).hexdigest() if body else "")
