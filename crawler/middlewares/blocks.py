"""Challenges, shells and log-in pages are named, never solved."""

from scrapy import Request
from scrapy.http import Response, TextResponse

from crawler.middlewares.refusals import Blocked
from crawler.reading.page import page_of
from crawler.reading.page_kind import Kind, page_kind

# Statuses that only these products send to a plain GET.
_BY_STATUS = {412: "瑞数 412", 521: "加速乐 521"}
# Cookies that come with a refusal: the product that refuses.
_BY_COOKIE = {
    b"__jsl_clearance": "加速乐 403",
    b"wzws_": "网站卫士 403",
    b"CT6T": "网站防火墙 403",
}
_LARGEST_LOGIN = 100_000  # bytes


class BlocksMiddleware:
    """Raises Blocked with the product's name or what the page is. Files are judged by their
    bytes elsewhere, robots.txt by its own middleware."""

    def process_response(self, request: Request, response: Response) -> Response:
        if request.meta.get("file") or request.meta.get("robots"):
            return response
        reason = block_reason(response)
        if reason:
            raise Blocked(reason)
        return response


def block_reason(response: Response) -> str | None:
    """Which challenge or log-in page a response is, in Chinese; None for any other."""
    if response.status in _BY_STATUS:
        return _BY_STATUS[response.status]
    if response.status == 403:
        cookies = b";".join(response.headers.getlist("Set-Cookie"))
        for mark, name in _BY_COOKIE.items():
            if mark in cookies:
                return name
    if response.status not in (200, 403) or not isinstance(response, TextResponse):
        return None
    reason = page_of(response).challenge
    if reason is None and _may_be_login(response) and page_kind(response).kind is Kind.LOGIN:
        return "登录页"
    return reason


def _may_be_login(response: TextResponse) -> bool:
    """A cheap no for nearly every page: naming its kind costs as much as reading it."""
    return len(response.body) < _LARGEST_LOGIN and b"password" in response.body.lower()
