"""The Guangdong platform: shenzhen_stic, its plain columns and its gkmlpt catalogue."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from samples.look import (
    TEMPLATE_DAY,
    Line,
    Look,
    Page,
    digits,
    fill,
    pages,
    stamp,
    suffix,
    validators,
)
from samples.notices import SampleNotice
from samples.sites import Column

SID = "755037"
_TREE = [
    {
        "id": 2930,
        "name": "政府信息公开目录",
        "parent_id": 0,
        "children": [
            {"id": 2931, "name": "机构概况", "parent_id": 2930, "children": []},
            {"id": 2934, "name": "行政规范性文件", "parent_id": 2930, "children": []},
            {"id": 2936, "name": "人事任免", "parent_id": 2930, "children": []},
        ],
    },
]


def api_url(column: Column, category: str, page: int) -> str:
    """The catalogue's list."""
    return urljoin(column.url, f"/gkmlpt/api/all/{category}?page={page}&sid={SID}")


@dataclass
class Shenzhen(Look):
    """stic.sz.gov.cn."""

    dresses: tuple[str, ...] = ("plain", "word", "trs")

    def list_pages(self, column: Column, lines: list[Line], night: int) -> Iterator[Page]:
        if column.layout == "gkmlpt":
            yield from self._catalogue(column, lines, night)
            return
        cut = pages(lines, column.size)
        urls = [column.url] + [
            urljoin(column.url, f"index_{at}.html") for at in range(2, len(cut) + 1)
        ]
        for at, part in enumerate(cut):
            pager = "".join(
                f'              <li><a class="{"current" if n == at else "normal"}" href="{url}">'
                f"{n + 1}</a></li>\n"
                for n, url in enumerate(urls)
            )
            yield self.list_page(
                column,
                urls[at],
                "shenzhen_stic.list",
                night,
                part,
                ul='id="fgList"' if column.layout == "fgList" else 'class="newsList clearfix"',
                rows="".join(_row(one) for one in part),
                pager=pager,
            )

    def _catalogue(self, column: Column, lines: list[Line], night: int) -> Iterator[Page]:
        if column.url.endswith("/index"):  # the page of every part of the catalogue
            yield self._catalogue_page(column)
            categories = [column.ident, "0"]
        else:
            categories = [column.ident]
        yield from self._answers(column, lines, categories)

    def _catalogue_page(self, column: Column) -> Page:
        config = {
            "SID": SID,
            "SITE_NAME": self.site.name,
            "TREE": _TREE,
            "DEFAULT_CATEGORY": int(column.ident),
            "API": "/gkmlpt/api/all/",
        }
        shown = json.dumps(config, ensure_ascii=False)
        slots = {
            "title": f"政府信息公开平台-{self.site.name}",
            "meta": self.column_meta(column),
            "main": fill("shenzhen_gkmlpt.index", config=shown),
        }
        body = self.frame("shenzhen_gkmlpt", **slots).encode()
        made = validators(body, column.validators, TEMPLATE_DAY)
        return Page(column.url, body, self.site.content_type, headers=made)

    def _answers(self, column: Column, lines: list[Line], categories: list[str]) -> Iterator[Page]:
        for category in categories:
            # The page after the last one answers too, without articles.
            for at, part in enumerate([*pages(lines, column.size), []], start=1):
                answer = {
                    "classify": {
                        "id": int(category),
                        "name": column.name,
                        "post_count": len(lines),
                        "parent_id": 0,
                    },
                    "articles": [self._entry(one) for one in part],
                    "page": at,
                }
                text = json.dumps(answer, ensure_ascii=False)
                yield Page(api_url(column, category, at), text.encode(), "application/json")

    def _entry(self, one: Line) -> dict[str, object]:
        moment = dt.datetime.fromisoformat(f"{one.date} {one.moment}:00+08:00")
        post = urlsplit(one.url).path.rpartition("_")[2].partition(".")[0]
        notice = one.notice
        return {
            "id": int(post) if post.isdigit() else 0,
            "title": one.title,
            "name": one.title,
            "url": one.url,
            "post_url": one.url,
            "publisher": notice.issuers[0] if notice and notice.issuers else self.site.name,
            "document_number": (notice.doc_number if notice else "") or "",
            "identifier": f"MB2D0{digits(one.url, 8).upper()}/2019-{digits(one.url, 4)}",
            "created_at": f"{moment:%Y-%m-%d %H:%M:%S}",
            "create_time": int(moment.timestamp()),
            "date": int(moment.timestamp()),
            "is_expired": False,
            "abstract": "",
        }

    def notice_page(self, notice: SampleNotice) -> Page:
        if "/gkmlpt/" not in notice.url:
            return self.page(notice, "shenzhen_stic.notice")
        post = notice.url.rpartition("_")[2].partition(".")[0]
        return self.page(notice, "shenzhen_gkmlpt.notice", "shenzhen_gkmlpt", post=post)

    def file_url(self, notice: SampleNotice, at: int) -> str:
        end = suffix(notice, at)
        if "/content/post_" in notice.url or "/gkmlpt/" in notice.url:
            post = notice.url.rpartition("_")[2].partition(".")[0]
            serial = 400000 + int(digits(notice.url + str(at), 4), 16)
            return urljoin(self.site.home, f"/attachment/0/{serial // 1000}/{serial}/{post}.{end}")
        return urljoin(notice.url, f"P0{stamp(notice, at)}.{end}")

    def image_url(self, notice: SampleNotice, at: int) -> str:
        serial = 400000 + int(digits(f"{notice.url}image{at}", 4), 16)
        post = notice.url.rpartition("_")[2].partition(".")[0]
        return urljoin(self.site.home, f"/img/0/{serial // 1000}/{serial}/{post}.png")

    def anchor(self, notice: SampleNotice, at: int) -> str:
        anchor = Look.anchor(self, notice, at)
        return anchor.replace("<a ", '<a class="nfw-cms-attachment" ', 1)

    def facts(self, notice: SampleNotice) -> str:
        return "".join(
            f'          <div class="item"><label>{label}：</label><span>{value}</span></div>\n'
            for label, value in self.fact_pairs(notice)
        )


def challenge(page: Page) -> Page:
    """The 412 that a shield answers to every request, with its cookie and script."""
    cookie = f"924omrTVcFchO={digits(page.url, 44)}; Path=/; HttpOnly"
    body = (
        '<!DOCTYPE html><html><head><meta charset="UTF-8"><meta id="9DhefwqGPrzGxEp9hPaoag" '
        f'content="{digits(page.url + "c", 64)}" r="m"><script type="text/javascript" '
        'charset="iso-8859-1" src="/4QbVtADbnLVIc/c.FxJzG50F.5c9ec26.js" r="m"></script>'
        f'<script type="text/javascript" r="m">$_ts=window[\'$_ts\'];if(!$_ts)$_ts={{}};'
        f'$_ts.nsd={int(digits(page.url, 6), 16)};$_ts.cd="{digits(page.url + "d", 64)}";'
        "if($_ts.lcd)$_ts.lcd();</script></head><body></body></html>\n"
    )
    return replace(
        page,
        body=body.encode(),
        status=412,
        content_type="text/html; charset=utf-8",
        headers=(("Set-Cookie", cookie), ("Cache-Control", "no-store")),
    )


def _row(one: Line) -> str:
    top = '<b class="zd">置顶</b>' if one.pinned else ""
    return (
        f'                <li>{top}<a href="{one.url}" target="_blank" title="{one.name}">'
        f"{one.text}</a><span>{one.date:%Y-%m-%d}</span></li>\n"
    )
