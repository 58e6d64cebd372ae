"""One set of words, live and replayed."""

import pytest
from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet import error as tx
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.middlewares.refusals import (
    Blocked,
    BrowserMissing,
    NotArchived,
    Refused,
    RobotsSilent,
    failure_from,
    failure_kind,
    unreachable_reason,
)


def nested(fault: Exception) -> Exception:
    """As Scrapy hands on what happened inside a connection."""
    try:
        inner = Failure(fault)  # type: ignore[no-untyped-call]
        raise DownloadFailedError("failed") from ResponseFailed([inner])  # type: ignore[no-untyped-call]
    except DownloadFailedError as failed:
        return failed


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (CannotResolveHostError(), "dns"),
        (DownloadConnectionRefusedError(), "connection-refused"),
        (DownloadTimeoutError(), "timeout"),
        (nested(SSL.Error([("", "", "certificate verify failed")])), "tls"),
        (nested(tx.ConnectionLost()), "reset"),
        (ResponseDataLossError(), "cut"),
        (DownloadCancelledError(), "size"),
        (tx.NoRouteError(), "network"),  # type: ignore[no-untyped-call]
        (IgnoreRequest(), None),
        (ValueError(), None),
    ],
)
def test_a_failure_has_a_kind_that_raises_it_again(fault: Exception, kind: str | None) -> None:
    assert failure_kind(fault) == kind
    if kind:
        again = failure_from(kind, "https://a.gov.cn/")
        assert isinstance(fault, type(again))
        assert failure_kind(again) == kind
        assert unreachable_reason(again) == unreachable_reason(fault) is not None


def test_the_system_s_own_time_out_is_one_too() -> None:
    assert failure_kind(tx.TCPTimedOutError()) == "timeout"  # type: ignore[no-untyped-call]


def test_what_says_nothing_about_the_site_is_not_unreachable() -> None:
    for fault in (Refused("x", "host"), Blocked("x"), BrowserMissing("x"), KeyError("x")):
        assert unreachable_reason(fault) is None


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (RobotsSilent("robots.txt 取不到"), "robots.txt 取不到"),
        (NotArchived(), "档案中没有这个地址"),
        (HttpError(Response("https://a.gov.cn/", status=502)), "网站出错（502）"),
        (HttpError(Response("https://a.gov.cn/", status=429)), "网站限制访问频率（429）"),
        (HttpError(Response("https://a.gov.cn/", status=404)), None),
    ],
)
def test_words(fault: Exception, words: str | None) -> None:
    assert unreachable_reason(fault) == words


def test_a_recorded_robots_silence_is_silence_again() -> None:
    assert isinstance(failure_from("robots", "https://a.gov.cn/robots.txt"), RobotsSilent)
