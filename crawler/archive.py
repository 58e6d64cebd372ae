"""The night's WARC: every page as it was received, written once, read back for ever.

One gzip member a record, so a pointer "<file>#<offset>" finds it at once. A member is appended in
one piece and never changed; what a killed process left half written is cut when the file is
opened again.
"""

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urldefrag
from uuid import uuid4

from filelock import FileLock
from scrapy.http import Headers
from scrapy.settings import BaseSettings
from scrapy.utils.gz import gunzip
from w3lib.url import safe_url_string
from warcio.bufferedreaders import ChunkedDataReader
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.clock import BEIJING, night_now

SOFTWARE = "Kuaixun/0.1"
FAILURE = "Kuaixun-Failure"
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
_LARGEST = 256 * 1024 * 1024  # bytes; what one decoded body may grow to

_Question = tuple[str, str, str]  # method, address, SHA-256 of the request's body
_Identity = tuple[str, _Question, tuple[str, ...]]  # kind, question, what tells answers apart
HeadersLike = Mapping[Any, Any] | Iterable[tuple[Any, Any]]


class NotWritten(OSError):
    """An answer could not be written down (disk full): a fault of this machine, not of the site."""


class NoRecord(LookupError):
    """The pointer leads to no whole record: the file is gone, cut, or not an archive."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer as it was recorded. `read` undoes the content encoding, an Index does not."""

    url: str
    status: int
    headers: Headers
    body: bytes  # b"" for a file, whose bytes the store keeps, and for a 304
    file_sha256: str = ""  # hex; set for a file only


def open_archive(settings: BaseSettings) -> "Archive":
    """Tonight's archive in the folder WARC_DIR: one object a process, past midnight too."""
    key = (Path(settings["WARC_DIR"]).resolve(), str(settings.get("NIGHT_NOW") or ""))
    if key not in _archives:
        now = night_now(settings)
        _archives[key] = Archive(key[0], now.date(), now)
    return _archives[key]


_archives: dict[tuple[Path, str], "Archive"] = {}  # by folder and the night's stated clock


class Archive:
    """The WARC of one night, open for appending. A second run on the same date continues it."""

    def __init__(self, folder: str | Path, night_date: date, now: datetime | None = None) -> None:
        """Opens or creates `<folder>/<night_date>.warc.gz` and cuts a torn tail.

        `now` is the night's own clock and dates every record; midnight of the date if not given.
        Raises OSError."""
        moment = now or datetime.combine(night_date, time(), BEIJING)
        self._date = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.path = Path(folder) / f"{night_date}.warc.gz"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Another process of the same night (a bare `scrapy crawl`) may append between our records.
        self._lock = FileLock(f"{self.path}.lock")
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._file = os.open(self.path, flags, 0o644)
        self._unsynced = True
        self._seen: dict[_Identity, str] = {}  # what is written already -> its pointer
        with self._lock, self.path.open("rb") as file:
            entries, end = _scan(file)
            os.truncate(self._file, end)
            if not end:
                self._append(self._info(night_date))
        for entry in entries:
            self._seen.setdefault(entry.identity, self._pointer(entry.offset))

    def write(
        self,
        url: str,
        status: int,
        headers: HeadersLike,
        body: bytes,
        request_method: str = "GET",
        request_body: bytes = b"",
        *,
        file: bool = False,
    ) -> str:
        """Append an answer as received and return its pointer.

        The same answer to the same question is written once a night: the old pointer comes back.
        Of a `file` only headers and the SHA-256 of its decoded bytes are kept. Raises NotWritten,
        and then nothing of the record stays in the file; OSError for a file's broken encoding."""
        # The transfer is undone already; a file is undone to what the store hashes.
        undone = {"transfer-encoding"}
        pairs = _pairs(headers)
        if file and _first(Headers(pairs), "Content-Encoding"):
            body = decoded(body, Headers(pairs))
            undone = {"transfer-encoding", "content-encoding", "content-length"}
        pairs = [x for x in pairs if x[0].lower() not in undone]
        digest = hashlib.sha256(body).hexdigest()
        question = _question(request_method, url, request_body)
        identity = ("file" if file else "response", question, (str(status), digest))
        if identity in self._seen:
            return self._seen[identity]
        ids = [f"<urn:uuid:{uuid4()}>" for _ in range(2)]
        asked = b""
        if request_method != "GET" or request_body:
            asked = self._request(url, request_method, request_body, ids)
        warc = {"WARC-Record-ID": ids[1], "WARC-Payload-Digest": f"sha256:{digest}"}
        http = _HttpHeaders(_status_line(status), pairs)
        if file:
            warc["WARC-Profile"] = _PROFILE + "identical-payload-digest"
            record = self._record("revisit", url, warc, http)
        else:
            record = self._record("response", url, warc, http, body)
        # The question stands before its answer: a tear between them leaves no answer to another.
        pointer = self._append(asked, record)
        self._seen[identity] = pointer
        return pointer

    def write_not_modified(self, url: str, headers: HeadersLike) -> str:
        """Append that the server answered 304, with its headers, and return the pointer."""
        pairs = _pairs(headers)
        state = (_first(Headers(pairs), "ETag"),)
        identity = ("not-modified", _question("GET", url, b""), state)
        if identity not in self._seen:
            http = _HttpHeaders(_status_line(304), pairs)
            warc = {"WARC-Profile": _PROFILE + "server-not-modified"}
            self._seen[identity] = self._append(self._record("revisit", url, warc, http))
        return self._seen[identity]

    def write_failure(self, url: str, kind: str) -> None:
        """Append that `url` could not be had, so that a replay fails the same way. `kind` is a
        word of `refusals.failure_kind`, or "status-503" for an answer that means "not now"."""
        identity = ("failure", _question("GET", url, b""), (kind,))
        if identity not in self._seen:
            text = f"{FAILURE}: {kind}\r\n".encode()
            self._seen[identity] = self._append(self._record("metadata", url, {}, None, text))

    def sync(self) -> None:
        """Wait until all that was written is on the disk. Raises OSError."""
        if self._unsynced:
            os.fsync(self._file)
            self._unsynced = False

    def close(self) -> None:
        """Sync and let go of the file."""
        self.sync()
        os.close(self._file)
        for key in [key for key, archive in _archives.items() if archive is self]:
            del _archives[key]

    def _pointer(self, offset: int) -> str:
        return f"{self.path.name}#{offset}"

    def _append(self, *members: bytes) -> str:
        """Write the members in one piece; the pointer is the last one's."""
        data = b"".join(members)
        with self._lock:
            start = os.lseek(self._file, 0, os.SEEK_END)
            self._unsynced = True
            try:
                written = 0
                while written < len(data):
                    written += os.write(self._file, data[written:])
            except BaseException as fault:
                os.truncate(self._file, start)  # a full disk leaves whole members only
                if isinstance(fault, OSError):
                    raise NotWritten(*fault.args) from fault
                raise
        return self._pointer(start + len(data) - len(members[-1]))

    def _info(self, night: date) -> bytes:
        fields = {"software": SOFTWARE, "format": "WARC File Format 1.1", "night": night}
        text = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return self._record("warcinfo", "", {"WARC-Filename": self.path.name}, None, text.encode())

    def _request(self, url: str, method: str, body: bytes, ids: list[str]) -> bytes:
        host, _, path = _plain(url).split("://", 1)[1].partition("/")
        pairs = [("Host", host), ("Content-Length", str(len(body)))]
        http = _HttpHeaders(f"/{path} HTTP/1.1", pairs, protocol=method)
        warc = {"WARC-Record-ID": ids[0], "WARC-Concurrent-To": ids[1]}
        return self._record("request", url, warc, http, body)

    def _record(
        self,
        kind: str,
        url: str,
        warc: dict[str, str],
        http: StatusAndHeaders | None,
        body: bytes = b"",
    ) -> bytes:
        out = BytesIO()
        # Level 6 here instead of warcio's own gzip at 9: a third less time, 0.5 % more bytes.
        writer = WARCWriter(out, gzip=False, warc_version="1.1")
        record = writer.create_warc_record(
            _plain(url),
            kind,
            payload=BytesIO(body),
            length=len(body),
            warc_headers_dict={"WARC-Date": self._date, **warc},
            http_headers=http,
        )
        writer.write_record(record)
        squeeze = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        return squeeze.compress(out.getvalue()) + squeeze.flush()


def read(folder: str | Path, pointer: str) -> Recorded:
    """The answer that `pointer` leads to. Raises NoRecord."""
    name, _, offset = pointer.rpartition("#")
    if not offset.isdecimal() or Path(name).name != name:
        raise NoRecord(f"{pointer!r} is not <file>#<offset>")
    try:
        with (Path(folder) / name).open("rb") as file:
            found = _recorded_at(file, int(offset))
        if found is None:
            raise NoRecord(f"{pointer}: no whole record of an answer there")
        body = decoded(found.body, found.headers)
    except OSError as fault:
        raise NoRecord(f"{pointer}: {fault}") from fault
    found.headers.pop("Content-Encoding", None)
    return replace(found, body=body)


class Index:
    """All records of one WARC, by the question they answer, for a replay.

    Of several answers to one question the last one counts; a failure counts only where no answer
    was recorded. Raises OSError when the file cannot be read."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        with self.path.open("rb") as file:
            entries, _ = _scan(file)
        self._entries: dict[tuple[str, _Question], _Entry] = {}
        for entry in entries:
            kind = "response" if entry.kind == "file" else entry.kind
            self._entries[kind, entry.question] = entry

    def response(self, method: str, url: str, body: bytes = b"") -> Recorded | None:
        """The recorded answer; of a file without its bytes."""
        return self._read("response", _question(method, url, body))

    def not_modified(self, url: str) -> Recorded | None:
        """The recorded 304, with its headers."""
        return self._read("not-modified", _question("GET", url, b""))

    def failure(self, url: str) -> str | None:
        """The kind of failure that was recorded."""
        entry = self._entries.get(("failure", _question("GET", url, b"")))
        return entry.failure if entry else None

    def _read(self, kind: str, question: _Question) -> Recorded | None:
        entry = self._entries.get((kind, question))
        if entry is None:
            return None
        with self.path.open("rb") as file:
            return _recorded_at(file, entry.offset)


def open_index(path: str | Path) -> Index:
    """The index of a WARC, made once a process as long as the file does not change."""
    stat = os.stat(path)
    return _index(str(path), stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=2)
def _index(path: str, size: int, changed: int) -> Index:
    return Index(path)


def archive_now(path: str | Path) -> datetime:
    """The clock of the night that a WARC holds: its first record's date, Asia/Shanghai.

    Raises NoRecord when the file holds no record, OSError when it cannot be read."""
    with Path(path).open("rb") as file:
        member = next(_members(file), None)
    if member is None:
        raise NoRecord(f"{path} holds no WARC record")
    stated = _parse(member.content).rec_headers.get_header("WARC-Date")
    return datetime.fromisoformat(stated).astimezone(BEIJING)


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


class _HttpHeaders(StatusAndHeaders):  # type: ignore[misc]
    """Header bytes as received: warcio would rewrite a GBK file name to percent escapes."""

    def __init__(self, line: str, pairs: list[tuple[str, str]], protocol: str = "HTTP/1.1") -> None:
        super().__init__(line, pairs, protocol)

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        text: bytes = self.to_bytes(filter_func, "latin-1")
        return text


@dataclass(slots=True)
class _Member:
    offset: int
    end: int
    content: bytes


@dataclass(slots=True)
class _Entry:
    """Where a record is, and what it answers."""

    offset: int
    kind: str  # response, file, not-modified, failure
    question: _Question
    state: tuple[str, ...]  # what tells it from other answers to the same question
    record_id: str
    failure: str = ""

    @property
    def identity(self) -> _Identity:
        return (self.kind, self.question, self.state)


def _members(file: BinaryIO) -> Iterator[_Member]:
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


def _member_at(file: BinaryIO, offset: int) -> _Member | None:
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
    return _Member(offset, file.tell() - len(inflate.unused_data), content)


def _next_magic(file: BinaryIO, offset: int) -> int:
    file.seek(offset)
    tail = b""
    while chunk := file.read(1 << 20):
        found = (tail + chunk).find(b"\x1f\x8b\x08")
        if found >= 0:
            return file.tell() - len(chunk) - len(tail) + found
        tail = chunk[-2:]
    return -1


def _parse(content: bytes) -> ArcWarcRecord:
    return ArcWarcRecordLoader(verify_http=False).parse_record_stream(
        BytesIO(content), known_format="warc"
    )


def _scan(file: BinaryIO) -> tuple[list[_Entry], int]:
    """Every answer in the file, and where its last whole member ends."""
    entries: list[_Entry] = []
    asked: dict[str, _Question] = {}  # an answer's record id -> the question recorded beside it
    end = 0
    for member in _members(file):
        end = member.end
        record = _parse(member.content)
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type == "request" and record.http_headers:
            beside = record.rec_headers.get_header("WARC-Concurrent-To") or ""
            method = record.http_headers.protocol
            asked[beside] = _question(method, url, record.raw_stream.read())
        elif entry := _entry(record, member.offset, url):
            entries.append(entry)
    for entry in entries:
        entry.question = asked.get(entry.record_id, entry.question)
    return entries, end


def _entry(record: ArcWarcRecord, offset: int, url: str) -> _Entry | None:
    warc = record.rec_headers.get_header
    kind, state, failure = record.rec_type, tuple[str, ...](), ""
    if kind == "revisit":
        kind = "not-modified" if warc("WARC-Profile").endswith("not-modified") else "file"
    if kind == "not-modified":
        state = (_first(_http_headers(record), "ETag"),)
    elif kind in ("response", "file") and record.http_headers:
        state = (record.http_headers.get_statuscode(), _digest(record))
    elif kind == "metadata":
        fields = Headers(
            [x.split(b":", 1) for x in record.raw_stream.read().splitlines() if b":" in x]
        )
        failure = _first(fields, FAILURE) or warc(FAILURE) or ""
        kind, state = "failure", (failure,)
    if not state or (kind == "failure" and not failure):
        return None
    record_id = warc("WARC-Record-ID") or ""
    return _Entry(offset, kind, _question("GET", url, b""), state, record_id, failure)


def _digest(record: ArcWarcRecord) -> str:
    stated: str = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    if stated.startswith("sha256:"):
        return stated.removeprefix("sha256:").lower()
    return hashlib.sha256(record.raw_stream.read()).hexdigest()


def _recorded_at(file: BinaryIO, offset: int) -> Recorded | None:
    """The answer in the member at `offset`, its body still encoded; None when there is none."""
    member = _member_at(file, offset)
    if member is None:
        return None
    record = _parse(member.content)
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
    return Recorded(url, int(record.http_headers.get_statuscode()), headers, body, digest)


def _http_headers(record: ArcWarcRecord) -> Headers:
    return Headers([(k.encode(), _raw(v)) for k, v in record.http_headers.headers])


def _raw(value: str) -> bytes:
    try:
        return value.encode("latin-1")  # warcio reads as Latin-1 what is not UTF-8
    except UnicodeEncodeError:
        return value.encode()


def _pairs(headers: HeadersLike) -> list[tuple[str, str]]:
    """Header lines in order, each character one byte."""
    items = headers.items() if isinstance(headers, Mapping) else headers
    return [
        (_latin(name), _latin(value))
        for name, values in items
        for value in (values if isinstance(values, list | tuple) else [values])
    ]


def _latin(text: str | bytes) -> str:
    return (text if isinstance(text, bytes) else text.encode()).decode("latin-1")


def _first(headers: Headers, name: str) -> str:
    return (headers.get(name) or b"").decode("latin-1").strip()


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:  # 521 and its like have no phrase
        return f"{status} Unknown"


def _plain(url: str) -> str:
    """The address as a request carries it: escaped, without fragment."""
    return urldefrag(safe_url_string(url))[0]


def _question(method: str, url: str, body: bytes) -> _Question:
    return (method.upper(), _plain(url), hashlib.sha256(body).hexdigest() if body else "")
