"""robots.txt, in one crawl over hosts that answer it in every way."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.middlewares.refusals import Refused
from crawler.middlewares.robots import RobotsMiddleware
from tests.crawler.middlewares.loopback import Crawl, Site, asking, crawl, hung_up, page, sites

# A group of our own stands before the one for all.
RULES = b"User-agent: *\nDisallow: /\n\nUser-agent: Kuaixun\nDisallow: /private/\n"


def text(body: bytes, status: int = 200, **headers: str) -> Any:
    return lambda v: v.answer(body, status, **{"Content_Type": "text/plain", **headers})


ROBOTS: dict[str, Any] = {
    "rules": text(RULES),
    "missing": page("not found", 404),
    "forbidden": page("no", 403),
    "html": page("Welcome. Disallow: /"),
    "down": text(b"", 503, Retry_After="0"),
    "busy": text(b"", 429, Retry_After="0"),
    "hung": hung_up,
    "challenge": page("wait", 521),
    "moved": text(b"", 301, Location="/rules.txt"),
    "away": text(b"", 302, Location="http://elsewhere.example.com/robots.txt"),
    "inward": text(b"", 302, Location="http://10.0.0.1/robots.txt"),
    "loop": text(b"", 302, Location="/robots.txt?again"),
}


class Robots:
    def __init__(self, folder: Path, site: Callable[..., Site]) -> None:
        self.sites: dict[str, Site] = {}
        spiders = []
        for n, (name, robots) in enumerate(ROBOTS.items()):
            pages = {"/robots.txt": robots, "/a": page("a"), "/b": page("b")}
            pages |= {"/private/x": page("private"), "/rules.txt": text(RULES)}
            here = self.sites[name] = site(f"127.0.1.{n + 1}", pages)
            paths = ("/a", "/b", "/private/x")
            spiders.append(asking(name, *(here.url(x) for x in paths)))
        spiders[list(ROBOTS).index("inward")]["hosts"].append("10.0.0.1")
        again = asking("again", self.sites["rules"].url("/b"))
        why = {"robots": "ignore", "robots_reason": "the owner allowed it in writing"}
        ignoring = asking("ignoring", self.sites["rules"].url("/private/x"), **why)
        with socket.socket() as closed:
            closed.bind(("127.0.1.99", 0))
            nobody = asking("nobody", f"http://127.0.1.99:{closed.getsockname()[1]}/a")
        everyone = [*spiders, again, ignoring, nobody]
        self.crawl: Crawl = crawl(folder, everyone, GATE_DELAY=0.0, REDIRECT_MAX_TIMES=3)

    def outcomes(self, name: str) -> list[Any]:
        answers = sorted(
            (x for x in self.crawl.answers if x["spider"] == name), key=lambda x: x["n"]
        )
        return [x.get("status") or x["error"] for x in answers]


@pytest.fixture(scope="module")
def robots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Robots]:
    with sites() as site:
        yield Robots(tmp_path_factory.mktemp("robots"), site)


@pytest.mark.parametrize("name", ["rules", "moved"])
def test_rules_are_obeyed(robots: Robots, name: str) -> None:
    assert robots.outcomes(name) == [200, 200, "Refused"]
    refused = robots.crawl.of(name, 2)
    assert (refused["kind"], refused["reason"]) == ("robots", "robots.txt 不允许访问")
    assert "/private/x" not in robots.sites["moved"].paths()


@pytest.mark.parametrize("name", ["missing", "forbidden", "html", "away", "inward", "loop"])
def test_what_is_no_rules_forbids_nothing(robots: Robots, name: str) -> None:
    assert robots.outcomes(name) == [200, 200, 200]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("down", "robots.txt 取不到：网站出错（503）"),
        ("busy", "robots.txt 取不到：网站限制访问频率（429）"),
        ("hung", "robots.txt 取不到：连接中断"),
    ],
)
def test_of_a_silent_host_nothing_else_is_asked(robots: Robots, name: str, reason: str) -> None:
    assert robots.outcomes(name) == ["RobotsSilent"] * 3
    assert {x["unreachable"] for x in robots.crawl.answers if x["spider"] == name} == {reason}
    assert {x.partition("?")[0] for x in robots.sites[name].paths()} == {"/robots.txt"}
    assert robots.crawl.reports[name]["通知"]["requests"] == 0


def test_nobody_there_is_silence_too(robots: Robots) -> None:
    assert robots.outcomes("nobody") == ["RobotsSilent"]


def test_a_challenge_in_its_place_is_named(robots: Robots) -> None:
    assert robots.outcomes("challenge") == ["Blocked"] * 3
    assert robots.crawl.of("challenge")["reason"] == "加速乐 521"


def test_asked_once_a_host_for_all_spiders(robots: Robots) -> None:
    assert robots.outcomes("again") == [200]
    for name, site in robots.sites.items():
        assert site.paths().count("/robots.txt") == 1, name


def test_robots_is_not_counted(robots: Robots) -> None:
    assert robots.crawl.reports["rules"]["通知"]["requests"] == 2


def test_an_exception_with_a_reason_is_honoured(robots: Robots) -> None:
    assert robots.outcomes("ignoring") == [200]


class Engine:
    """Answers like an engine: the first time not at all, as when its crawler is stopped."""

    def __init__(self) -> None:
        self.asked = 0

    async def download_async(self, request: Request) -> Response:
        self.asked += 1
        await asyncio.sleep(0)
        if self.asked == 1:
            raise asyncio.CancelledError
        return Response(request.url, body=RULES, headers={"Content-Type": "text/plain"})


def test_a_crawler_that_is_stopped_leaves_the_question_to_the_others() -> None:
    engine = Engine()
    settings = {"ROBOTSTXT_OBEY": True, "USER_AGENT": "Kuaixun/0.1"}
    crawler = get_crawler(Spider, settings)
    crawler.engine = engine  # type: ignore[assignment]
    first, second = RobotsMiddleware(crawler), RobotsMiddleware(crawler)
    url = "https://stopped.example.gov.cn/private/x"

    async def both() -> list[Any]:
        asked = (x.process_request(Request(url)) for x in (first, second))
        return await asyncio.gather(*asked, return_exceptions=True)

    stopped, other = asyncio.run(both())
    assert isinstance(stopped, asyncio.CancelledError)
    assert isinstance(other, Refused)
    assert engine.asked == 2


def test_an_exception_needs_its_reason() -> None:
    spider = type("Careless", (Spider,), {"name": "careless", "robots": "ignore"})
    crawler = get_crawler(spider, {"ROBOTSTXT_OBEY": True})
    crawler.spider = crawler._create_spider()
    with pytest.raises(ValueError, match="robots_reason"):
        RobotsMiddleware(crawler)
