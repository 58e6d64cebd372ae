"""Conditional requests for lists: what has not changed is not sent again."""

from scrapy import Request


class ConditionalMiddleware:
    """Turns meta["validators"], (ETag, Last-Modified) of the last good list, into headers, and
    lets the 304 through to the spider. Only list requests carry the key."""

    def process_request(self, request: Request) -> None:
        etag, modified = request.meta.get("validators") or ("", "")
        if etag:
            request.headers["If-None-Match"] = etag
        if modified:
            request.headers["If-Modified-Since"] = modified
        if etag or modified:
            allowed = request.meta.get("handle_httpstatus_list") or ()
            request.meta["handle_httpstatus_list"] = [*{*allowed, 304}]
