"""The night's WARC: every page as it was received, written once, read back for ever.

One gzip member a record, so a pointer "<file>#<offset>" finds it at once. A member is appended in
one piece and never changed; what a killed process left half written is cut when the file is
opened again.
"""

import hashlib
import os
import sys
import zlib
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from scrapy.http import Headers
from scrapy.settings import BaseSettings
from warcio.statusandheaders import StatusAndHeaders

from crawler.clock import BEIJING, night_now
from crawler.warc_records import (
    FAILURE,
    Entry,
    HeadersLike,
    HttpHeaders,
    Identity,
    Question,
    Recorded,
    decoded,
    first_value,
    header_pairs,
    members_of,
    parse_record,
    plain_url,
    question_of,
    recorded_at,
    scan,
    status_line,
)

if sys.platform == "win32":
    from filelock import FileLock
else:
    import fcntl

SOFTWARE = "Kuaixun/0.1"
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
_CONTENT = {
    "response": "application/http; msgtype=response",
    "revisit": "application/http; msgtype=response",
    "request": "application/http; msgtype=request",
    "warcinfo": "application/warc-fields",
    "metadata": "application/warc-fields",
}
_LEVEL = 4  # of gzip: a quarter less time than 6, 3 % more bytes


class NotWritten(OSError):
    """An answer could not be written down (disk full): a fault of this machine, not of the site."""


class NoRecord(LookupError):
    """The pointer leads to no whole record: the file is gone, cut, or not an archive."""


def open_archive(settings: BaseSettings) -> "Archive":
    """Tonight's archive in the folder WARC_DIR: one object a process, past midnight too."""
    key = (os.path.abspath(settings["WARC_DIR"]), str(settings.get("NIGHT_NOW") or ""))
    if key not in _archives:
        now = night_now(settings)
        _archives[key] = Archive(key[0], now.date(), now)
    return _archives[key]


_archives: dict[tuple[str, str], "Archive"] = {}  # by folder and the night's stated clock


class _Flock:
    """The system's own lock, taken for every record: 1 µs, where FileLock takes 60."""

    def __init__(self, file: int) -> None:
        self._file = file

    def __enter__(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *fault: object) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)


def _lock_of(path: Path, file: int) -> AbstractContextManager[object]:
    if sys.platform == "win32":  # whose own lock would keep readers out, too
        return FileLock(f"{path}.lock")
    return _Flock(file)


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
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._file = os.open(self.path, flags, 0o644)
        # Another process of the same night (a bare `scrapy crawl`) may append between our records.
        self._lock = _lock_of(self.path, self._file)
        self._unsynced = True
        self._seen: dict[Identity, str] = {}  # what is written already -> its pointer
        with self._lock, self.path.open("rb") as file:
            entries, end, _ = scan(file)
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
        pairs = header_pairs(headers)
        if file and first_value(Headers(pairs), "Content-Encoding"):
            body = decoded(body, Headers(pairs))
            undone = {"transfer-encoding", "content-encoding", "content-length"}
        pairs = [x for x in pairs if x[0].lower() not in undone]
        digest = hashlib.sha256(body).hexdigest()
        question = question_of(request_method, url, request_body)
        identity = ("file" if file else "response", question, (str(status), digest))
        if identity in self._seen:
            return self._seen[identity]
        ids = [f"<urn:uuid:{uuid4()}>" for _ in range(2)]
        asked = b""
        if request_method != "GET" or request_body:
            asked = self._request(url, request_method, request_body, ids)
        warc = {"WARC-Record-ID": ids[1], "WARC-Payload-Digest": f"sha256:{digest}"}
        http = HttpHeaders(status_line(status), pairs)
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
        pairs = header_pairs(headers)
        state = (first_value(Headers(pairs), "ETag"),)
        identity = ("not-modified", question_of("GET", url, b""), state)
        if identity not in self._seen:
            http = HttpHeaders(status_line(304), pairs)
            warc = {"WARC-Profile": _PROFILE + "server-not-modified"}
            self._seen[identity] = self._append(self._record("revisit", url, warc, http))
        return self._seen[identity]

    def write_failure(self, url: str, kind: str) -> None:
        """Append that `url` could not be had, so that a replay fails the same way. `kind` is a
        word of `refusals.failure_kind`, or "status-503" for an answer that means "not now"."""
        identity = ("failure", question_of("GET", url, b""), (kind,))
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
        host, _, path = plain_url(url).split("://", 1)[1].partition("/")
        pairs = [("Host", host), ("Content-Length", str(len(body)))]
        http = HttpHeaders(f"/{path} HTTP/1.1", pairs, protocol=method)
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
        """One gzip member, written out: warcio takes longer for it than gzip, half of that for a
        digest of the record, which the payload's and gzip's own make needless."""
        head = http.to_ascii_bytes() if http else b""
        fields = {
            "WARC-Type": kind,
            "WARC-Record-ID": f"<urn:uuid:{uuid4()}>",
            "WARC-Date": self._date,
            **({"WARC-Target-URI": plain_url(url)} if url else {}),
            **warc,
            "Content-Type": _CONTENT[kind],
            "Content-Length": str(len(head) + len(body)),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        squeeze = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        parts = (f"WARC/1.1\r\n{lines}\r\n".encode(), head, body, b"\r\n\r\n")
        return b"".join([*map(squeeze.compress, parts), squeeze.flush()])


def read(folder: str | Path, pointer: str) -> Recorded:
    """The answer that `pointer` leads to. Raises NoRecord."""
    name, _, offset = pointer.rpartition("#")
    if not offset.isdecimal() or Path(name).name != name:
        raise NoRecord(f"{pointer!r} is not <file>#<offset>")
    try:
        with (Path(folder) / name).open("rb") as file:
            found = recorded_at(file, int(offset))
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
            entries, _, self.damaged = scan(file)  # damaged: bytes that no whole record holds
        self._entries: dict[tuple[str, Question], Entry] = {}
        for entry in entries:
            kind = "response" if entry.kind == "file" else entry.kind
            self._entries[kind, entry.question] = entry

    def response(self, method: str, url: str, body: bytes = b"") -> Recorded | None:
        """The recorded answer; of a file without its bytes."""
        return self._read("response", question_of(method, url, body))

    def not_modified(self, url: str) -> Recorded | None:
        """The recorded 304, with its headers."""
        return self._read("not-modified", question_of("GET", url, b""))

    def failure(self, url: str) -> str | None:
        """The kind of failure that was recorded."""
        entry = self._entries.get(("failure", question_of("GET", url, b"")))
        return entry.failure if entry else None

    def _read(self, kind: str, question: Question) -> Recorded | None:
        entry = self._entries.get((kind, question))
        if entry is None:
            return None
        with self.path.open("rb") as file:
            return recorded_at(file, entry.offset)


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
        member = next(members_of(file), None)
    if member is None:
        raise NoRecord(f"{path} holds no WARC record")
    stated = parse_record(member.content).rec_headers.get_header("WARC-Date")
    return datetime.fromisoformat(stated).astimezone(BEIJING)
