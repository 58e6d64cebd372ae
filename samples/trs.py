"""The TRS sites: mee, beijing_jxj, chongqing_jjxxw, ningxia_gxt, shanxi_kjt, with the forms that
their 2019 addresses had (VSB at ningxia, jeecms at shanxi, plain at chongqing)."""

import re
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import urljoin, urlsplit

from samples.furniture import number
from samples.look import Line, Look, Page, digits, pages, stamp, suffix
from samples.notices import OldRow, SampleNotice
from samples.sites import Column

_TOP = '<i class="top">[置顶]</i>'


def row_href(base: str, url: str) -> str:
    """How a TRS list links a page: relative under its own folder, else absolute."""
    folder = urljoin(base, ".")
    if url.startswith(folder):
        return "./" + url.removeprefix(folder)
    here, there = urlsplit(base), urlsplit(url)
    if (here.scheme, here.netloc) == (there.scheme, there.netloc):
        return there.path
    return url


def page_url(column: Column, at: int) -> str:
    """Page `at` (from 0) of a TRS list: index.html, index_1.html, …"""
    if at == 0:
        return column.url
    folder = urljoin(column.url, ".")
    if column.layout == "zcwj":
        return f"{folder}index_{column.ident}_{at}.shtml"
    return f"{folder}index_{at}.html"


@dataclass
class Trs(Look):
    """What the TRS sites share: paging, and files beside the article."""

    def file_url(self, notice: SampleNotice, at: int) -> str:
        return re.sub(r"[^/]*$", f"P0{stamp(notice, at)}.{suffix(notice, at)}", notice.url, count=1)

    def list_pages(self, column: Column, lines: list[Line], night: int) -> Iterator[Page]:
        cut = pages(lines, column.size)
        for at, part in enumerate(cut):
            yield self.list_page(
                column,
                page_url(column, at),
                f"{self.site.key}.list",
                night,
                part,
                rows="".join(self.row(column, one) for one in part),
                count=str(len(cut)),
                at=str(at),
                total=str(len(lines)),
            )

    @abstractmethod
    def row(self, column: Column, one: Line) -> str:
        """One line of the list."""


@dataclass
class Mee(Trs):
    """www.mee.gov.cn."""

    labels: tuple[tuple[str, str], ...] = (
        ("名　　称", "title"),
        ("索 引 号", "index"),
        ("分　　类", "theme"),
        ("发布机关", "issuers"),
        ("生成日期", "written"),
        ("文　　号", "number"),
        ("主 题 词", "words"),
    )

    def list_pages(self, column: Column, lines: list[Line], night: int) -> Iterator[Page]:
        if column.layout == "block":
            yield self._block(column, lines, night)
        elif column.layout == "browser":
            rows = "".join(self.row(column, one) for one in lines)
            yield self.list_page(
                column, column.url, "mee.browser", night, lines, rows=rows, total=str(len(lines))
            )
        else:
            cut = pages(lines, column.size)
            for at, part in enumerate(cut):
                yield self.list_page(
                    column,
                    page_url(column, at),
                    "mee.list",
                    night,
                    part,
                    rows="".join(self.row(column, one) for one in part),
                    pager=_mee_pager(column, at, len(cut)),
                )

    def row(self, column: Column, one: Line) -> str:
        anchor = (
            f'<a href="{row_href(column.url, one.url)}" target="_blank" title="{one.name}">'
            f"{one.text}</a>"
        )
        date = f'<span class="date">{one.date:%Y-%m-%d}</span>'
        top = _TOP if one.pinned else ""
        if column.layout == "browser":
            return f'      <li data-v-7ba5bd90="">{anchor}{date}</li>\n'
        if column.layout == "zcwj":
            return f"              <li>{date}{top}{anchor}</li>\n"
        return f"              <li>{top}{anchor}{date}</li>\n"

    def _block(self, column: Column, lines: list[Line], night: int) -> Page:
        blocks = [
            "      <div>\n        <ul>\n"
            + "".join(
                f'          <li><span class="date">{date}</span><a class="cjcx_biaob" '
                f'href="./{folder}/2019{date[:2]}/t2019{date[:2]}{date[3:]}_73{2000 + 7 * at}'
                f'.shtml" target="_blank">{title}</a></li>\n'
                for at, (date, title) in enumerate(rows)
            )
            + "        </ul>\n      </div>\n"
            for folder, rows in _NEWS.items()
        ]
        ours = "".join(
            f'          <li><span class="date">{one.date:%Y-%m-%d}</span>'
            f'{_TOP if one.pinned else ""}<a class="cjcx_biaob" '
            f'href="{row_href(column.url, one.url)}" target="_blank" title="{one.name}">'
            f"{one.text}</a></li>\n"
            for one in lines[: column.size]
        )
        blocks.append(f"      <div>\n        <ul>\n{ours}        </ul>\n      </div>\n")
        return self.list_page(
            column, column.url, "mee.block", night, lines[: column.size], blocks="".join(blocks)
        )

    def notice_page(self, notice: SampleNotice) -> Page:
        url = notice.url.replace("http://", "https://")
        return self.page(notice, "mee.xxgk" if notice.header else "mee.notice", url=url)

    def redirects(self, notice: SampleNotice) -> Iterator[Page]:
        if notice.url.startswith("http://"):
            to = notice.url.replace("http://", "https://")
            yield Page(notice.url, b"", status=301, headers=(("Location", to),))

    def file_url(self, notice: SampleNotice, at: int) -> str:
        return super().file_url(notice, at).replace("http://", "https://")

    def facts(self, notice: SampleNotice) -> str:
        items = "".join(
            f'    <li class="xq{at}"><p class="p_bt">{label}</p><p class="p_nr">{value}</p></li>\n'
            for at, (label, value) in enumerate(self.fact_pairs(notice))
        )
        return f'  <ul class="clearfix">\n{items}  </ul>'


def _mee_pager(column: Column, at: int, count: int) -> str:
    if column.layout != "zcwj":
        return f'<script>createPageHTML({count}, {at}, "index", "html");</script>'
    return f"""<script language="javascript">
  var currentPage = {at};//所在页从0开始
  var prevPage = currentPage-1//上一页
  var nextPage = currentPage+1//下一页
  var countPage = {count}//共多少页
  if(nextPage<countPage){{
    document.write('<a href="index_{column.ident}_'+nextPage+'.shtml">下一页</a>');
  }}
</script>"""


_NEWS = {
    "hjywnews": (
        ("09-11", "部党组召开主题教育专题学习会"),
        ("09-10", "长三角秋冬季大气治理座谈会在杭州举行"),
        ("09-10", "部领导赴沿江三省调研磷石膏堆场整治"),
        ("09-09", "生态环境宣传工作会议部署下半年任务"),
    ),
    "xwfb": (
        ("09-11", "八月份全国城市空气质量状况发布"),
        ("09-09", "渤海入海排污口排查进入第三阶段"),
        ("09-06", "汽油质量抽查结果对外公布"),
        ("09-05", "清废行动移交线索办结近八成"),
    ),
    "lxfbh": (
        ("08-30", "八月例行新闻发布会图文实录"),
        ("07-30", "七月例行新闻发布会图文实录"),
        ("06-27", "六月例行新闻发布会图文实录"),
    ),
    "dfdt": (
        ("09-11", "浙江试行环境医院式企业服务"),
        ("09-10", "陕西开通秦岭视频巡护系统"),
        ("09-10", "广西近岸海域水质优良率上升"),
        ("09-06", "吉林查封两家违法倾倒点"),
    ),
    "mtjj": (
        ("09-11", "记者走进垃圾焚烧厂中控室"),
        ("09-10", "一条黑臭河道的三年账本"),
        ("09-09", "塑料吸管退场之后"),
    ),
}


@dataclass
class Beijing(Trs):
    """jxj.beijing.gov.cn."""

    labels: tuple[tuple[str, str], ...] = (
        ("索引号", "index"),
        ("主题分类", "theme"),
        ("发文机构", "issuers"),
        ("成文日期", "written"),
        ("发文字号", "number"),
        ("发布日期", "published"),
        ("有效性", "valid"),
    )

    def row(self, column: Column, one: Line) -> str:
        top = _TOP if one.pinned else ""
        return (
            f'        <li>{top}<a href="{row_href(column.url, one.url)}" title="{one.name}" '
            f'target="_blank">{one.text}</a><span class="date">[ {self.row_day(column, one)} ]'
            "</span></li>\n"
        )

    def notice_page(self, notice: SampleNotice) -> Page:
        today = "/t2019" in notice.url
        editor = "view TRS_UEDITOR trs_paper_default" if today else "TRS_Editor"
        return self.page(notice, "beijing_jxj.notice", editor=editor)


@dataclass
class Chongqing(Trs):
    """jjxxw.cq.gov.cn."""

    def list_pages(self, column: Column, lines: list[Line], night: int) -> Iterator[Page]:
        cut = pages(lines, column.size)
        for at, part in enumerate(cut):
            rows = "\n".join(self.row(column, one) for one in part)
            if column.layout == "list":
                box = f'      <div class="list">\n{rows}\n      </div>'
            else:
                box = (
                    f'      <div class="tab"><a class="on">{column.name}</a><a>失效文件</a></div>\n'
                    f'      <div class="item on">\n{rows}\n      </div>\n'
                    f'      <div class="item" style="display:none">\n{_cancelled(self.old)}\n'
                    "      </div>"
                )
            yield self.list_page(
                column,
                page_url(column, at),
                "chongqing_jjxxw.list",
                night,
                part,
                rows=box,
                count=str(len(cut)),
                at=str(at),
            )

    def row(self, column: Column, one: Line) -> str:
        top = _TOP if one.pinned else ""
        anchor = (
            f'<a href="{row_href(column.url, one.url)}" target="_blank">'
            f'<p title="{one.name}">{one.text}</p><span>{one.date:%Y-%m-%d}</span></a>'
        )
        if column.layout == "list":
            return f"        {top}{anchor}"
        return f'        <div class="li-8">{top}{anchor}</div>'

    def notice_page(self, notice: SampleNotice) -> Page:
        if "/main/" in notice.url:
            return self.page(replace(notice, header=False), frame="chongqing_old")
        return self.page(notice, "chongqing_jjxxw.notice")

    def facts(self, notice: SampleNotice) -> str:
        pairs = self.fact_pairs(notice)
        lines = "".join(
            f'      <tr><td class="t">[ {label} ]</td><td class="v">{value}</td></tr>\n'
            for label, value in pairs
        )
        return f'    <table class="zwxl-table xxgk">\n{lines}    </table>'


def _cancelled(old: list[OldRow]) -> str:
    rows = [row for row in old if "zcwj" in row.url][-2:]
    return "\n".join(
        f'        <div class="li-8"><a href="{row.url}"><p>{escape(row.title, quote=False)}（失效）'
        f"</p><span>{row.date:%Y-%m-%d}</span></a></div>"
        for row in rows
    )


@dataclass
class Ningxia(Trs):
    """gxt.nx.gov.cn: redesigned between the two nights."""

    joint: str = " "

    def list_pages(self, column: Column, lines: list[Line], night: int) -> Iterator[Page]:
        template = "ningxia_new.list" if self.redesigned else "ningxia_gxt.list"
        cut = pages(lines, column.size)
        for at, part in enumerate(cut):
            shape = _card if self.redesigned else self.row
            yield self.list_page(
                column,
                page_url(column, at),
                template,
                night,
                part,
                rows="".join(shape(column, one) for one in part),
                count=str(len(cut)),
                at=str(at),
                total=str(len(lines)),
            )

    def row(self, column: Column, one: Line) -> str:
        top = _TOP if one.pinned else ""
        return (
            f'      <li>{top}<a href="{row_href(column.url, one.url)}" title="{one.name}">'
            f"{one.text}</a><span>{self.row_day(column, one)}</span></li>\n"
        )

    def notice_page(self, notice: SampleNotice) -> Page:
        if "/info/" in notice.url:
            return self.page(notice, frame="ningxia_vsb")
        if self.redesigned:
            return self.page(notice, "ningxia_new.notice", "ningxia_new")
        return self.page(notice, "ningxia_gxt.notice")

    def file_url(self, notice: SampleNotice, at: int) -> str:
        if "/info/" in notice.url:
            file = number(notice.url + str(at), 10**7)
            query = f"urltype=news.DownloadAttachUrl&owner=1372114085&wbfileid={file}"
            return urljoin(notice.url, f"/system/_content/download.jsp?{query}")
        return super().file_url(notice, at)

    def image_url(self, notice: SampleNotice, at: int) -> str:
        if "/info/" in notice.url:
            return urljoin(notice.url, f"/__local/{digits(notice.url + str(at)).upper()}.png")
        return super().image_url(notice, at)


def _card(column: Column, one: Line) -> str:
    there = urlsplit(one.url)
    same = there.netloc == urlsplit(column.url).netloc and there.scheme == "https"
    day = one.date
    return (
        f'  <article class="card">\n    <time datetime="{day}">{day.year}年{day.month}月{day.day}日'
        f'</time>\n    <h4><a href="{there.path if same else one.url}">'
        f"{escape(one.title, quote=False)}</a></h4>\n  </article>\n"
    )


@dataclass
class Shanxi(Trs):
    """kjt.shanxi.gov.cn: its list shows no dates."""

    def row(self, column: Column, one: Line) -> str:
        cut = f' title="{one.name}"' if one.shown else ""
        top = _TOP if one.pinned else ""
        return (
            f'      <li>{top}<a href="{row_href(column.url, one.url)}" target="_blank"{cut}>'
            f"{one.text}</a></li>\n"
        )

    def notice_page(self, notice: SampleNotice) -> Page:
        if notice.url.endswith(".jhtml"):
            return self.page(notice, frame="shanxi_jeecms")
        return self.page(notice, "shanxi_kjt.notice")

    def file_url(self, notice: SampleNotice, at: int) -> str:
        if notice.url.endswith(".jhtml"):
            name = f"{stamp(notice, at)[8:14]}{digits(notice.url + str(at), 4)}"
            path = f"/u/cms/www/{notice.day:%Y%m}/{name}.{suffix(notice, at)}"
            return urljoin(notice.url, path)
        return super().file_url(notice, at)
