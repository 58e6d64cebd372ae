"""Why a request was not answered: the exceptions, and one set of Chinese words for all of them.

A failure has a kind, a stable word that the archive can store. `failure_kind` names it,
`failure_from` raises it again in a replay, `unreachable_reason` says it to an editor: the same
words live and replayed.
"""

from typing import Literal

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
from scrapy.spidermiddlewares.httperror import HttpError
from service_identity import VerificationError
from twisted.internet import error as tx
from twisted.python.failure import Failure

from crawler.notice import FailureKind

RefusalKind = Literal["host", "address", "robots"]

WORDS = {
    "dns": "域名解析失败",
    "connection-refused": "连接被拒绝",
    "timeout": "超时未答复",
    "tls": "安全连接（TLS）失败",
    "cut": "答复没有传完",
    "reset": "连接中断",
    "network": "网络不可达",
    "size": "内容超过大小上限，已中止",
    "robots": "robots.txt 取不到",
}


class _Reasoned(IgnoreRequest):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(_Reasoned):
    """We did not ask: another host, an address that is not public, or robots.txt forbids it."""

    def __init__(self, reason: str, kind: RefusalKind) -> None:
        super().__init__(reason)
        self.kind = kind


class Blocked(_Reasoned):
    """The site answered with a challenge or a log-in page. It is named, never solved."""


class RobotsSilent(_Reasoned):
    """The host's robots.txt gave 5xx or nothing: nothing of that host is asked for tonight."""


class BrowserMissing(_Reasoned):
    """The column needs a browser and there is none; the reason says what to install."""


class NotArchived(_Reasoned):
    """A replay was asked for an address that its archive does not hold."""

    def __init__(self) -> None:
        super().__init__("档案中没有这个地址")


def failure_kind(exc: BaseException) -> str | None:
    """The stable word for a download that failed: dns, connection-refused, timeout, tls, cut,
    reset, network, size; None when `exc` is no failure of the network."""
    # Order matters: a TLS fault comes inside DownloadFailedError, a TCP time-out is a ConnectError.
    if isinstance(exc, CannotResolveHostError | tx.DNSLookupError):
        return "dns"
    if isinstance(exc, DownloadConnectionRefusedError | tx.ConnectionRefusedError):
        return "connection-refused"
    if isinstance(exc, DownloadTimeoutError | tx.TimeoutError | tx.TCPTimedOutError):
        return "timeout"
    if isinstance(exc, DownloadCancelledError):
        return "size"
    if _is_tls(exc):
        return "tls"
    if isinstance(exc, ResponseDataLossError):
        return "cut"
    if isinstance(exc, DownloadFailedError | tx.ConnectionLost | tx.ConnectionDone):
        return "reset"
    if isinstance(exc, tx.ConnectError):
        return "network"
    return None


def _is_tls(exc: BaseException) -> bool:
    if isinstance(exc, SSL.Error | VerificationError):
        return True
    reasons = [x.value if isinstance(x, Failure) else x for x in getattr(exc, "reasons", ())]
    inner = [x for x in (exc.__cause__, *reasons) if isinstance(x, BaseException)]
    return any(_is_tls(x) for x in inner)


def failure_from(kind: str, url: str) -> Exception:
    """The exception that a live download of `url` raises for a failure of this kind."""
    text = f"{url}: {kind}, as recorded"
    if kind == "tls":
        fault = DownloadFailedError(text)
        fault.__cause__ = SSL.Error([("", "", text)])
        return fault
    if kind == "robots":
        return RobotsSilent(WORDS["robots"])
    classes: dict[str, type[Exception]] = {
        "dns": CannotResolveHostError,
        "connection-refused": DownloadConnectionRefusedError,
        "timeout": DownloadTimeoutError,
        "cut": ResponseDataLossError,
        "reset": DownloadFailedError,
        "network": tx.ConnectError,
        "size": DownloadCancelledError,
    }
    return classes.get(kind, DownloadFailedError)(text)


def unreachable_reason(exc: BaseException) -> str | None:
    """Why the site could not be read, in Chinese; None when `exc` says nothing about the site
    (a refusal, a block, a missing browser, a fault of ours).

    Understands what a download raises, RobotsSilent, NotArchived, and HttpError for 429 and 5xx."""
    if isinstance(exc, RobotsSilent | NotArchived):
        return exc.reason
    if isinstance(exc, HttpError):
        return status_reason(exc.response.status)
    kind = failure_kind(exc)
    return WORDS[kind] if kind else None


def words_for(exc: BaseException | None) -> str:
    """Any failure of a request in Chinese words, for the row or the column that it concerns."""
    if exc is None:
        return "原因不明"
    if isinstance(exc, _Reasoned):
        return exc.reason
    if isinstance(exc, HttpError) and status_reason(exc.response.status) is None:
        return f"页面返回 {exc.response.status}"
    return unreachable_reason(exc) or f"{type(exc).__name__}: {exc}"


def kind_of(exc: BaseException | None) -> FailureKind:
    """Which kind of failure a notice page's is."""
    if isinstance(exc, Blocked):
        return FailureKind.BLOCKED
    silent = exc is not None and unreachable_reason(exc) is not None
    return FailureKind.UNREACHABLE if silent else FailureKind.BROKEN


def status_reason(status: int) -> str | None:
    """Words for an answer that means "not now" (429, 5xx); None for any other status."""
    if status == 429:
        return "网站限制访问频率（429）"
    return f"网站出错（{status}）" if 500 <= status <= 599 else None
