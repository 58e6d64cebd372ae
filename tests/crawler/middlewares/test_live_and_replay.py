"""A crawl of a live site, and the same crawl answered from the archive the first one wrote."""

import base64
import gzip
import hashlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import read
from tests.crawler.middlewares.loopback import (
    Crawl,
    Site,
    Visitor,
    asking,
    chunked,
    crawl,
    gzipped,
    hung_up,
    page,
    sites,
)
from tests.crawler.middlewares.loopback import slow as slow_page
from tests.crawler.middlewares.loopback import torn as torn_page

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 20
GBK = "<html><head><title>公告</title></head><body><p>关于申报项目的通知</p></body></html>"
SHELL = """<html><head><script>document.cookie="wzws_cid=1";location.href=location.href</script>
<script src="/WZWSRELw==/wzwsjs.js"></script></head><body></body></html>"""
LOGIN = """<html><head><title>统一身份认证</title></head><body><form action="/login">用户名<input
name="user">密码<input type="password" name="password"><button>登录</button></form></body></html>"""


def with_etag(visitor: Visitor) -> None:
    if visitor.headers.get("If-None-Match") == '"v1"':
        visitor.send_response(304)
        visitor.send_header("ETag", '"v1"')
        visitor.end_headers()
        return
    visitor.answer(
        b"<html><p>list</p></html>", ETag='"v1"', Last_Modified="Mon, 02 Nov 2026 08:00:00 GMT"
    )


PAGES: dict[str, Any] = {
    "/robots.txt": lambda v: v.answer(
        b"User-agent: *\nDisallow: /private/", Content_Type="text/plain"
    ),
    "/page": page("通知"),
    "/gzip": gzipped,
    "/chunked": lambda v: chunked(v, [b"<html><p>", "两段".encode(), b"</p></html>"]),
    "/both": lambda v: chunked(
        v, [gzip.compress("<html><p>又压又分</p></html>".encode())], Content_Encoding="gzip"
    ),
    "/gbk": lambda v: v.answer(GBK.encode("gbk")),  # labelled utf-8
    "/list": with_etag,
    "/post": lambda v: v.answer(b"<html><p>" + v.body + b"</p></html>"),
    "/moved": lambda v: v.answer(b"", 302, Location="/page"),
    "/private/x": page("私"),
    "/412": page("请稍候", 412),
    "/521": page("请稍候", 521),
    "/403": page("请稍候", 403, Set_Cookie="wzws_sessionid=1"),
    "/plain403": page("无权访问", 403),
    "/shell": lambda v: v.answer(SHELL.encode()),
    "/login": lambda v: v.answer(LOGIN.encode()),
    "/503": page("维护", 503, Retry_After="0"),
    "/gone": page("不存在", 404),
    "/file.pdf": lambda v: v.answer(PDF, Content_Type="application/pdf"),
    "/error.doc": page("文件不存在"),
    "/412.pdf": page("请稍候", 412),
    "/slow": slow_page,
    "/torn": torn_page,
    "/hung": hung_up,
    "/big": lambda v: v.answer(b"<html>" + b"x" * 300_000),
    "/bigchunks": lambda v: chunked(v, [b"<html>" + b"x" * 100_000] * 3),
    "/bomb": lambda v: v.answer(gzip.compress(b"x" * 3_000_000), Content_Encoding="gzip"),
}
ASKED: list[str | dict[str, Any]] = [
    *(x for x in PAGES if x not in ("/robots.txt", "/slow", "/file.pdf", "/error.doc", "/412.pdf")),
    {"url": "/slow", "meta": {"download_timeout": 0.4}},
    {"url": "/list", "meta": {"validators": ['"v1"', ""]}},
    {"url": "/list", "meta": {"validators": ['"old"', "Mon, 02 Nov 2026 08:00:00 GMT"]}},
    {"url": "/post", "method": "POST", "body": "page=1"},
    {"url": "/post", "method": "POST", "body": "page=2"},
    {"url": "/file.pdf", "meta": {"file": True}},
    {"url": "/error.doc", "meta": {"file": True}},
    {"url": "/412.pdf", "meta": {"file": True, "handle_httpstatus_all": True}},
]


class Night:
    """The live crawl, the replayed one, and how to look one address up in both."""

    def __init__(self, folder: Path, site: Site) -> None:
        files = folder / "files"
        files.mkdir()
        self.folder, self.site = folder, site
        with socket.socket() as closed:
            closed.bind(("127.0.0.9", 0))
            nobody = f"http://127.0.0.9:{closed.getsockname()[1]}/x"
        asked = [x if isinstance(x, dict) else {"url": x} for x in ASKED]
        self.asked = [{**x, "url": site.url(x["url"])} for x in asked]
        self.asked += [{"url": nobody}, {"url": "http://no-such-host.invalid/x"}]
        spider = asking("one", *self.asked)
        settings: dict[str, Any] = {
            "DOWNLOAD_MAXSIZE": 200_000,
            "ARCHIVE_FILES": str(files),
            "GATE_DELAY": 0.0,
        }
        self.live = crawl(folder, [spider], **settings)
        self.asked_live = len(site.hits)
        (files / hashlib.sha256(PDF).hexdigest()).write_bytes(PDF)
        warc = folder / "warc" / "2026-11-24.warc.gz"
        self.replayed = crawl(
            folder,
            [asking("one", *self.asked, {"url": site.url("/never-asked")})],
            ARCHIVE=str(warc),
            **{**settings, "WARC_DIR": str(folder / "copy")},
        )

    def number(self, path: str, nth: int = 0) -> int:
        found = [n for n, x in enumerate(self.asked) if x["url"].endswith(path)]
        return found[nth]

    def answer(self, path: str, nth: int = 0, of: Crawl | None = None) -> dict[str, Any]:
        return (of or self.live).of("one", self.number(path, nth))


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    with sites() as site:
        yield Night(tmp_path_factory.mktemp("night"), site("127.0.0.2", PAGES))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/page", "通知"),
        ("/gzip", "压缩的正文"),
        ("/chunked", "两段"),
        ("/both", "又压又分"),
        ("/gbk", "关于申报项目的通知"),
        ("/moved", "通知"),
    ],
)
def test_pages_are_read_as_their_bytes_are(night: Night, path: str, text: str) -> None:
    assert text in night.answer(path)["text"]


def test_the_record_holds_the_page(night: Night) -> None:
    record = read(night.folder / "warc", night.answer("/both")["record"])
    assert record.body.decode() == "<html><p>又压又分</p></html>"
    assert record.status == 200
    assert b"Content-Encoding" not in record.headers


def test_not_modified_reaches_the_spider(night: Night) -> None:
    fresh, unchanged, changed = (night.answer("/list", n) for n in range(3))
    assert (fresh["status"], unchanged["status"], changed["status"]) == (200, 304, 200)
    assert unchanged["record"] != fresh["record"] == changed["record"]
    conditional = [x.headers for x in night.site.hits if x.headers.get("if-none-match")]
    assert [x["if-none-match"] for x in conditional] == ['"v1"', '"old"']
    assert "if-modified-since" not in conditional[0]


@pytest.mark.parametrize(
    ("path", "error", "reason"),
    [
        ("/412", "Blocked", "瑞数 412"),
        ("/521", "Blocked", "加速乐 521"),
        ("/403", "Blocked", "网站卫士 403"),
        ("/login", "Blocked", "登录页"),
        ("/private/x", "Refused", "robots.txt 不允许访问"),
    ],
)
def test_refusals_and_blocks_are_named(night: Night, path: str, error: str, reason: str) -> None:
    answer = night.answer(path)
    assert (answer["error"], answer["reason"]) == (error, reason)
    assert answer["unreachable"] is None


def test_a_challenge_with_status_200_is_named(night: Night) -> None:
    answer = night.answer("/shell")
    assert answer.get("error") == "Blocked"
    assert answer["reason"]


def test_a_plain_403_is_no_block(night: Night) -> None:
    assert night.answer("/plain403")["error"] == "HttpError"


def test_a_file_is_never_blocked(night: Night) -> None:
    assert night.answer("/412.pdf")["status"] == 412


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("/slow", "DownloadTimeoutError", "超时未答复"),
        ("/torn", "ResponseDataLossError", "答复没有传完"),
        ("/hung", "DownloadFailedError", "连接中断"),
        ("/big", "DownloadCancelledError", "内容超过大小上限，已中止"),
        ("/bigchunks", "DownloadCancelledError", "内容超过大小上限，已中止"),
        ("/bomb", "IgnoreRequest", None),
        ("/503", "HttpError", "网站出错（503）"),
        ("/gone", "HttpError", None),
    ],
)
def test_failures_have_words(night: Night, path: str, error: str, words: str | None) -> None:
    answer = night.answer(path)
    assert (answer["error"], answer["unreachable"]) == (error, words)


def test_a_host_that_is_not_there_is_silent(night: Night) -> None:
    refused, unknown = (
        night.live.of("one", len(night.asked) - 2),
        night.live.of("one", len(night.asked) - 1),
    )
    assert (refused["error"], unknown["error"]) == ("RobotsSilent", "RobotsSilent")
    assert refused["unreachable"] == "robots.txt 取不到：连接被拒绝"
    assert unknown["unreachable"] == "robots.txt 取不到：域名解析失败"


def test_files_are_recorded_by_their_hash_alone(night: Night) -> None:
    record = read(night.folder / "warc", night.answer("/file.pdf")["record"])
    assert (record.body, len(record.file_sha256)) == (b"", 64)
    page_instead = read(night.folder / "warc", night.answer("/error.doc")["record"])
    assert "文件不存在" in page_instead.body.decode()


def test_every_attempt_of_the_column_is_counted_once(night: Night) -> None:
    report = night.live.reports["one"]["通知"]
    columns = [x for x in night.site.hits[: night.asked_live] if x.path != "/robots.txt"]
    assert report["requests"] == len(columns)
    assert report["not_modified"] == 1
    assert night.replayed.reports["one"]["通知"]["not_modified"] == 1


def test_the_replay_asks_nobody(night: Night) -> None:
    assert len(night.site.hits) == night.asked_live


def test_what_was_never_asked_is_not_in_the_archive(night: Night) -> None:
    answer = night.replayed.of("one", len(night.asked))
    assert (answer["error"], answer["reason"]) == ("NotArchived", "档案中没有这个地址")


def test_replayed_answers_equal_live_ones(night: Night) -> None:
    for n, asked in enumerate(night.asked):
        live, replayed = dict(night.live.of("one", n)), dict(night.replayed.of("one", n))
        for answer in (live, replayed):
            for passing in ("at", "detail", "record"):
                answer.pop(passing, None)
            # The same page asked twice is recorded once, with the first one's date; of a page's
            # headers nobody knows which a 304 would have sent.
            heads = answer.pop("headers", {})
            if answer.get("status") != 304:
                answer["headers"] = {k: v for k, v in heads.items() if k != "Date"}
        assert live == replayed, asked
    assert base64.b64decode(night.answer("/file.pdf", of=night.replayed)["body"]) == PDF


def test_a_replay_writes_an_archive_that_replays_alike(night: Night) -> None:
    original = read(night.folder / "warc", night.answer("/gzip")["record"])
    copy = read(night.folder / "copy", night.answer("/gzip", of=night.replayed)["record"])
    assert original == copy
