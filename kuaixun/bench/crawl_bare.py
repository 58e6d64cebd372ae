"""What `kuaixun bench crawl` compares with: a spider that fetches, selects and keeps nothing.

python -m kuaixun.bench.crawl_bare ADDRESS CONCURRENT_ITEMS RESULT; 0 for Scrapy's own number.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

from kuaixun.bench.crawl_cost import Meter


class Bare(Spider):
    """Rows and notices by CSS, as the first page of any tutorial has it."""

    name = "bare"
    kept = 0  # notices with a title, a date and a text

    def parse(self, response: Any) -> Iterator[Request]:
        """A list page: its notices and the page after it."""
        for row in response.css("ul.list > li"):
            yield response.follow(row.css("a::attr(href)").get(""), self.parse_notice)
        if following := response.css("a.next::attr(href)").get():
            yield response.follow(following, self.parse)

    def parse_notice(self, response: Any) -> dict[str, str]:
        """A notice page."""
        item = {
            "title": response.css("h1.title::text").get(""),
            "published": response.css("span.date::text").get(""),
            "text": "".join(response.css("div.editor ::text").getall()),
        }
        Bare.kept += all(item.values())
        return item


def _run(address: str, concurrent_items: int, result: Path) -> None:
    settings: dict[str, Any] = {
        "LOG_LEVEL": "INFO",
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,  # as ours: one connection a host
    }
    if concurrent_items:
        settings["CONCURRENT_ITEMS"] = concurrent_items
    process = AsyncCrawlerProcess(settings)
    process.crawl(Bare, start_urls=[address])
    meter = Meter()
    process.start()
    meter.read(Bare.kept).write(result)


if __name__ == "__main__":
    _run(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
