"""The Hanweb sites: miit (jpaas: the list is a shell, the rows come as JSON) and shandong_gxt
(jpage: the rows stand in CDATA)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import parse_qs, quote, urlencode, urljoin, urlsplit

from samples.furniture import number
from samples.look import Line, Look, Page, digits, pages, suffix
from samples.notices import SampleNotice
from samples.sites import Column

_WEB = "8d828e408d90447786ddbe128d495e9e"
_TEMPLATE = "209741b2109044b5b7695700b2bec37e"
_API = "/api-gateway/jpaas-publish-server/front/page/build/unit"


def unit_query(tag: str, page_id: str) -> dict[str, str]:
    """The values of one unit, in the order in which the page writes them."""
    return {
        "parseType": "buildstatic",
        "webId": _WEB,
        "tplSetId": _TEMPLATE,
        "pageType": "column",
        "tagId": tag,
        "editType": "null",
        "pageId": page_id,
    }


def unit_url(column: Column, tag: str, page: int) -> str:
    """The address of a unit's answer; page 1 is asked for without paramJson."""
    query = unit_query(tag, column.ident)
    if page > 1:
        query["paramJson"] = f'{{"pageNo":{page},"pageSize":"{column.size}"}}'
    return urljoin(column.url, _API) + "?" + urlencode(query)


@dataclass
class Miit(Look):
    """www.miit.gov.cn and wap.miit.gov.cn."""

    dresses: tuple[str, ...] = ("plain", "word", "trs")

    def list_pages(self, column: Column, lines: list[Line], night: int) -> Iterator[Page]:
        cut = pages(lines, column.size)
        # Both spellings of the attribute are met: querydata with single quotes, queryData as JSON.
        plain = number(column.ident, 2) == 0
        unit = digits(column.ident)
        yield self.list_page(
            column,
            column.url,
            "miit.list",
            night,
            [],
            parse="buildstatic",
            web=_WEB,
            attr="querydata" if plain else "queryData",
            unit=unit,
            navid=digits(column.ident + "nav"),
            query=_written(unit_query("右侧内容", column.ident), plain),
            navquery=_written(unit_query("左侧导航", column.ident), plain),
        )
        yield _answer(unit_url(column, "左侧导航", 1), f"<ul>{self.siblings(column)}</ul>")
        for at, part in enumerate(cut, start=1):
            rows = "".join(_miit_row(column, one) for one in part)
            query = json.dumps(unit_query("右侧内容", column.ident), ensure_ascii=False)
            html = (
                f'<div class="page-content" id="{unit}">\n<ul class="clearfix">\n{rows}</ul>\n'
                "</div>\n"
                f'<div class="pagination" count="{len(lines)}" rows="{column.size}" pageno="{at}" '
                f'queryData="{escape(query)}" url="{_API}"></div>'
            )
            yield _answer(unit_url(column, "右侧内容", at), html)
        # The page after the last one answers too, without rows.
        nothing = '<div class="page-content"><p class="nodata">暂无数据</p></div>'
        yield _answer(unit_url(column, "右侧内容", len(cut) + 1), nothing)

    def notice_page(self, notice: SampleNotice) -> Page:
        if notice.url.endswith("/content.html"):
            return self.page(notice, frame="miit_nc")
        return self.page(notice, "miit.notice")

    def section(self, column: Column) -> tuple[str, str]:
        return ("政务公开", "/zwgk/index.html")

    def file_url(self, notice: SampleNotice, at: int) -> str:
        end = suffix(notice, at)
        if notice.url.endswith("/content.html"):
            return urljoin(notice.url, f"part/{7407640 + at}.{end}")
        name = digits(notice.url + str(at))
        path = f"/cms_files/filemanager/1226211233/attach/20199/{name}.{end}"
        return urljoin(notice.url, path)

    def image_url(self, notice: SampleNotice, at: int) -> str:
        name = digits(f"{notice.url}image{at}")
        return urljoin(
            notice.url, f"/cms_files/filemanager/1226211233/picture/20199/S{name}-750.png"
        )


def _written(query: dict[str, str], plain: bool) -> str:
    if plain:
        return "{" + ",".join(f"'{name}':'{value}'" for name, value in query.items()) + "}"
    return escape(json.dumps(query, ensure_ascii=False, separators=(",", ":")))


def _miit_row(column: Column, one: Line) -> str:
    href = one.url
    if urlsplit(one.url)[:2] == urlsplit(column.url)[:2]:
        href = urlsplit(one.url).path
    return (
        f'<li class="cf"><a class="fl" href="{href}" target="_blank" title="{one.name}">{one.text}'
        f'</a><span class="fr">{one.date:%Y-%m-%d}</span></li>\n'
    )


def _answer(url: str, html: str) -> Page:
    data = {"success": True, "message": "操作成功", "code": "200", "data": {"html": html}}
    body = json.dumps(data, ensure_ascii=False).encode()
    return Page(
        url, body, "application/json;charset=UTF-8", headers=(("Cache-Control", "no-cache"),)
    )


@dataclass
class Shandong(Look):
    """gxt.shandong.gov.cn."""

    dresses: tuple[str, ...] = ("plain", "word", "div")

    def list_pages(self, column: Column, lines: list[Line], night: int) -> Iterator[Page]:
        cut = pages(lines, column.size)
        columnid = _number(column)
        mobile = str(int(column.ident) + 90000)
        for at, part in enumerate(cut, start=1):
            page = self.list_page(
                column,
                column.url,
                "shandong_gxt.list",
                night,
                part,
                number=columnid,
                unit=column.ident,
                mobile=mobile,
                total=str(len(lines)),
                size=str(column.size),
                made=f"{max(one.date for one in lines if not one.pinned):%Y-%m-%d} 17:30:02_15",
                store=self._store(column, part, column.ident, _desktop_row),
                mobilestore=self._store(column, part[:8], mobile, _mobile_row),
            )
            if at == 1:
                yield page
            else:
                yield replace(page, url=f"{column.url}?uid={column.ident}&pageNum={at}", headers=())
        # The proxy answers after the last page too, without records.
        for at, part in enumerate([*cut, []], start=1):
            store = '<?xml version="1.0" encoding="UTF-8"?>' + self._store(
                column, part, column.ident, _desktop_row, len(lines), len(cut)
            )
            proxy = urljoin(column.url, self._next(column, column.ident, at))
            yield Page(proxy, store.encode(), "text/xml;charset=utf-8")

    def _next(self, column: Column, unit: str, page: int) -> str:
        name = quote(quote(self.site.name))
        return (
            f"/module/web/jpage/dataproxy.jsp?page={page}&appid=1&webid=78&path=/"
            f"&columnid={_number(column)}&unitid={unit}&webname={name}&permissiontype=0"
        )

    def _store(
        self,
        column: Column,
        lines: list[Line],
        unit: str,
        shape: Callable[[Column, Line], str],
        total: int = 0,
        count: int = 0,
    ) -> str:
        records = "\n".join(
            f"<record><![CDATA[\n{shape(column, one)}\n]]></record>" for one in lines
        )
        counts = (
            f"<totalrecord>{total}</totalrecord><totalpage>{count}</totalpage>\n" if count else ""
        )
        return (
            f'<datastore>\n<nextgroup><![CDATA[<a href="{self._next(column, unit, 1)}"></a>]]>'
            f"</nextgroup>\n{counts}<recordset>\n{records}\n</recordset>\n</datastore>"
        )

    def page(
        self, notice: SampleNotice, part: str = "", frame: str = "", url: str = "", **more: str
    ) -> Page:
        made = f"{notice.day:%Y-%m-%d} 17:20:41"
        article = notice.url.rpartition("_")[2].partition(".")[0]
        column = notice.url.rpartition("art_")[2].partition("_")[0]
        return super().page(
            notice, part, frame, url, made=made, number=column, article=article, **more
        )

    def notice_page(self, notice: SampleNotice) -> Page:
        return self.page(notice, "shandong_gxt.notice")

    def file_url(self, notice: SampleNotice, at: int) -> str:
        name = notice.attachments[at - 1].name
        end = suffix(notice, at)
        shown = quote(name if name.endswith("." + end) else f"{name}.{end}")
        file = f"{digits(notice.url + str(at))}.{end}"
        return urljoin(
            notice.url, f"/module/download/downfile.jsp?classid=0&showname={shown}&filename={file}"
        )

    def image_url(self, notice: SampleNotice, at: int) -> str:
        return urljoin(notice.url, f"/picture/0/{digits(f'{notice.url}image{at}')}.png")

    def file_pages(self, notice: SampleNotice) -> Iterator[Page]:
        """As elsewhere; one download in four leads on to the file's own place."""
        for page in super().file_pages(notice):
            file = parse_qs(urlsplit(page.url).query).get("filename", [""])[0]
            if file and page.status == 200 and number(page.url, 4) == 0:
                place = urljoin(page.url, f"/attach/0/{file}")
                yield Page(page.url, b"", status=302, headers=(("Location", place),))
                yield replace(page, url=place)
            else:
                yield page


def _number(column: Column) -> str:
    return column.url.rpartition("/col/col")[2].partition("/")[0]


def _href(column: Column, url: str) -> str:
    same = urlsplit(url)[:2] == urlsplit(column.url)[:2]
    return urlsplit(url).path if same else url


def _desktop_row(column: Column, one: Line) -> str:
    href = _href(column, one.url)
    if _number(column) not in {"15201", "15202", "15203"}:
        return _mobile_row(column, one)
    office = one.notice.source_line if one.notice else ""
    day = one.date
    return (
        f'<li><div class="time"><b>{day:%d}</b><i>{day:%Y-%m}</i></div><div class="text">'
        f'<h3><a href="{href}" title="{one.name}" target="_blank">{one.text}</a></h3>'
        f'<div class="bottom"><span>{day:%Y-%m-%d} {one.moment}</span><span>{office}</span></div>'
        "</div></li>"
    )


def _mobile_row(column: Column, one: Line) -> str:
    return (
        f'<li><a href="{_href(column, one.url)}" title="{one.name}" target="_blank">{one.text}</a>'
        f"<span>{one.date:%Y-%m-%d}</span></li>"
    )
