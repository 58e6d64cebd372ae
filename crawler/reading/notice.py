"""One notice page -> a Notice: every fact with where it was read, disagreements as problems."""

import datetime as dt
from dataclasses import dataclass
from itertools import islice, takewhile

from lxml.html import HtmlElement
from scrapy.http import TextResponse

from crawler.notice import Attachment, AttachmentKind, Notice, Problem, Row
from crawler.reading import READER_VERSION
from crawler.reading.addresses import absolute, identity
from crawler.reading.charset import charset_evidence
from crawler.reading.dates import DateError, day_of, moment_of, parse_date
from crawler.reading.fact.attachments import (
    files_behind_tab,
    listed_files,
    read_attachments,
    selected_attachments,
    shown_files,
)
from crawler.reading.fact.doc_number import number_of_file, read_doc_number
from crawler.reading.fact.header_table import HeaderTable
from crawler.reading.fact.issuers import read_issuers
from crawler.reading.fact.period import read_period, with_opening
from crawler.reading.fact.published import read_published
from crawler.reading.fact.signature import read_signature
from crawler.reading.fact.title_places import Title
from crawler.reading.limits import ends_of
from crawler.reading.lines import Line, fold, text_of, tidy
from crawler.reading.page import Page, page_of
from crawler.reading.part.paragraph import Known
from crawler.reading.parts import read_parts
from crawler.reading.selectors import chosen_by
from crawler.reading.text.body import SHORT, Body, around, read_body, text_of_lines
from crawler.reading.text.body_html import body_html
from crawler.reading.text.furniture import ENDED, is_footer, weight
from crawler.reading.text.media import body_images, embedded
from crawler.reading.text.veiled import LEAST, MUCH, unveil


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
_HEAD = 20  # lines between title and text
_ABOVE = 2  # lines above a title that may hold its number
_INFO = 300  # characters of an info line
_MAY_BE_FILES = 200  # links that are looked at for a file that has the text


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
        self.page = page_of(response)
        if self.page.root is None:
            raise NoPage(f"no page to read: {response.url}")
        self.tree: HtmlElement = self.page.root  # what selectors choose from
        self.root = self.tree
        self.base = self.page.base
        self.shown: HtmlElement | None = None  # what the page hides and only a script shows

    def notice(self, source: str, column: str) -> Notice:
        now, row = self.now, self.row
        selected, chosen = self._text("title"), self._elements("body")
        title, info, body = self._places(selected, chosen)
        if not body.told and self._unveil(title, body, chosen):
            title, info, body = self._places(selected, chosen)
        meta, lines, table = self.page.meta, self.page.lines, self.page.table
        printed = body.printed
        text = text_of_lines(printed)
        outside = around(lines, body)
        attachments = self._attachments(lines, title, body)
        files = [x for x in attachments if x.kind is AttachmentKind.FILE]
        published = read_published(
            self.root,
            meta,
            table,
            lines,
            title.span,
            self.page.near(title.span),
            self.response.url,
            now,
            self._text("published"),
            row.date if row is not None else None,
        )
        head = _head(lines, title, body)
        told = ends_of(body.lines)
        signature = read_signature(told, head)
        own = [*body.lead, *told]
        above = lines[max(0, title.first - _ABOVE) : title.first] if title.first else []
        beside = [*above, *head]
        number = read_doc_number(table, title.text, own, outside, self._text("doc_number"), beside)
        if not number.number and _says_nothing(body, files):
            number = number_of_file([x.name for x in files], title.text)
        near = lines[info : info + 3] if info is not None else []
        issuers = read_issuers(
            table,
            signature.issuers,
            title.text,
            told,
            meta,
            " ".join(x.text[:_INFO] for x in near),
            self._text("issuers"),
        )
        written = self._written(table, signature.written)
        day = written or (day_of(published.value) if published.value else None)
        period = read_period(ends_of(text.split("\n")), day, title.text)
        stated = "body" if period else "head"
        if head and (period is None or period.opens is None):
            # 征集时间 in a box between title and text
            boxed = read_period([" ".join(x.text[:_INFO] for x in head)], day, title.text)
            period = with_opening(period, boxed)
        known = Known(title.text, number.number, signature, tuple(attachments))
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
            parts=read_parts(body, printed, known, self.base),
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
        self._say("period", stated, period)
        self._say("charset", charset_evidence(self.response), self.response.body)
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

    def _places(self, selected: str, chosen: list[HtmlElement]) -> tuple[Title, int | None, Body]:
        """Where on the page title, info line and text stand."""
        page = self.page
        title, info = page.head(selected, self.row_title)
        if self.shown is not None and not _stands_in(page.lines, title.first, self.shown):
            chosen = [self.shown]
        told = info if info is not None else _table_end(page.table, title)
        if chosen:
            body = read_body(self.root, page.lines, page.table, title.span, told, chosen)
        else:
            body = page.body(title.span, told)
        if self.shown is not None:
            body.evidence = "hidden"
        return title, info, body

    def _unveil(self, title: Title, body: Body, chosen: list[HtmlElement]) -> bool:
        """Go on with the page that shows what this one hides, when it has no text of its own."""
        elsewhere = (
            body_images(*body.elements)
            or embedded(*body.elements)
            or read_attachments(body.lines, self.base, _MAY_BE_FILES)
        )
        head = self.page.lines[title.first] if title.first is not None else None
        least = MUCH if elsewhere else LEAST
        found = unveil(self.root, self.page.lines, head, least) if not chosen else None
        if found is None:
            return False
        self.page, self.root, self.shown = Page(self.response, found.root), found.root, found.text
        return True

    def _say(self, name: str, where: str, fact: object) -> None:
        if fact:
            self.evidence[name] = where

    def _problem(self, code: str, detail: str) -> None:
        self.problems.append(Problem(code, detail))

    def _elements(self, name: str) -> list[HtmlElement]:
        selector: str | None = getattr(self.selectors, name)
        if not selector:
            return []
        found = chosen_by(selector, self.tree)
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

    def _attachments(self, lines: list[Line], title: Title, body: Body) -> list[Attachment]:
        chosen = self._elements("attachments")
        own, below = [*body.lead, *body.lines, *body.dropped], around(lines, body, after_only=True)
        if not own and title.after is not None:  # no text: what stands by the title
            own = list(takewhile(_goes_on, islice(lines, title.after, title.after + _HEAD)))
        places = {x.index: x for x in (*own, *below, *listed_files(lines))}
        near = [places[index] for index in sorted(places)]
        found = selected_attachments(chosen, self.base) if chosen else []
        seen = {x.address for x in found}
        near += files_behind_tab(self.root, lines)
        found += [x for x in read_attachments(near, self.base) if x.address not in seen]
        if found:
            self._say_where(found, seen, own, any(x.anchors for x in below))
        seen = {x.address for x in found}
        if not found and _says_nothing(body, []):
            found = shown_files(embedded(*body.elements), self.base)
            self._say("attachments", "embedded", found)
        for image in body_images(*body.elements):
            url = absolute(self.base, image.get("src") or "")
            address = identity(url)
            if address and address not in seen:
                seen.add(address)
                name = tidy(image.get("alt") or image.get("title") or "")
                name = name or address.split("?")[0].rsplit("/", 1)[-1]
                found.append(Attachment(url, address, name, AttachmentKind.IMAGE))
        return found

    def _say_where(
        self, files: list[Attachment], selected: set[str], own: list[Line], may_be_below: bool
    ) -> None:
        """Where the files were found: by the selector, in the body, below it."""
        rest = [x.address for x in files if x.address not in selected]
        inside = {x.address for x in read_attachments(own, self.base)} if may_be_below else {*rest}
        below = [x for x in rest if x not in inside]
        told = {"selector": selected, "body": len(rest) - len(below), "after body": below}
        self._say("attachments", ", ".join(x for x, found in told.items() if found), files)

    def _check_title(self, declared: str, title: str) -> None:
        for where, other in (("页面声明的", declared), ("列表上的", self.row_title)):
            a, b = fold(other).rstrip(".…"), fold(title)
            if a and b and a not in b and b not in a:
                self._problem("title.differs", f"标题是“{title}”，{where}标题是“{other}”。")

    @property
    def row_title(self) -> str:
        return self.row.title if self.row is not None else ""

    def _check_text(self, body: Body, files: list[Attachment]) -> None:
        if self.page.cut_lines is not None:
            read = f"只读了前 {self.page.cut_lines} 行"
            self._problem("text.cut", f"页面行数过多，{read}，后面的没有读。")
        if not _says_nothing(body, files):
            return
        where = ""
        shown = {x.tag for x in embedded(*body.elements)}
        if shown - {"img"}:
            where = "嵌入的页面或文件"
        elif "img" in shown or body_images(*body.elements):
            where = "图片"
        if files and self.evidence.get("attachments") != "embedded":
            where = f"附件“{files[0].name}”"
        if where:
            self._problem("text.elsewhere", f"页面上没有正文，正文在{where}里。")
        elif not any("。" in x.text and weight(x) for x in body.lines):
            self._problem("text.missing", "页面上没有找到正文。")


def _table_end(table: HeaderTable, title: Title) -> int | None:
    """The last line of the table right below the title, which stands for an info line there."""
    last = max(table.lines, default=None)
    if last is None or title.after is None or not 0 <= min(table.lines) - title.after <= 1:
        return None
    return last


def _head(lines: list[Line], title: Title, body: Body) -> list[Line]:
    """The lines between the title and the text."""
    if title.after is None or not body.lines:
        return []
    return lines[title.after : min(body.lines[0].index, title.after + _HEAD)]


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


def _goes_on(line: Line) -> bool:
    return not (line.furniture or is_footer(line) or ENDED.match(line.text))


def _stands_in(lines: list[Line], at: int | None, box: HtmlElement) -> bool:
    return at is not None and (lines[at].element is box or box in lines[at].element.iterancestors())


def _place(where: str) -> str:
    kind = where.split(" ")[0]
    return {
        "page": "页面上另一处",
        "table": "信息公开表里",
        "meta": "页面声明的",
        "row": "列表上的",
        "selector": "选择器读到的",
    }.get(kind, where)
