"""Browser columns: rendered, under the same guard, and named when there is no browser."""

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError
from scrapy.settings import Settings

from crawler.middlewares.browser import Browser
from crawler.middlewares.guard import Guard
from crawler.middlewares.refusals import BrowserMissing, Refused
from crawler.middlewares.socks import GuardedSocks
from tests.crawler.middlewares.loopback import Crawl, Site, asking, crawl, page, sites

BROWSER = {"playwright": True}
RENDERED = """<html><head><title>列表</title><script src="/app.js"></script></head><body>
<ul id="rows"></ul><img src="/logo.png">
<script>
  for (const [n, url] of ["/jump", "{there}", "/list.json"].entries())
    fetch(url).then(() => note(n, "reached"), () => note(n, "barred"));
  let left = 3;
  function note(n, what) {{
    rows.insertAdjacentHTML("beforeend", `<li>${{n}} ${{what}}</li>`);
    if (!--left) document.body.id = "done";
  }}
</script></body></html>"""


def needs_browser() -> None:
    if not find_spec("scrapy_playwright"):
        pytest.skip("scrapy-playwright is not installed (pip install -e '.[browser]')")
    if not shutil.which("chromium"):
        pytest.skip("chromium is not installed (apt install chromium)")


class Rendered:
    def __init__(self, folder: Path, site: Callable[..., Site]) -> None:
        self.there = site("127.0.3.2", {"/": page("inner")})
        inner = self.there.url("/")
        cors = {"Access_Control_Allow_Origin": "*"}
        pages: dict[str, Any] = {
            "/": lambda v: v.answer(RENDERED.format(there=inner).encode()),
            "/app.js": lambda v: v.answer(b"window.app = 1", Content_Type="text/javascript"),
            "/list.json": lambda v: v.answer(b"[]", Content_Type="application/json", **cors),
            "/jump": lambda v: v.answer(b"", 302, Location=inner, **cors),
            "/inward": lambda v: v.answer(b"", 302, Location=inner),
            "/412": page("wait", 412),
        }
        self.here = site("127.0.3.1", pages)
        with socket.socket() as closed:
            closed.bind(("127.0.3.3", 0))
            nobody = f"http://127.0.3.3:{closed.getsockname()[1]}/"
        wait = {"playwright_page_goto_kwargs": {"wait_until": "networkidle"}}
        asked = [
            {"url": self.here.url("/"), "meta": {**BROWSER, **wait}},
            {"url": self.here.url("/inward"), "meta": BROWSER},
            {"url": self.here.url("/412"), "meta": BROWSER},
            {"url": inner, "meta": BROWSER},
            {"url": nobody, "meta": BROWSER},
        ]
        spider = asking("one", *asked, robots="ignore", robots_reason="a test of the browser")
        self.settings: dict[str, Any] = {
            # A container runs tests as root, where Chromium's sandbox cannot start.
            "PLAYWRIGHT_LAUNCH_OPTIONS": {"chromium_sandbox": os.geteuid() != 0},
            "GUARD_ALLOW": ["127.0.3.1/32", "127.0.3.3/32"],
        }
        nowhere = {"PLAYWRIGHT_LAUNCH_OPTIONS": {"executable_path": str(folder / "no-chromium")}}
        asked_without: list[Any] = [{"url": self.here.url("/"), "meta": BROWSER}]
        without = asking("without", *asked_without, self.here.url("/412"), settings=nowhere)
        without["requests"][1]["meta"] = {"file": True, "handle_httpstatus_all": True}
        self.live: Crawl = crawl(folder, [spider, without], **self.settings)
        asked_live = len(self.here.hits)
        self.replayed: Crawl = crawl(
            folder,
            [spider],
            ARCHIVE=str(folder / "warc" / "2026-11-24.warc.gz"),
            WARC_DIR=str(folder / "copy"),
        )
        self.asked_again = len(self.here.hits) - asked_live


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rendered]:
    needs_browser()
    with sites() as site:
        yield Rendered(tmp_path_factory.mktemp("browser"), site)


def test_what_scripts_make_is_read(rendered: Rendered) -> None:
    answer = rendered.live.of("one", 0)
    assert answer["status"] == 200
    assert "<li>2 reached</li>" in answer["text"]


def test_scripts_cannot_reach_inside_not_even_by_a_redirect(rendered: Rendered) -> None:
    text = rendered.live.of("one", 0)["text"]
    assert "<li>0 barred</li>" in text
    assert "<li>1 barred</li>" in text
    assert rendered.there.connections == 0


def test_images_are_not_loaded_scripts_are(rendered: Rendered) -> None:
    assert "/app.js" in rendered.here.paths()
    assert "/logo.png" not in rendered.here.paths()


def test_the_browser_says_who_it_is(rendered: Rendered) -> None:
    agents = {x.headers["user-agent"] for x in rendered.here.hits}
    assert {x.partition("/")[0] for x in agents} == {"Kuaixun"}


@pytest.mark.parametrize(
    ("n", "error", "reason"),
    [
        (1, "DownloadFailedError", ""),  # a redirect inside: the browser says only that it failed
        (2, "Blocked", "瑞数 412"),
        (3, "Refused", "不是公网地址：127.0.3.2"),
        (4, "DownloadConnectionRefusedError", ""),
    ],
)
def test_refusals_and_failures_as_without_a_browser(
    rendered: Rendered, n: int, error: str, reason: str
) -> None:
    answer = rendered.live.of("one", n)
    assert (answer.get("error"), answer.get("reason")) == (error, reason)


def test_a_replay_needs_no_browser(rendered: Rendered) -> None:
    assert rendered.asked_again == 0
    live, replayed = rendered.live.of("one", 0), rendered.replayed.of("one", 0)
    assert live["text"] == replayed["text"]
    assert rendered.replayed.of("one", 4)["error"] == "DownloadConnectionRefusedError"


def test_a_missing_browser_is_named_with_the_remedy(rendered: Rendered) -> None:
    missing, plain = rendered.live.of("without", 0), rendered.live.of("without", 1)
    assert (missing["error"], missing["unreachable"]) == ("BrowserMissing", None)
    assert "apt install chromium" in missing["reason"]
    assert plain["status"] == 412
    assert rendered.live.reports["without"]["通知"]["requests"] == 1


def test_without_scrapy_playwright_the_remedy_is_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "scrapy_playwright.handler", None)
    crawler = SimpleNamespace(settings=Settings())
    with pytest.raises(BrowserMissing, match=r"pip install -e '\.\[browser\]'"):
        asyncio.run(Browser(crawler).download(Request("https://a.gov.cn/"), Guard()))  # type: ignore[arg-type]


async def _through(socks: GuardedSocks, host: str, port: int) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", await socks.start())
    writer.write(b"\x05\x01\x00")
    assert await reader.readexactly(2) == b"\x05\x00"
    name = host.encode()
    writer.write(b"\x05\x01\x00\x03" + bytes([len(name)]) + name + port.to_bytes(2, "big"))
    code = (await reader.readexactly(10))[1]
    body = b""
    if code == 0:
        writer.write(f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        body = await reader.read()
    writer.close()
    await socks.close()
    return code, body


def test_the_proxy_leads_to_allowed_addresses_only() -> None:
    with sites() as site:
        here = site("127.0.3.1", {"/": page("allowed")})
        port = here.server_port
        allowing, strict = Guard(["127.0.3.0/24"]), Guard()
        code, body = asyncio.run(_through(GuardedSocks(allowing), "127.0.3.1", port))
        assert code == 0
        assert b"allowed" in body
        for host, fault in (("127.0.3.1", Refused), ("no.invalid", CannotResolveHostError)):
            socks = GuardedSocks(strict)
            code, _ = asyncio.run(_through(socks, host, port))
            assert code != 0
            assert isinstance(socks.faults[host], fault)
        socks = GuardedSocks(allowing)
        code, _ = asyncio.run(_through(socks, "127.0.3.9", port))
        assert isinstance(socks.faults["127.0.3.9"], DownloadConnectionRefusedError)
        assert here.connections == 1
