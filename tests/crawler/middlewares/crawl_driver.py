"""Runs spiders described in JSON through the project's settings, in a process of its own.

python crawl_driver.py SPEC OUT; SPEC: {"settings": {}, "resolve": {name: [addresses]},
"spiders": [{"name", "hosts", "requests": [{"url", "meta", "method", "body"}], "settings": {},
...attributes}]}.
OUT: {"answers": [...], "reports": {spider: {column: {}}}}.
"""

import base64
import json
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response, TextResponse
from scrapy.utils.project import get_project_settings
from twisted.python.failure import Failure

from crawler.middlewares.refusals import unreachable_reason
from crawler.report import ColumnReport

answers: list[dict[str, Any]] = []
reports: dict[str, Any] = {}


class Asking(Spider):
    def __init__(self, hosts: list[str], requests: list[dict[str, Any]], **attributes: Any) -> None:
        super().__init__(**attributes)
        self.hosts = set(hosts)
        self.asked = requests
        self.reports = {"通知": ColumnReport()}

    async def start(self) -> AsyncIterator[Request]:
        for n, asked in enumerate(self.asked):
            yield Request(
                asked["url"],
                method=asked.get("method", "GET"),
                body=asked.get("body", ""),
                meta={"column": "通知", **asked.get("meta", {}), "n": n},
                callback=self.answered,
                errback=self.failed,
                priority=-n,
                dont_filter=True,
            )

    def answered(self, response: Response) -> None:
        assert response.request
        note = self._note(response.request)
        note["status"] = response.status
        note["body"] = base64.b64encode(response.body).decode()
        note["class"] = type(response).__name__
        note["headers"] = {
            k.decode(): [v.decode("latin-1") for v in vs] for k, vs in response.headers.items()
        }
        if isinstance(response, TextResponse):
            note["encoding"] = response.encoding
            note["text"] = response.text

    def failed(self, failure: Failure) -> None:
        note = self._note(failure.request)  # type: ignore[attr-defined]
        fault = failure.value
        assert fault
        note["error"] = type(fault).__name__
        note["reason"] = getattr(fault, "reason", "")
        note["kind"] = getattr(fault, "kind", "")
        note["unreachable"] = unreachable_reason(fault)
        note["detail"] = str(fault)

    def _note(self, request: Request) -> dict[str, Any]:
        note = {
            "spider": self.name,
            "n": request.meta["n"],
            "url": request.url,
            "record": request.meta.get("record", ""),
            "at": monotonic(),
        }
        answers.append(note)
        return note

    def closed(self, reason: str) -> None:
        reports[self.name] = {name: asdict(report) for name, report in self.reports.items()}


def main(spec_path: str, out_path: str) -> None:
    spec = json.loads(Path(spec_path).read_text())
    if spec.get("resolve"):
        real = socket.getaddrinfo

        def pretend(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
            found = spec["resolve"].get(host, [host])
            return [x for a in found for x in real(a, port, *args, **kwargs)]

        socket.getaddrinfo = pretend
        from twisted.internet import _resolver

        _resolver.GAIResolver.__init__.__defaults__ = (None, pretend)
    settings = get_project_settings()
    plain = {"ITEM_PIPELINES": {}, "SPIDER_MODULES": [], "LOG_LEVEL": "WARNING"}
    settings.setdict({**plain, **spec["settings"]}, "project")
    process = AsyncCrawlerProcess(settings)
    for spider in spec["spiders"]:
        own = {"custom_settings": spider.pop("settings", {})}
        process.crawl(type("Asking", (Asking,), own), **spider)
    process.start()
    Path(out_path).write_text(json.dumps({"answers": answers, "reports": reports}))


if __name__ == "__main__":
    main(*sys.argv[1:])
