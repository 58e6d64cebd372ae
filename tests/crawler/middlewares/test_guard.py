"""The address guard: the rule itself, and that no connection gets round it."""

import asyncio
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.middlewares.guard import Guard, browser_route_guard, is_public
from tests.crawler.middlewares.loopback import Crawl, Site, asking, crawl, page, sites


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1"),
        *("64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::1", "2002:a9fe:a9fe::"),
        "2001:0:808:808::80ff:fffe",  # Teredo through a public server to 127.0.0.1
    ],
)
def test_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:{}", "64:ff9b::{}", "2002:{}::"]))
def test_a_wrapped_address_is_judged_as_the_plain_one(plain: Any, form: str) -> None:
    pair = f"{int(plain) >> 16:x}:{int(plain) & 0xFFFF:x}"
    assert is_public(form.format(pair)) == is_public(str(plain))


def test_allowed_networks_count_for_wrapped_forms_too() -> None:
    guard = Guard(["127.0.0.0/8"])
    assert guard.permits("127.0.0.1")
    assert guard.permits("::ffff:127.0.0.1")
    assert not guard.permits("::1")
    assert not guard.permits("10.0.0.1")


LITERALS = [
    "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "0x7f000001", "2130706433",
    "017700000001", "127.1", "0", "[::]", "169.254.169.254", "localhost",
]  # fmt: skip
NAMES = {
    "rebound.example.gov.cn": ["127.0.0.1"],
    "six.example.gov.cn": ["::1"],
    "cloud.example.gov.cn": ["169.254.169.254"],
    "both.example.gov.cn": ["127.0.0.1", "127.0.0.2"],
    "allowed.example.gov.cn": ["127.0.0.2"],
}


class Guarded:
    """Only 127.0.0.2 may be visited; the same port listens on 127.0.0.1 and ::1 too."""

    def __init__(self, folder: Any, site: Any) -> None:
        self.here: Site = site("127.0.0.2", {"/": page("allowed")})
        port = self.here.server_port
        self.there: Site = site("127.0.0.1", {"/": page("never")}, port=port)
        targets = [f"http://{x}:{port}/" for x in (*LITERALS, "rebound.example.gov.cn")]
        for n, target in enumerate(targets):
            self.here.pages[f"/to/{n}"] = lambda v, to=target: v.answer(b"", 302, Location=to)
        self.literals = asking("literals", *targets[:-1])
        self.names = asking("names", *(f"http://{x}:{port}/" for x in NAMES))
        hops = [self.here.url(f"/to/{n}") for n in range(len(targets))]
        self.hops = asking("hops", *hops)
        self.hops["hosts"] += self.literals["hosts"] + self.names["hosts"]
        proxied = {"url": self.here.url("/"), "meta": {"proxy": f"http://127.0.0.1:{port}"}}
        schemes = ["file:///etc/passwd", "ftp://127.0.0.2/x", "data:,x"]
        others = [f"http://someone@127.0.0.2:{port}/", "http://elsewhere.example.com/"]
        self.odd = asking("odd", *schemes, *others, proxied)
        self.odd["hosts"] = ["127.0.0.2"]
        self.crawl: Crawl = crawl(
            folder,
            [self.literals, self.names, self.hops, self.odd],
            env={"http_proxy": f"http://127.0.0.1:{port}"},
            resolve=NAMES,
            GUARD_ALLOW=["127.0.0.2/32"],
            GATE_DELAY=0.0,
        )


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with sites() as site:
        yield Guarded(tmp_path_factory.mktemp("guarded"), site)


@pytest.mark.parametrize("n", range(len(LITERALS)), ids=LITERALS)
def test_literals_in_any_spelling_are_refused(guarded: Guarded, n: int) -> None:
    answer = guarded.crawl.of("literals", n)
    assert (answer.get("error"), answer.get("kind")) == ("Refused", "address")
    assert answer["reason"].startswith("不是公网地址：")


@pytest.mark.parametrize("n", range(3), ids=list(NAMES)[:3])
def test_names_that_resolve_to_them_are_refused(guarded: Guarded, n: int) -> None:
    answer = guarded.crawl.of("names", n)
    assert (answer.get("error"), answer.get("kind")) == ("Refused", "address")


@pytest.mark.parametrize("n", [3, 4], ids=list(NAMES)[3:])
def test_of_several_addresses_the_public_one_is_used(guarded: Guarded, n: int) -> None:
    assert "allowed" in guarded.crawl.of("names", n)["text"]


@pytest.mark.parametrize("n", range(len(LITERALS) + 1))
def test_redirects_to_them_are_refused(guarded: Guarded, n: int) -> None:
    answer = guarded.crawl.of("hops", n)
    assert (answer.get("error"), answer.get("kind")) == ("Refused", "address")


def test_nobody_there_was_asked(guarded: Guarded) -> None:
    assert guarded.there.connections == 0


@pytest.mark.parametrize(
    ("n", "kind"), [(0, "host"), (1, "host"), (2, "host"), (3, "host"), (4, "host"), (5, "address")]
)
def test_other_schemes_hosts_and_proxies_are_refused(guarded: Guarded, n: int, kind: str) -> None:
    answer = guarded.crawl.of("odd", n)
    assert (answer.get("error"), answer.get("kind")) == ("Refused", kind)


def test_refused_requests_are_not_counted(guarded: Guarded) -> None:
    assert guarded.crawl.reports["literals"]["通知"]["requests"] == 0


@pytest.mark.parametrize(
    ("url", "kind", "aborted"),
    [
        ("http://public.example.gov.cn/app.js", "script", False),
        ("https://public.example.gov.cn/list.json", "xhr", False),
        ("http://public.example.gov.cn/logo.png", "image", True),
        ("http://public.example.gov.cn/f.woff", "font", True),
        ("http://public.example.gov.cn/v.mp4", "media", True),
        ("data:text/javascript,1", "script", False),
        ("data:image/png;base64,AA==", "image", True),
        ("http://inner.example.gov.cn/x", "xhr", True),
        ("http://127.0.0.1/x", "script", True),
        ("http://no-such-host.invalid/x", "script", True),
        ("ws://public.example.gov.cn/x", "websocket", True),
        ("file:///etc/passwd", "document", True),
    ],
)
def test_what_a_browser_may_load(
    monkeypatch: pytest.MonkeyPatch, url: str, kind: str, aborted: bool
) -> None:
    names = {"public.example.gov.cn": "8.8.8.8", "inner.example.gov.cn": "10.0.0.7"}

    def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        if host.endswith(".invalid"):
            raise socket.gaierror(-2, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (names.get(host, host), port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    request = SimpleNamespace(url=url, resource_type=kind)
    assert asyncio.run(browser_route_guard(request, Guard())) is aborted
