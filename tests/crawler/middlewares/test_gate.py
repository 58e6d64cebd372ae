"""One gate a host: what the server itself sees of two spiders, and the waiting at the gate."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from itertools import pairwise
from time import monotonic
from typing import Any

import pytest
from scrapy.http import Response

from crawler.middlewares import gate as gate_module
from crawler.middlewares.gate import Gate, gate_of
from tests.crawler.middlewares.loopback import Crawl, Site, Visitor, asking, crawl, page, sites

DELAY = 0.2


class Two:
    """Two spiders on one host, and two on another that is busy at first."""

    def __init__(self, folder: Any, site: Callable[..., Site]) -> None:
        state = {"busy": True}

        def busy_once(visitor: Visitor) -> None:
            if state.pop("busy", False):
                visitor.answer(b"busy", 503, Retry_After="1")
            else:
                numbered(visitor)

        pages = {f"/{name}/{n}": numbered for name in "ab" for n in range(4)}
        self.site = site("127.0.0.3", pages)
        self.busy = site("127.0.0.4", {"/": busy_once, "/next": numbered})
        spiders = [
            asking(name, *(self.site.url(f"/{name}/{n}") for n in range(4))) for name in ("a", "b")
        ]
        spiders.append(asking("retrying", self.busy.url("/"), settings={"RETRY_TIMES": 1}))
        spiders.append(asking("waiting", self.busy.url("/next")))
        if socket.has_dualstack_ipv6():
            six = site("::1", {"/six": numbered})
            named = f"http://six.example.gov.cn:{six.server_port}/six"
            spiders.append(asking("six", six.url("/six"), named))
        resolve = {"six.example.gov.cn": ["::1"]}
        self.crawl: Crawl = crawl(
            folder, spiders, resolve=resolve, GATE_DELAY=DELAY, DOWNLOAD_TIMEOUT=1.2
        )


def numbered(visitor: Visitor) -> None:
    page(visitor.path)(visitor)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    with sites() as site:
        yield Two(tmp_path_factory.mktemp("two"), site)


def test_two_spiders_share_one_connection(two: Two) -> None:
    assert two.site.connections == 1


def test_never_two_requests_at_once_and_a_pause_between(two: Two) -> None:
    hits = two.site.hits
    assert len(hits) == 9  # robots.txt once for both
    for before, after in pairwise(hits):
        assert after.started - before.ended >= DELAY * 0.95


def test_waiting_at_the_gate_is_no_time_out(two: Two) -> None:
    # The last request waits longer than DOWNLOAD_TIMEOUT before it is sent.
    assert two.site.hits[-1].started - two.site.hits[0].started > 1.2
    assert [x["status"] for x in two.crawl.answers if x["spider"] in "ab"] == [200] * 8


def test_both_spiders_get_their_turn(two: Two) -> None:
    first = {x.path[1] for x in two.site.hits[1:4]}
    assert first == {"a", "b"}


def test_a_host_that_says_not_now_is_left_alone(two: Two) -> None:
    assert two.crawl.of("retrying")["status"] == 200
    assert two.crawl.reports["retrying"]["通知"]["requests"] == 2
    refused = next(x for x in two.busy.hits if x.path == "/")
    later = [x for x in two.busy.hits if x.started > refused.started]
    assert {x.path for x in later} == {"/", "/next"}  # the other spider waits too
    assert min(x.started for x in later) - refused.ended >= 0.95


def test_ipv6_is_spoken(two: Two) -> None:
    answered = [x["status"] for x in two.crawl.answers if x["spider"] == "six"]
    assert answered == ([200, 200] if socket.has_dualstack_ipv6() else [])


def answer(status: int, **headers: str) -> Response:
    return Response(
        "https://a.gov.cn/",
        status=status,
        headers={k.replace("_", "-"): v for k, v in headers.items()},
    )


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(gate_module, "monotonic", lambda: self.now)
        monkeypatch.setattr(asyncio, "sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def waits(clock: Clock, gate: Gate, *answers: Response) -> list[float]:
    """How long each next visitor waits after these answers."""
    waited: list[float] = []

    async def visit() -> None:
        for one in answers:
            async with gate.turn(1.0):
                gate.heed(one)
            before = clock.now
            async with gate.turn(0.0):
                waited.append(round(clock.now - before, 3))

    asyncio.run(visit())
    return waited


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_the_pause_doubles_to_a_minute_and_ends_with_a_good_answer(clock: Clock) -> None:
    busy = [answer(503)] * 7
    assert waits(clock, Gate(), *busy, answer(200), answer(429)) == [
        2, 4, 8, 16, 32, 60, 60, 1, 2,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("7", 7), ("0", 1), ("100000", 120), ("soon", 2), ("Mon, 02 Nov 2015 08:00:00 GMT", 1)],
)
def test_retry_after_is_honoured_within_reason(clock: Clock, asked: str, waited: float) -> None:
    assert waits(clock, Gate(), answer(429, Retry_After=asked)) == [waited]


def test_who_is_cancelled_leaves_the_line() -> None:
    async def story() -> list[str]:
        gate, seen = Gate(), list[str]()

        async def visit(name: str, stay: float) -> None:
            async with gate.turn(0.0):
                seen.append(name)
                await asyncio.sleep(stay)

        inside, waiting, last = (
            asyncio.create_task(visit(name, stay))
            for name, stay in (("inside", 10), ("waiting", 10), ("last", 0))
        )
        await asyncio.sleep(0)
        waiting.cancel()
        inside.cancel()
        await asyncio.wait_for(last, 1)
        return seen

    assert asyncio.run(story()) == ["inside", "last"]


def test_cancelled_during_the_pause_the_gate_opens_in_time() -> None:
    async def story() -> float:
        gate = Gate()
        async with gate.turn(0.2):
            pass
        begun = monotonic()

        async def visit() -> None:
            async with gate.turn(0.0):
                pass

        task = asyncio.create_task(visit())
        await asyncio.sleep(0.05)
        task.cancel()
        await visit()
        return monotonic() - begun

    assert 0.15 <= asyncio.run(story()) < 0.4


def test_one_gate_for_all_spellings_of_a_host() -> None:
    assert gate_of("WWW.example.gov.cn.") is gate_of("www.example.gov.cn")
