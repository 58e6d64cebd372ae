"""The loopback server answers over a real connection what the archive holds."""

import gzip
import http.client
import time
from urllib.parse import urlsplit

import pytest

from samples.build import HERE
from samples.notices import NIGHTS
from tests.loopback import Loopback, serve

FIRST, SECOND = (HERE / f"{day}.warc.gz" for day in NIGHTS.values())
LIST = "https://jxj.beijing.gov.cn/jxdt/tzgg/"


def ask(
    server: Loopback, url: str, sent: dict[str, str] | None = None, port: int = 0
) -> tuple[int, http.client.HTTPMessage, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", port or server.port, timeout=5)
    headers = {"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme} | (sent or {})
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_answers_what_the_archive_holds() -> None:
    with serve(FIRST) as server:
        status, headers, body = ask(server, LIST)
        kept = server.archive.responses[LIST]
        assert (status, body) == (200, kept.body)
        assert headers["ETag"] == kept.header("ETag")
        assert ask(server, "http://gxt.shandong.gov.cn/robots.txt")[0] == 404
        assert ask(server, "https://no.such.gov.cn/")[0] == 404
        assert server.unknown == ["https://no.such.gov.cn/"]


@pytest.mark.parametrize(
    ("sent", "kept"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")]
)
def test_conditional_requests(sent: str, kept: str) -> None:
    with serve(FIRST) as server:
        value = server.archive.responses[LIST].header(kept)
        status, headers, body = ask(server, LIST, {sent: value})
        assert (status, body) == (304, b"")
        assert headers["ETag"]
        both = {"If-None-Match": '"other"', "If-Modified-Since": value}
        assert ask(server, LIST, both)[0] == 200


def test_gzip_only_when_accepted() -> None:
    with serve(FIRST) as server:
        _, headers, body = ask(server, LIST, {"Accept-Encoding": "gzip, deflate"})
        assert headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(body) == server.archive.responses[LIST].body
        assert ask(server, LIST)[1]["Content-Encoding"] is None


def test_redirects_blocks_and_the_next_night() -> None:
    seed = "http://www.mee.gov.cn/xxgk2018/xxgk/xxgk03/201909/t20190911_733474.html"
    with serve(FIRST) as server:
        status, headers, _ = ask(server, seed)
        assert (status, headers["Location"]) == (301, seed.replace("http:", "https:"))
        server.load(SECOND)
        status, headers, _ = ask(server, "https://stic.sz.gov.cn/xxgk/tzgg/")
        assert status == 412
        assert "924omrTVcFch" in headers["Set-Cookie"]
        assert server.refused_hosts == {"jxj.huaibei.gov.cn"}
        with pytest.raises(ConnectionRefusedError):
            ask(server, "http://jxj.huaibei.gov.cn/robots.txt", port=server.refused_port)


def test_slow_answers_and_the_log() -> None:
    with serve(FIRST, slow={LIST: 0.2}) as server:
        before = time.monotonic()
        ask(server, LIST)
        ask(server, "https://jxj.beijing.gov.cn/robots.txt")
        while len(server.requests) < 2:  # it is logged after the answer went out
            time.sleep(0.01)
        first, second = server.requests
        assert first.ended - first.started >= 0.2
        assert before <= first.started < first.ended <= second.started
        assert (first.url, first.status, first.connection) == (LIST, 200, 1)
        assert len(server.connections) == second.connection == 2


def test_one_connection_may_ask_twice() -> None:
    with serve(FIRST) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        headers = {"Host": "jxj.beijing.gov.cn", "X-Forwarded-Proto": "https"}
        for path in ("/robots.txt", "/jxdt/tzgg/"):
            connection.request("GET", path, headers=headers)
            assert connection.getresponse().read()
        assert len(server.connections) == 1
        assert [request.connection for request in server.requests] == [1, 1]
        connection.close()
