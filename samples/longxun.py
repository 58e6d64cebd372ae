"""The Longxun site: huaibei_jxj."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from samples.look import Line, Look, Page, digits, pages, suffix
from samples.notices import SampleNotice
from samples.sites import Column


@dataclass
class Huaibei(Look):
    """jxj.huaibei.gov.cn."""

    dresses: tuple[str, ...] = ("plain", "word", "lines")
    labels: tuple[tuple[str, str], ...] = (
        ("索引号", "index"),
        ("信息分类", "theme"),
        ("发布机构", "issuers"),
        ("生成日期", "written"),
        ("名称", "title"),
        ("文号", "number"),
        ("关键词", "words"),
        ("内容概述", "words"),
    )

    def list_pages(self, column: Column, lines: list[Line], night: int) -> Iterator[Page]:
        cut = pages(lines, column.size)
        for at, part in enumerate(cut, start=1):
            rows = []
            for place, one in enumerate(part):
                date = self.row_day(column, one)
                top = '<span class="top">置顶</span>' if one.pinned else ""
                href = urlsplit(one.url).path if self.site.host in one.url else one.url
                rows.append(
                    f'      <li>{top}<a href="{href}" target="_blank" title="{one.name}">{one.text}'
                    f'</a><span class="right date">{date}</span></li>\n'
                )
                if place % 5 == 4:
                    rows.append('      <li class="lm_line"></li>\n')
            url = _page(column, at)
            pager = "".join(
                f'<a href="{_page(column, n).rpartition("/")[2]}">{n}</a>'
                for n in range(1, len(cut) + 1)
                if n != at
            )
            yield self.list_page(
                column,
                url,
                "huaibei_jxj.list",
                night,
                part,
                rows="".join(rows),
                pager=pager,
                at=str(at),
                count=str(len(cut)),
            )

    def notice_page(self, notice: SampleNotice) -> Page:
        return self.page(notice, "huaibei_jxj.notice")

    def file_url(self, notice: SampleNotice, at: int) -> str:
        code = digits(notice.url + str(at), 24).upper()
        path = f"/group6/M00/{code[:2]}/{code[2:4]}/wKgB{code[4:]}.{suffix(notice, at)}"
        return urljoin(notice.url, path)

    def image_url(self, notice: SampleNotice, at: int) -> str:
        code = digits(f"{notice.url}image{at}", 24).upper()
        return urljoin(notice.url, f"/group6/M00/{code[:2]}/{code[2:4]}/wKgB{code[4:]}.png")


def _page(column: Column, at: int) -> str:
    """Page `at` (from 1) of the list: index.html, index_2.html, …"""
    return column.url if at == 1 else urljoin(column.url, f"index_{at}.html")
