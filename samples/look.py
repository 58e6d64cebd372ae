"""What every site's look shares: templates, the body's markup, meta tags, pages, their bytes."""

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from samples import furniture
from samples.files import MEDIA, make, pdf, png
from samples.furniture import number
from samples.notices import NIGHTS, Image, Link, OldRow, Para, SampleNotice, Table
from samples.sites import COLUMNS, Column, Site

TEMPLATE_DAY = dt.date(2019, 9, 2)  # when a page that holds no rows itself last changed
_LOOKS = Path(__file__).with_name("looks")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a server."""

    url: str
    body: bytes
    content_type: str = "text/html"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list as a look shows it."""

    url: str
    title: str
    date: dt.date
    shown: str = ""  # the anchor's text when it is cut
    pinned: bool = False
    moment: str = ""  # the row's hour and minute, where the platform shows them
    notice: SampleNotice | None = None

    @property
    def text(self) -> str:
        """The anchor's text, escaped."""
        return escape(self.shown or self.title, quote=False)

    @property
    def name(self) -> str:
        """The whole title, escaped for an attribute."""
        return escape(self.title)


def line(row: SampleNotice | OldRow) -> Line:
    """The list's line of a notice, or of an old row."""
    hour = number(row.url, 9)
    moment = f"{9 + hour:02d}:{number(row.url + 'm', 60):02d}"
    if isinstance(row, OldRow):
        return Line(row.url, row.title, row.date, moment=moment)
    if isinstance(row.published, dt.datetime):
        moment = f"{row.published:%H:%M}"
    return Line(row.url, row.title, row.day, row.row_title, row.pinned, moment, row)


def fill(template: str, **slots: str) -> str:
    """samples/looks/<template>.html with every {{slot}} filled; KeyError names a missing one."""
    text = (_LOOKS / f"{template}.html").read_text("utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda found: slots[found[1]], text)


@dataclass(frozen=True, slots=True)
class Dress:
    """How an editor's paragraphs look in HTML: templates with one %s."""

    para: str
    heading: str
    sign: str
    centred: str
    table: str = '<table border="1" cellspacing="0" cellpadding="0" width="96%">'
    broken: bool = False  # one block, the lines parted by <br>
    spans: bool = False  # digits and Latin letters in spans of their own, as Word leaves them


DRESSES = {
    "trs": Dress(
        '<p style="text-align: justify;">　　%s</p>',
        '<p style="text-align: justify;">　　<strong>%s</strong></p>',
        '<p style="text-align: right;">%s　　</p>',
        '<p style="text-align: center;">%s</p>',
    ),
    "plain": Dress(
        '<p style="text-indent: 2em;">%s</p>',
        '<p style="text-indent: 2em;"><b>%s</b></p>',
        '<p align="right">%s</p>',
        '<p align="center">%s</p>',
    ),
    "word": Dress(
        '<p class="MsoNormal" style="text-indent:32.0pt;line-height:28.0pt;"><span style="'
        'font-family:仿宋_GB2312;font-size:16pt;">%s</span></p>',
        '<p class="MsoNormal" style="text-indent:32.0pt;line-height:28.0pt;"><span style="'
        'font-family:黑体;font-size:16pt;">%s<o:p></o:p></span></p>',
        '<p class="MsoNormal" align="right" style="margin-right:64.0pt;text-align:right;">'
        '<span style="font-family:仿宋_GB2312;font-size:16pt;">%s</span></p>',
        '<p class="MsoNormal" align="center" style="text-align:center;"><span style="'
        'font-family:仿宋_GB2312;font-size:16pt;">%s</span></p>',
        '<table class="MsoTableGrid" border="1" cellspacing="0" style="border-collapse:collapse;">',
        spans=True,
    ),
    "div": Dress(
        "<div>　　%s</div>",
        "<div>　　<b>%s</b></div>",
        '<div align="right">%s</div>',
        '<div align="center">%s</div>',
        '<table style="width:100%;border-collapse:collapse" border="1">',
    ),
    "old": Dress(
        '<P style="TEXT-INDENT: 2em"><FONT face=宋体 size=3>%s</FONT></P>',
        '<P style="TEXT-INDENT: 2em"><STRONG><FONT face=宋体 size=3>%s</FONT></STRONG></P>',
        "<P align=right><FONT face=宋体 size=3>%s</FONT></P>",
        "<P align=center><FONT face=宋体 size=3>%s</FONT></P>",
        "<TABLE borderColor=#000000 cellSpacing=0 cellPadding=2 width=600 border=1>",
    ),
    "lines": Dress(
        "&nbsp;&nbsp;&nbsp;&nbsp;%s",
        "&nbsp;&nbsp;&nbsp;&nbsp;<b>%s</b>",
        "&nbsp;" * 40 + "%s",
        "<center>%s</center>",
        broken=True,
    ),
}


@dataclass
class Look(ABC):
    """A site's markup. A subclass says how lists and notices look and where files lie."""

    site: Site
    old: list[OldRow]  # the site's older rows: related reading is taken from them
    short: frozenset[str] = frozenset()  # columns whose list leaves the current year out
    redesigned: bool = False
    dresses: tuple[str, ...] = ("trs", "word", "plain")  # one is taken by the notice's address
    joint: str = "、"  # what parts several agencies in one cell
    labels: tuple[tuple[str, str], ...] = (  # the 信息公开 header: label, fact
        ("索 引 号", "index"),
        ("主题分类", "theme"),
        ("发布机构", "issuers"),
        ("成文日期", "written"),
        ("名　　称", "title"),
        ("文　　号", "number"),
        ("发布日期", "published"),
        ("有 效 性", "valid"),
    )

    @abstractmethod
    def list_pages(self, column: Column, lines: list[Line], night: int) -> Iterator[Page]:
        """Every answer a crawl may ask for this column, page 1 first."""

    @abstractmethod
    def notice_page(self, notice: SampleNotice) -> Page:
        """The page of a notice."""

    @abstractmethod
    def file_url(self, notice: SampleNotice, at: int) -> str:
        """The absolute address of attachment `at` (from 1)."""

    def image_url(self, notice: SampleNotice, at: int) -> str:
        """The absolute address of body image `at` (from 1)."""
        return re.sub(r"[^/]*$", f"W0{stamp(notice, 90 + at)}.png", notice.url, count=1)

    def redirects(self, notice: SampleNotice) -> Iterator[Page]:
        """Answers that lead to another address of the same thing."""
        yield from ()

    # what subclasses use

    def row_day(self, column: Column, one: Line) -> str:
        """The row's date as its list prints it."""
        short = column.name in self.short and one.date.year == NIGHTS[1].year
        return f"{one.date:%m-%d}" if short else f"{one.date:%Y-%m-%d}"

    def frame(self, template: str, charset: str = "utf-8", /, **slots: str) -> str:
        """A whole page: the site's frame around its parts."""
        site = self.site
        return fill(
            template,
            charset=charset,
            **{
                "style": furniture.style(site),
                "site": site.name,
                "menu": furniture.menu(site),
                "mega": furniture.menu(site, mega=True),
                "links": furniture.friend_links(site),
                "words": furniture.hot_words("/search/?q="),
                "footer": furniture.footer(site),
            }
            | slots,
        )

    def list_page(
        self, column: Column, url: str, template: str, night: int, lines: list[Line], **slots: str
    ) -> Page:
        """A list page with its validators. They hang on the bytes only, so that a list that did
        not change answers 304 to the validators of the night before."""
        section, up = self.section(column)
        slots |= {
            "site": self.site.name,
            "title": column.name,
            "meta": self.column_meta(column),
            "pagetype": "列表页",
            "column": column.name,
            "section": section,
            "up": up,
            "here": column.url,
            "topics": self.topics(),
            "siblings": self.siblings(column),
        }
        body = self.frame(template.split(".")[0], main=fill(template, **slots), **slots).encode()
        # A list without rows of its own is as old as its template; a new template is of tonight.
        days = [min(one.date, NIGHTS[night]) for one in lines] or [TEMPLATE_DAY]
        changed = NIGHTS[night] if self.redesigned else max(days)
        made = validators(body, column.validators, changed)
        return Page(url, body, self.site.content_type, headers=made)

    def section(self, column: Column) -> tuple[str, str]:
        """The menu entry over a column: its name and path."""
        path = urlsplit(column.url).path
        for name, start, children in self.site.menu:
            if column.name in children or (start != "/" and path.startswith(start)):
                return name, start
        return "政务公开", "/zwgk/"

    def column_meta(self, column: Column) -> str:
        """The meta tags of a column page."""
        entries = {
            "SiteName": self.site.name,
            "SiteDomain": self.site.host,
            "SiteIDCode": self.site.code,
            "ColumnName": column.name,
            "ColumnDescription": f"{self.site.name}{column.name}",
            "ColumnKeywords": column.name,
            "ColumnType": column.name,
        }
        return "\n".join(
            f'<meta name="{name}" content="{value}">' for name, value in entries.items()
        )

    def topics(self) -> str:
        """Links to topic pages, beside a list: no dates, no articles."""
        return "".join(
            f'        <li><a href="/ztzl/zt{number(self.site.key + word, 900) + 100}/">'
            f"“{word}”专题</a></li>\n"
            for word in furniture.HOT_WORDS
        )

    def siblings(self, column: Column) -> str:
        """The side menu: the site's other columns."""
        here = urlsplit(column.url).netloc
        links = [
            (other, urlsplit(other.url).path if urlsplit(other.url).netloc == here else other.url)
            for other in self.site.columns
        ]
        return "".join(
            f'        <li{" class=on" if other is column else ""}><a href="{href}">{other.name}</a>'
            "</li>\n"
            for other, href in links
        )

    def related(self, notice: SampleNotice) -> str:
        """Related reading under a text: five older rows."""
        start = number(notice.url, max(len(self.old) - 5, 1))
        return "".join(
            f'      <li><a href="{row.url}" target="_blank">{escape(row.title, quote=False)}</a>'
            f"<span>{row.date:%Y-%m-%d}</span></li>\n"
            for row in self.old[start : start + 5]
        )

    def page(
        self, notice: SampleNotice, part: str = "", frame: str = "", url: str = "", **more: str
    ) -> Page:
        """A notice page with the planted charset faults, if any. `part` is the template of what
        stands inside `frame`; without it the frame is the whole page."""
        site, column = self.site, COLUMNS[notice.source, notice.columns[0]]
        charset, encoding, content_type = "utf-8", "utf-8", site.content_type
        if "gbk-labelled-utf8" in notice.traits:
            encoding = "gb18030"
        if "utf8-labelled-gbk" in notice.traits:
            charset = "gb2312"
            content_type = re.sub("utf-8", "GBK", content_type, flags=re.I)
        section, up = self.section(column)
        source = escape(notice.source_line, quote=False)
        slots = {
            "site": site.name,
            "scripts": furniture.page_scripts(site, notice.url),
            "title": escape(notice.title, quote=False),
            "meta": self.meta(notice),
            "share": furniture.share(number(site.key, 2)),
            "facts": self.facts(notice) if notice.header else "",
            "date": self.shown_date(notice),
            "source": source,
            "sourced": f"来源：{source}" if source else "",
            "body": self.body(notice),
            "tail": self.tail(notice),
            "related": self.related(notice),
            "column": column.name,
            "section": section,
            "up": up,
            "here": column.url,
            "pagetype": "文章页",
        } | more
        slots["main"] = fill(part, **slots) if part else ""
        text = self.frame(frame or site.key, charset, **slots)
        changed = http_date(stamp_time(notice.url, notice.day))
        dynamic = site.server.startswith("Apache")  # JSP pages carry no validator
        headers = () if dynamic else (("Last-Modified", changed),)
        return Page(url or notice.url, text.encode(encoding), content_type, headers=headers)

    def meta(self, notice: SampleNotice) -> str:
        """The standard meta tags (国办发〔2017〕47号), where the platform writes them."""
        entries = {
            "SiteName": self.site.name,
            "SiteDomain": self.site.host,
            "SiteIDCode": self.site.code,
            "ColumnName": notice.columns[0],
            "ColumnType": notice.columns[0],
            "ArticleTitle": notice.title,
            "PubDate": self.meta_date(notice),
            "ContentSource": notice.source_line,
            "Keywords": "",
            "Author": "",
            "Url": notice.url,
        }
        return "\n".join(
            f'<meta name="{name}" content="{escape(value)}">' for name, value in entries.items()
        )

    def meta_date(self, notice: SampleNotice) -> str:
        """PubDate: the shown date, save on a page planted to disagree."""
        if notice.meta_date:
            return f"{notice.meta_date:%Y-%m-%d}"
        if "disagreeing-dates" in notice.traits:
            return f"{notice.published - dt.timedelta(days=1):%Y-%m-%d}"
        return printed(notice.published)

    def shown_date(self, notice: SampleNotice) -> str:
        """The publication date in the line under the title."""
        return printed(notice.published)

    def fact_pairs(self, notice: SampleNotice) -> list[tuple[str, str]]:
        """The 信息公开 header: labels with their cells."""
        values = {
            "index": self.index_number(notice),
            "theme": "工业、交通、信息产业",
            "issuers": self.joint.join(notice.issuers),
            "written": f"{notice.written:%Y-%m-%d}" if notice.written else "",
            "title": notice.title,
            "number": notice.doc_number or "",
            "published": printed(notice.published),
            "valid": "有效",
            "words": "",
        }
        return [(label, escape(values[name], quote=False)) for label, name in self.labels]

    def index_number(self, notice: SampleNotice) -> str:
        """索引号: an index code, no 文号."""
        return f"{number(self.site.key, 10**9):09d}/2019-{number(notice.url, 10**5):05d}"

    def facts(self, notice: SampleNotice) -> str:
        """The header as a table, two pairs a line; a look may set it otherwise."""
        pairs = self.fact_pairs(notice)
        lines = []
        for at in range(0, len(pairs), 2):
            cells = "".join(
                f'<td class="t">{label}：</td><td class="v">{value}</td>'
                for label, value in pairs[at : at + 2]
            )
            lines.append(f"  <tr>{cells}</tr>")
        return '<table class="xxgk" width="100%">\n' + "\n".join(lines) + "\n</table>"

    def body(self, notice: SampleNotice) -> str:
        """The body's HTML."""
        dress = DRESSES[self.dresses[number(notice.url, len(self.dresses))]]
        parts: list[str] = []
        if notice.doc_number and notice.doc_number != "无" and notice.number_in_text:
            parts.append(dress.centred % _runs(notice.doc_number, dress))
        if notice.body_pdf:
            parts.append(self.embedded(notice))
        images = 0
        blocks = list(notice.blocks)
        single = len(notice.attachments) == 1
        led = False
        for at, block in enumerate(blocks):
            after = blocks[at + 1] if at + 1 < len(blocks) else None
            if isinstance(block, Para):
                led = re.fullmatch(r"附\s*件[：:]?", block.text) is not None
                if not (led and single and isinstance(after, Link)):
                    parts.append(_para(block, dress))
            elif isinstance(block, Table):
                parts.append(table(block, dress))
            elif isinstance(block, Image):
                images += 1
                source = self.href(notice, self.image_url(notice, images))
                image = f'<img src="{source}" alt="" title="{escape(block.name)}.png" />'
                parts.append(dress.centred % image)
            else:
                parts.append(dress.para % self._anchor_line(notice, block, single, led))
        if dress.broken:
            return "<p>" + "<br />\n".join(parts) + "</p>"
        return "\n".join(parts)

    def _anchor_line(self, notice: SampleNotice, block: Link, single: bool, led: bool) -> str:
        anchor = self.anchor(notice, block.number)
        if single:
            return f"附件：{anchor}"
        return f"{block.number}. {anchor}" if led or block.number > 1 else f"附件：1. {anchor}"

    def anchor(self, notice: SampleNotice, at: int) -> str:
        """The anchor of attachment `at`; its text is the name."""
        href = escape(self.href(notice, self.file_url(notice, at)))
        name = escape(notice.attachments[at - 1].name, quote=False)
        return f'<a href="{href}" target="_blank">{name}</a>'

    def href(self, notice: SampleNotice, url: str) -> str:
        """How the page writes an address: relative in the same folder, else from the root."""
        folder = urljoin(notice.url, ".")
        if url.startswith(folder):
            return "./" + url.removeprefix(folder)
        parts = urlsplit(url)
        if parts.netloc != urlsplit(notice.url).netloc:
            return url
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def embedded(self, notice: SampleNotice) -> str:
        """A body that is one PDF: a frame that shows it, and the link."""
        source = escape(self.href(notice, self.file_url(notice, 1)))
        frame = f'<p><iframe src="{source}" width="100%" height="900" frameborder="0"></iframe></p>'
        link = f'<p style="text-align:center">{self.anchor(notice, 1)}</p>'
        return link if number(notice.url, 2) else f"{frame}\n{link}"

    def tail(self, notice: SampleNotice) -> str:
        """The attachments that the body does not place itself."""
        placed = {block.number for block in notice.blocks if isinstance(block, Link)}
        if notice.body_pdf:
            placed.add(1)
        rest = [at for at in range(1, len(notice.attachments) + 1) if at not in placed]
        if not rest:
            return ""
        items = "".join(f"<li>{self.anchor(notice, at)}</li>" for at in rest)
        return f'<div class="fujian"><h5>附件下载</h5><ul>{items}</ul></div>'

    def file_pages(self, notice: SampleNotice) -> Iterator[Page]:
        """The answers for attachments, images and, for a direct row, the file itself."""
        if notice.direct:
            body = pdf([notice.title, *notice.paragraphs])
            yield Page(notice.url, body, MEDIA["pdf"])
        for at, attachment in enumerate(notice.attachments, start=1):
            url = self.file_url(notice, at)
            if attachment.kind == "broken":
                yield Page(url, error_page("404", "您访问的页面不存在"), "text/html", 404)
            elif attachment.kind == "html-as-doc":
                page = error_page("系统提示", "文件不存在或已被移除，请联系管理员")
                yield Page(url, page, MEDIA["doc"])
            else:
                body = make(attachment.kind, attachment.name, attachment.about)
                yield Page(url, body, MEDIA[attachment.kind])
        images = [block for block in notice.blocks if isinstance(block, Image)]
        for at, image in enumerate(images, start=1):
            body = png(number(notice.url + image.name, 1000))
            yield Page(self.image_url(notice, at), body, "image/png")


def suffix(notice: SampleNotice, at: int) -> str:
    """The file name's ending of attachment `at`."""
    kind = notice.attachments[at - 1].kind
    return {"html-as-doc": "doc", "broken": "doc"}.get(kind, kind)


def stamp(notice: SampleNotice, at: int) -> str:
    """The 18 digits of a TRS file name: a moment and a serial."""
    seed = f"{notice.url}{at}"
    day = f"{notice.day:%Y%m%d}"
    clock = f"{8 + number(seed, 10):02d}{number(seed + 'm', 60):02d}{number(seed + 's', 60):02d}"
    return f"{day}{clock}{number(seed + 'x', 10**4):04d}"


def digits(seed: str, length: int = 32) -> str:
    """Hex digits for `seed`."""
    return sha256(seed.encode()).hexdigest()[:length]


def printed(moment: dt.date | dt.datetime) -> str:
    """A date, with the hour and minute only when it has them."""
    if isinstance(moment, dt.datetime):
        return f"{moment:%Y-%m-%d %H:%M}"
    return f"{moment:%Y-%m-%d}"


def _runs(text: str, dress: Dress) -> str:
    safe = escape(text, quote=False)
    if not dress.spans:
        return safe
    return re.sub(r"[0-9A-Za-z.%-]+(?![^&<]*;)", r'<span lang="EN-US">\g<0></span>', safe)


def _para(block: Para, dress: Dress) -> str:
    shape = dress.sign if block.sign else dress.heading if block.heading else dress.para
    return shape % _runs(block.text, dress)


def table(block: Table, dress: Dress) -> str:
    """The table with its merges as rowspan and colspan."""
    out = [dress.table, "<tbody>"]
    for at, cells in enumerate(block.lines):
        out.append("<tr>")
        for column, cell in enumerate(cells):
            if cell in {"^", "<"}:
                continue
            wide = 1
            while column + wide < len(cells) and cells[column + wide] == "<":
                wide += 1
            high = 1
            while at + high < len(block.lines) and block.lines[at + high][column] == "^":
                high += 1
            spans = (f' colspan="{wide}"' if wide > 1 else "") + (
                f' rowspan="{high}"' if high > 1 else ""
            )
            text = _runs(cell, dress)
            inner = f"<strong>{text}</strong>" if at == 0 else text
            out.append(f'<td{spans} align="center"><p>{inner}</p></td>')
        out.append("</tr>")
    return "\n".join([*out, "</tbody>", "</table>"])


def validators(body: bytes, wanted: str, day: dt.date) -> tuple[tuple[str, str], ...]:
    """ETag and Last-Modified of a list that changed on `day`, at an hour given by its bytes."""
    changed = stamp_time(sha256(body).hexdigest(), day)
    tags = {
        "modified": ("Last-Modified", http_date(changed)),
        "etag": ("ETag", f'"{int(changed.timestamp()):x}-{len(body):x}"'),
    }
    return tuple(tags[name] for name in wanted.split("+") if name)


def stamp_time(seed: str, day: dt.date) -> dt.datetime:
    """A moment of that working day, in UTC."""
    seconds = number(seed, 9 * 3600)  # midnight UTC is 08:00 in Beijing
    return dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(seconds=seconds)


def http_date(moment: dt.datetime) -> str:
    """The form of Date and Last-Modified, in English whatever the locale."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return (
        f"{days[moment.weekday()]}, {moment:%d} {months[moment.month - 1]} {moment:%Y %H:%M:%S} GMT"
    )


def error_page(title: str, words: str) -> bytes:
    """A server's short error page."""
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f'<body><h1>{title}</h1><p>{words}</p><hr><a href="/">返回首页</a></body></html>\n'
    ).encode()


def pages(items: list[Line], size: int) -> list[list[Line]]:
    """The lines cut into pages."""
    return [items[at : at + size] for at in range(0, len(items), size)] or [[]]
