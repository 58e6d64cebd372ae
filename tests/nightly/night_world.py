"""A small world for whole nights: three kinds of sources of their own, and a WARC to replay."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

ROOT = Path(__file__).resolve().parents[2]

SPIDER = """
from crawler.spider import NoticeSpider

class Made{number}(NoticeSpider):
    name = "{name}"
    agency = "某市某局"
    region = "110000"
    level = "city"
    columns = {{"通知公告": "http://www.{name}.gov.cn/tz/"}}
    row_css = "ul.list li"
{more}
"""

PAGE = """<html><head><title>{title}</title></head><body><div id="zoom"><h1>{title}</h1>
<p>各有关单位：</p><p>现将{title}印发给你们，请结合实际认真组织实施，并及时反馈情况。</p>
<p>联系人由各单位自行确定，材料一式两份，逾期不再受理，特此通知。</p>
<p>某市某局</p><p>2026年3月{day}日</p></div></body></html>"""


@dataclass(slots=True)
class Site:
    """What one source answers on one night; `rows`: day of March 2026 -> title."""

    rows: dict[int, str]
    etag: str = ""
    gone: set[int] = field(default_factory=set)  # days whose page answers 503
    status: int = 200  # of the list
    missing: set[int] = field(default_factory=set)  # days whose page answers 404
    unlisted: dict[int, str] = field(default_factory=dict)  # pages that the list shows no more
    etags: dict[int, str] = field(default_factory=dict)  # of pages
    files: dict[int, bytes] = field(default_factory=dict)  # days whose row links to a DOCX


def warc(path: Path, night: str, sites: dict[str, Site]) -> Path:
    """A WARC as any tool would write it; `night`: YYYY-MM-DD, its clock is 23:00 in Beijing."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)

        def add(url: str, status: int, body: str | bytes, etag: str = "") -> None:
            kind = "text/html; charset=utf-8" if isinstance(body, str) else "application/msword"
            headers = [("Content-Type", kind)]
            headers += [("ETag", etag)] if etag else []
            content = body.encode() if isinstance(body, str) else body
            writer.write_record(
                writer.create_warc_record(
                    url,
                    "response",
                    payload=BytesIO(content),
                    length=len(content),
                    http_headers=StatusAndHeaders(f"{status} X", headers, protocol="HTTP/1.1"),
                    warc_headers_dict={"WARC-Date": f"{night}T15:00:00Z"},
                )
            )

        for name, site in sites.items():
            home = f"http://www.{name}.gov.cn"
            add(f"{home}/robots.txt", 404, "")
            rows = "".join(
                f'<li><a href="/tz/202603/t202603{day:02}_{day}.{_ending(site, day)}">{title}</a>'
                f"<span>2026-03-{day:02}</span></li>"
                for day, title in sorted(site.rows.items(), reverse=True)
            )
            listed = f'<html><body><ul class="list">{rows}</ul></body></html>'
            add(f"{home}/tz/", site.status, listed if site.status == 200 else "x", site.etag)
            for day, title in (site.rows | site.unlisted).items():
                url = f"{home}/tz/202603/t202603{day:02}_{day}.{_ending(site, day)}"
                status = 503 if day in site.gone else 404 if day in site.missing else 200
                page = site.files.get(day, PAGE.format(title=title, day=day))
                add(url, status, page if status == 200 else "", site.etags.get(day, ""))
    return path


def _ending(site: Site, day: int) -> str:
    return "docx" if day in site.files else "html"


@dataclass(slots=True)
class Ended:
    """A run of the command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def outcomes(self) -> dict[str, dict[str, Any]]:
        """By source: each has one column here."""
        return {line["source"]: line for line in self.json["outcomes"]}


@dataclass(slots=True)
class World:
    """A folder with sources, settings and data of its own."""

    folder: Path

    def __post_init__(self) -> None:
        package = self.folder / "someones_spiders"
        package.mkdir()
        (package / "__init__.py").touch()

    def archive(self, night: str, **sites: Site) -> Path:
        """The WARC of a night, YYYY-MM-DD."""
        return warc(self.folder / f"{night}.warc.gz", night, sites)

    def source(self, name: str, more: str = "") -> None:
        package = self.folder / "someones_spiders"
        number = len(list(package.iterdir()))
        text = SPIDER.format(name=name, number=number, more=more)
        (package / f"{name}.py").write_text(text, encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith("KUAIXUN_")},
            "KUAIXUN_DATA": str(self.folder / "data"),
            "PYTHONPATH": str(self.folder),
            "SCRAPY_SETTINGS_MODULE": "someones_settings",
        }

    def start(self, *arguments: str, **settings: Any) -> "subprocess.Popen[str]":
        """The command in a process; `settings` of Scrapy besides those of the project."""
        more = "".join(f"{name} = {value!r}\n" for name, value in settings.items())
        text = f'from settings import *\nSPIDER_MODULES = ["someones_spiders"]\n{more}'
        (self.folder / "someones_settings.py").write_text(text, encoding="utf-8")
        return subprocess.Popen(
            [sys.executable, "-B", "-m", "kuaixun", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **settings: Any) -> Ended:
        process = self.start(*arguments, **settings)
        out, err = process.communicate(timeout=60)
        return Ended(process.returncode, out, err)

    def night(self, archive: Path, *arguments: str, **settings: Any) -> Ended:
        return self.run("nightly", "--archive", str(archive), "--json", *arguments, **settings)

    def dump(self) -> str:
        return self.run("db", "dump").out
