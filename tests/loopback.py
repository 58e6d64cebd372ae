"""A real HTTP server on 127.0.0.1 that answers as a WARC says the sites did.

Requests are told apart by Host, path and X-Forwarded-Proto, so that one port serves every host
under both schemes. Hosts that refused that night have no server: lead them to `refused_port`.
"""

import gzip
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator


@dataclass(frozen=True)
class Recorded:
    """One response of the archive."""

    url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The header's value, "" when there is none."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), "")


@dataclass(frozen=True)
class Archive:
    """A WARC read into memory: responses by address, failures by address."""

    responses: dict[str, Recorded]
    failures: dict[str, str]

    @property
    def refused_hosts(self) -> frozenset[str]:
        """Hosts of which every address refuses connections."""
        answering = {urlsplit(url).netloc for url in self.responses}
        return frozenset(urlsplit(url).netloc for url in self.failures) - answering


def read_warc(path: Path) -> Archive:
    """Every response and every failure of the WARC at `path`."""
    archive = Archive({}, {})
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            url = record.rec_headers.get_header("WARC-Target-URI")
            body = record.content_stream().read()
            if record.rec_type == "metadata":
                name, _, kind = body.decode().strip().partition(": ")
                assert name == "Kuaixun-Failure"
                archive.failures[url] = kind
            elif record.rec_type == "response":
                head = record.http_headers
                reason = head.statusline.partition(" ")[2]
                archive.responses[url] = Recorded(
                    url, int(head.get_statuscode()), reason, tuple(head.headers), body
                )
    return archive


@dataclass(frozen=True)
class Request:
    """One line of the server's log. `connection` numbers the TCP connection it came on; `started`
    and `ended` are seconds of time.monotonic()."""

    connection: int
    method: str
    url: str
    status: int
    started: float
    ended: float
    headers: Mapping[str, str]


@dataclass
class Loopback:
    """The running server. `slow` maps an address to the seconds it waits before it answers and may
    be changed at any time; so may the archive, by `load`."""

    archive: Archive
    port: int = 0
    refused_port: int = 0
    slow: dict[str, float] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    connections: list[float] = field(default_factory=list)  # when each was opened
    unknown: list[str] = field(default_factory=list)  # asked for, and not in the archive

    @property
    def refused_hosts(self) -> frozenset[str]:
        """Hosts to lead to `refused_port`."""
        return self.archive.refused_hosts

    def load(self, path: Path) -> None:
        """Answer from another WARC from now on (the next night)."""
        self.archive = read_warc(path)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    loopback: Loopback

    def __init__(self, loopback: Loopback) -> None:
        self.loopback = loopback
        self.open: set[socket.socket] = set()
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def hang_up(self) -> None:
        """End kept-alive connections, whose threads would wait for ever."""
        with self.lock:
            for connection in self.open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.open.add(self.connection)
            self.server.loopback.connections.append(time.monotonic())
            self.number = len(self.server.loopback.connections)

    def finish(self) -> None:
        with self.server.lock:
            self.server.open.discard(self.connection)
        super().finish()

    def do_GET(self) -> None:
        started = time.monotonic()
        scheme = self.headers.get("X-Forwarded-Proto", "http")
        host = self.headers.get("Host", "").partition(":")[0]
        url = f"{scheme}://{host}{self.path}"
        loopback = self.server.loopback
        time.sleep(loopback.slow.get(url, 0))
        found = loopback.archive.responses.get(url) if self.command == "GET" else None
        status = self._answer(found) if found else self._missing(url)
        loopback.requests.append(
            Request(
                self.number,
                self.command,
                url,
                status,
                started,
                time.monotonic(),
                dict(self.headers),
            )
        )

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def _missing(self, url: str) -> int:
        self.server.loopback.unknown.append(url)
        self._send(404, "Not Found", [], b"not in the archive")
        return 404

    def _answer(self, found: Recorded) -> int:
        if found.status == 200 and self._unchanged(found):
            kept = [
                (k, v) for k, v in found.headers if k in {"Date", "Server", "ETag", "Last-Modified"}
            ]
            self._send(304, "Not Modified", kept, None)
            return 304
        headers = [
            (k, v) for k, v in found.headers if k.lower() not in {"content-length", "connection"}
        ]
        body = found.body
        text = found.header("Content-Type").startswith(("text/", "application/json"))
        if text and len(body) > 1024 and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        self._send(found.status, found.reason, headers, body)
        return found.status

    def _unchanged(self, found: Recorded) -> bool:
        etag, changed = found.header("ETag"), found.header("Last-Modified")
        if wanted := self.headers.get("If-None-Match"):
            tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
            return bool(etag) and etag.removeprefix("W/") in tags
        since = self.headers.get("If-Modified-Since")
        if not since or not changed:
            return False
        return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)

    def _send(
        self, status: int, reason: str, headers: list[tuple[str, str]], body: bytes | None
    ) -> None:
        self.send_response_only(status, reason)
        for name, value in headers:
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # the client had enough
            self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """The log is `Loopback.requests`."""


@contextmanager
def serve(warc_path: Path, slow: Mapping[str, float] | None = None) -> Iterator[Loopback]:
    """Serve the archive at `warc_path` while the block runs; `slow` delays single addresses."""
    loopback = Loopback(read_warc(warc_path), slow=dict(slow or {}))
    server = _Server(loopback)
    loopback.port = server.server_address[1]
    with socket.socket() as closed:  # bound and never listening: connections are refused
        closed.bind(("127.0.0.1", 0))
        loopback.refused_port = closed.getsockname()[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield loopback
        finally:
            server.shutdown()
            thread.join()
            server.hang_up()
            server.server_close()
