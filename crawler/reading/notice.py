"""One notice page -> a Notice: every fact with where it was read, disagreements as problems."""

import datetime as dt
from dataclasses import dataclass

from lxml.html import HtmlElement
from scrapy.http import TextResponse

from crawler.notice import Attachment, AttachmentKind, Notice, Problem, Row
from crawler.reading import READER_VERSION
from crawler.reading.addresses import absolute, base_of, identity
from crawler.reading.attachments import read_attachments, selected_attachments
from crawler.reading.body import (
    SHORT,
    Body,
    around,
    body_html,
    body_images,
    read_body,
)
from crawler.reading.dates import DateError, day_of, moment_of, parse_date
from crawler.reading.doc_number import number_of_file, read_doc_number
from crawler.reading.header_table import HeaderTable, read_header_table
from crawler.reading.issuers import read_issuers
from crawler.reading.lines import Line, fold, read_lines, root_of, text_of, tidy
from crawler.reading.meta import read_meta
from crawler.reading.period import read_period
from crawler.reading.published import info_line, read_published
from crawler.reading.signature import read_signature
from crawler.reading.title import read_title


class NoPage(ValueError):
    """A response that holds no page to read a notice from: no markup, no text."""


@dataclass(frozen=True, slots=True)
class Selectors:
    """What a spider or platform says of its pages; CSS, or XPath when it begins with `/` or `.//`.

    None: the generic reader. A selector that finds nothing leaves the fact to the generic reader
    and says so as a problem `selector.empty`."""

    title: str | None = None
    body: str | None = None
    published: str | None = None
    doc_number: str | None = None
    issuers: str | None = None
    attachments: str | None = None


GENERIC = Selectors()


def read_notice(
    response: TextResponse,
    row: Row | None,
    *,
    now: dt.datetime,
    selectors: Selectors = GENERIC,
    source: str = "",
    column: str = "",
) -> Notice:
    """The notice on one page: the first block of Notice, with evidence and problems.

    `row` is the list's line, `now` the night's clock. Raises NoPage when the response holds no
    markup at all; a page without a title or body gives a Notice with those empty."""
    return _Reading(response, row, now, selectors).notice(source, column)


class _Reading:
    def __init__(
        self, response: TextResponse, row: Row | None, now: dt.datetime, selectors: Selectors
    ) -> None:
        self.response = response
        self.row = row
        self.now = now
        self.selectors = selectors
        self.problems: list[Problem] = []
        self.evidence: dict[str, str] = {}
        root = root_of(response)
        if root is None:
            raise NoPage(f"no page to read: {response.url}")
        self.root: HtmlElement = root
        self.base = base_of(response)

    def notice(self, source: str, column: str) -> Notice:
        now, row = self.now, self.row
        meta = read_meta(self.root)
        lines = read_lines(self.root)
        table = read_header_table(lines)
        selected = self._text("title")
        title = read_title(meta, lines, table, None, selected, self.row_title)
        info = info_line(lines, table, title.after)
        if info is not None:  # the title that stands by the info line, not one in the path
            title = read_title(meta, lines, table, info, selected, self.row_title)
        chosen = self._elements("body")
        body = read_body(self.root, lines, table, (title.first, title.after), info, chosen)
        if not body.lines and not body.elements:
            everything = read_lines(self.root, with_hidden=True)
            if len(everything) > len(lines):  # a page that shows its text by script
                lines = everything
                body = read_body(self.root, lines, HeaderTable(), (None, None), None, chosen)
        text = body.text
        outside = around(lines, body)
        attachments = self._attachments(lines, body)
        files = [x for x in attachments if x.kind is AttachmentKind.FILE]
        published = read_published(
            meta,
            table,
            lines,
            info,
            self.response.url,
            now,
            self._text("published"),
            row.date if row is not None else None,
        )
        signature = read_signature(body.lines)
        number = read_doc_number(table, title.text, body.lines, outside, self._text("doc_number"))
        if not number.number and _says_nothing(body, files):
            number = number_of_file([x.name for x in files], title.text)
        info_text = lines[info].text if info is not None and info < len(lines) else ""
        info_near = " ".join(x.text for x in lines[info : info + 3]) if info is not None else ""
        issuers = read_issuers(
            table,
            signature.issuers,
            title.text,
            body.lines,
            meta,
            info_near or info_text,
            self._text("issuers"),
        )
        written = self._written(table, signature.written)
        day = written or (day_of(published.value) if published.value else None)
        period = read_period(text.split("\n"), day, title.text)
        notice = Notice(
            source=source,
            column=column,
            url=self.response.url,
            address=row.address if row is not None else identity(self.response.url),
            title=title.text,
            published=moment_of(published.value) if published.value is not None else None,
            written=written,
            doc_number=number.number,
            doc_number_printed=tidy(number.printed),
            issuers=issuers.names,
            index_number=table.values.get("index_number", ""),
            period=period,
            html=body_html(body, self.base),
            text=text,
            attachments=attachments,
            row_title=row.title if row is not None else "",
            row_date=row.date if row is not None else None,
            reader=READER_VERSION,
        )
        self._say("title", title.evidence, notice.title)
        self._say("published", published.evidence, notice.published)
        self._say("doc_number", number.evidence, notice.doc_number)
        self._say("issuers", issuers.evidence, notice.issuers)
        self._say("index_number", "table", notice.index_number)
        self._say("body", body.evidence, notice.text or notice.html)
        self._say("period", "body", period)
        self._check_title(meta.title, title.text)
        for where, other in published.others:
            shown = day_of(published.value) if published.value else ""
            self._problem("date.disagree", f"页面日期是 {shown}，{_place(where)}是 {other}。")
        if number.other:
            self._problem(
                "number.disagree", f"文号是 {number.number}，另一处写的是 {number.other}。"
            )
        self._check_text(body, files)
        notice.evidence, notice.problems = self.evidence, self.problems
        return notice

    def _say(self, name: str, where: str, fact: object) -> None:
        if fact:
            self.evidence[name] = where

    def _problem(self, code: str, detail: str) -> None:
        self.problems.append(Problem(code, detail))

    def _elements(self, name: str) -> list[HtmlElement]:
        selector: str | None = getattr(self.selectors, name)
        if not selector:
            return []
        xpath = selector.startswith(("/", "./", "("))
        chosen = self.response.xpath(selector) if xpath else self.response.css(selector)
        found = [x.root for x in chosen if isinstance(x.root, HtmlElement)]
        if not found:
            self._problem("selector.empty", f"选择器 {selector} 在页面上没有找到内容。")
        return found

    def _text(self, name: str) -> str:
        elements = self._elements(name)
        return text_of(elements[0]) if elements else ""

    def _written(self, table: HeaderTable, signed: dt.date | None) -> dt.date | None:
        stated: dt.date | None = None
        if "written" in table.values:
            try:
                stated = day_of(parse_date(table.values["written"], self.now))
            except DateError:
                self._problem(
                    "date.unreadable", f"成文日期“{table.values['written'][:40]}”无法识别。"
                )
        if stated is not None:
            self._say("written", f"table {table.labels['written']}", stated)
            if signed is not None and signed != stated:
                self._problem("date.disagree", f"成文日期是 {stated}，落款日期是 {signed}。")
            return stated
        self._say("written", "signature", signed)
        return signed

    def _attachments(self, lines: list[Line], body: Body) -> list[Attachment]:
        chosen = self._elements("attachments")
        near = [*body.lines, *body.dropped, *around(lines, body, after_only=True)]
        near.sort(key=lambda line: line.index)
        found = selected_attachments(chosen, self.base) if chosen else []
        seen = {x.address for x in found}
        found += [x for x in read_attachments(near, self.base) if x.address not in seen]
        for image in body_images(*body.elements):
            url = absolute(self.base, image.get("src") or "")
            address = identity(url)
            if address and address not in {x.address for x in found}:
                name = tidy(image.get("alt") or image.get("title") or "")
                name = name or address.split("?")[0].rsplit("/", 1)[-1]
                found.append(Attachment(url, address, name, AttachmentKind.IMAGE))
        return found

    def _check_title(self, declared: str, title: str) -> None:
        for where, other in (("页面声明的", declared), ("列表上的", self.row_title)):
            a, b = fold(other).rstrip(".…"), fold(title)
            if a and b and a not in b and b not in a:
                self._problem("title.differs", f"标题是“{title}”，{where}标题是“{other}”。")

    @property
    def row_title(self) -> str:
        return self.row.title if self.row is not None else ""

    def _check_text(self, body: Body, files: list[Attachment]) -> None:
        if not _says_nothing(body, files):
            return
        where = ""
        for element in body.elements:
            if any(True for _ in element.iter("iframe", "embed", "object")):
                where = "嵌入的页面或文件"
        if body_images(*body.elements):
            where = "图片"
        if files:
            where = f"附件“{files[0].name}”"
        if where:
            self._problem("text.elsewhere", f"页面上没有正文，正文在{where}里。")
        else:
            self._problem("text.missing", "页面上没有找到正文。")


def _says_nothing(body: Body, files: list[Attachment]) -> bool:
    """Whether the text is no more than links and the names of its files."""
    names = {fold(x.name) for x in files}
    told = 0
    for line in body.lines:
        if line.linked * 2 <= len(line.text) and line.plain not in names:
            told += len(line.plain)
            if told > SHORT:
                return False
    return True


def _place(where: str) -> str:
    kind = where.split(" ")[0]
    return {
        "page": "页面上另一处",
        "table": "信息公开表里",
        "meta": "页面声明的",
        "row": "列表上的",
        "selector": "选择器读到的",
    }.get(kind, where)
