"""The loopback server of `kuaixun bench crawl`, a process of its own: its CPU is nobody's.

python -m kuaixun.bench.crawl_server PAGES; prints its port, then serves until its input ends.
"""

import asyncio
import sys
from urllib.parse import parse_qs, urlsplit

from kuaixun.bench.crawl_pages import LIST, list_html, notice_html, page


class Site:
    """What the server answers: made once, before the first request."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.notices = {page(number).path: notice_html(number).encode() for number in range(pages)}

    def answer(self, target: str) -> bytes:
        """The whole HTTP answer to a GET of `target`."""
        parts = urlsplit(target)
        body = self.notices.get(parts.path)
        if body is None and parts.path == LIST:
            first = int(parse_qs(parts.query).get("from", ["0"])[0])
            body = list_html(first, self.pages).encode()
        status = "200 OK" if body is not None else "404 Not Found"
        body = body or b"<html><body>404</body></html>"
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nServer: bench\r\n\r\n"
        )
        return head.encode() + body

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One kept-alive connection."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(self.answer(head.split(b" ", 2)[1].decode("ascii")))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()  # the client hung up


async def _run(pages: int) -> None:
    site = Site(pages)
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)  # until the parent closes it or dies


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1])))
