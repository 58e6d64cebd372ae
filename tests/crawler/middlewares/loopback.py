"""Real servers on loopback, and crawls as processes of their own."""

import gzip
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[3]
DRIVER = Path(__file__).with_name("crawl_driver.py")
Page = Callable[["Visitor"], None]


@dataclass
class Hit:
    """One request as the server saw it."""

    connection: int
    path: str
    headers: dict[str, str]  # names in lower case
    started: float
    ended: float = 0.0


class Visitor(BaseHTTPRequestHandler):
    """One connection; what it answers stands in its server's `pages`."""

    protocol_version = "HTTP/1.1"
    server: "Site"

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.connections += 1
            self.number = self.server.connections

    def do_GET(self) -> None:
        heads = {k.lower(): v for k, v in self.headers.items()}
        hit = Hit(self.number, self.path, heads, monotonic())
        self.server.hits.append(hit)
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self.server.pages.get(self.path.partition("?")[0], not_found)(self)
        except ConnectionError:
            self.close_connection = True
        hit.ended = monotonic()

    do_POST = do_GET  # noqa: N815 (http.server's name)

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        heads = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        for name, value in {
            **heads,
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


class Site(ThreadingHTTPServer):
    """A site on its own loopback address: another host for the gate."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self,
        host: str,
        pages: dict[str, Page],
        tls: ssl.SSLContext | None = None,
        port: int = 0,
    ):
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), Visitor)
        self.pages = {"/robots.txt": not_found, **pages}
        self.hits: list[Hit] = []
        self.connections = 0
        self.lock = threading.Lock()
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        self.host = host
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that hangs up is what some tests are about

    def url(self, path: str) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.server_port}{path}"

    def paths(self) -> list[str]:
        return [hit.path for hit in self.hits]


def not_found(visitor: Visitor) -> None:
    visitor.answer(b"<html><body>404</body></html>", 404)


def page(text: str, status: int = 200, encoding: str = "utf-8", **headers: str) -> Page:
    body = f"<html><head><title>{text}</title></head><body><p>{text}</p></body></html>"
    return lambda visitor: visitor.answer(body.encode(encoding), status, **headers)


@contextmanager
def sites() -> Iterator[Callable[..., Site]]:
    """A maker of sites, site(host, pages, tls=None, port=0), that closes them at the end."""
    made: list[Site] = []

    def make(host: str, pages: dict[str, Page], **how: Any) -> Site:
        made.append(Site(host, pages, **how))
        return made[-1]

    yield make
    for site in made:
        site.shutdown()
        site.server_close()


@dataclass
class Crawl:
    """What a crawl came to."""

    answers: list[dict[str, Any]]
    reports: dict[str, dict[str, dict[str, Any]]]
    log: str = field(repr=False)

    def of(self, spider: str, n: int = 0) -> dict[str, Any]:
        (found,) = [x for x in self.answers if (x["spider"], x["n"]) == (spider, n)]
        return found


def asking(name: str, *requests: str | dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """A spider for the driver; its hosts are those it asks unless said otherwise."""
    asked = [{"url": x} if isinstance(x, str) else x for x in requests]
    hosts = [urlsplit(x["url"]).hostname for x in asked]
    return {"name": name, "hosts": hosts, "requests": asked, **attributes}


def crawl(
    folder: Path,
    spiders: list[dict[str, Any]],
    env: dict[str, str] | None = None,
    resolve: dict[str, list[str]] | None = None,
    **settings: Any,
) -> Crawl:
    """Run the spiders in one process; loopback is allowed unless GUARD_ALLOW says otherwise."""
    spec, out = folder / "spec.json", folder / "out.json"
    quick = {
        "GUARD_ALLOW": ["127.0.0.0/8", "::1/128"],
        "GATE_DELAY": 0.05,
        "RETRY_TIMES": 0,
        "WARC_DIR": str(folder / "warc"),
        "NIGHT_NOW": "2026-11-24T02:30:00+08:00",
    }
    spec.write_text(
        json.dumps(
            {"settings": {**quick, **settings}, "spiders": spiders, "resolve": resolve or {}}
        )
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", str(DRIVER), str(spec), str(out)],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "KUAIXUN_DATA": str(folder / "data"),
            **(env or {}),
        },
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0, done.stderr
    return Crawl(**json.loads(out.read_text()), log=done.stderr)


def chunked(visitor: Visitor, parts: list[bytes], **headers: str) -> None:
    visitor.send_response(200)
    visitor.send_header("Content-Type", "text/html")
    visitor.send_header("Transfer-Encoding", "chunked")
    for name, value in headers.items():
        visitor.send_header(name.replace("_", "-"), value)
    visitor.end_headers()
    for part in parts:
        visitor.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        visitor.wfile.flush()
    visitor.wfile.write(b"0\r\n\r\n")


def gzipped(visitor: Visitor) -> None:
    visitor.answer(
        gzip.compress("<html><p>压缩的正文</p></html>".encode()), Content_Encoding="gzip"
    )


def slow(visitor: Visitor) -> None:
    sleep(1.5)
    visitor.answer(b"late")


def torn(visitor: Visitor) -> None:
    visitor.send_response(200)
    visitor.send_header("Content-Length", "1000")
    visitor.end_headers()
    visitor.wfile.write(b"<html>half")
    visitor.wfile.flush()
    visitor.close_connection = True


def hung_up(visitor: Visitor) -> None:
    visitor.connection.close()
    raise ConnectionAbortedError
