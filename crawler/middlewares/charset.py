"""Every text gets the encoding its bytes are in, whatever the server says."""

from scrapy import Request
from scrapy.http import Response

from crawler.reading.charset import build_response


class CharsetMiddleware:
    """Replaces a text response by the one that `kuaixun read` and the tests build from the same
    bytes. Files, robots.txt and answers without a body stay as they are."""

    def process_response(self, request: Request, response: Response) -> Response:
        if request.meta.get("file") or request.meta.get("robots") or not response.body:
            return response
        built = build_response(
            response.url, response.body, response.headers, response.status, request
        )
        built.flags = response.flags
        built.ip_address = response.ip_address
        built.certificate = response.certificate
        built.protocol = response.protocol
        return built
