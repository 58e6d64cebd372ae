"""clean: one form for everything a page said, and HTML that is safe to show."""

import datetime as dt

from crawler.clock import BEIJING
from crawler.notice import Notice, Problem, content_hash
from crawler.reading import READER_VERSION
from crawler.reading.fact.citations import read_citations
from crawler.reading.fact.doc_number import normalise
from pipelines.markup import sanitised
from pipelines.parts import in_step
from pipelines.wording import one_form, one_line

EARLIEST = {"published": 1990, "written": 1949}  # no site is older; no document that stands


class Clean:
    """Brings a notice into the one form and gives it its content hash."""

    def process_item(self, item: object) -> object:
        if isinstance(item, Notice):
            tidy(item)
        return item


def tidy(notice: Notice) -> Notice:
    """`notice` itself, in the one form. Applied again it changes nothing."""
    notice.title, notice.row_title = one_line(notice.title), one_line(notice.row_title)
    text = one_form(notice.text)
    notice.parts = in_step(notice.parts, notice.text, text)
    notice.text = text
    notice.doc_number_printed = one_line(notice.doc_number_printed or notice.doc_number)
    notice.doc_number = normalise(notice.doc_number)
    notice.citations = read_citations(notice.title, text, notice.doc_number)
    notice.index_number = one_line(notice.index_number)
    notice.issuers = list(dict.fromkeys(name for x in notice.issuers if (name := one_line(x))))
    for attachment in notice.attachments:
        attachment.name = one_line(attachment.name)
    notice.html = sanitised(notice.html, notice.url, {a.address for a in notice.attachments})
    _check_dates(notice)
    if notice.period:
        notice.period.label = one_line(notice.period.label)
        notice.period.sentence = one_line(notice.period.sentence)
    notice.reader = notice.reader or READER_VERSION
    notice.content_hash = content_hash(notice)
    return notice


def _check_dates(notice: Notice) -> None:
    if notice.published:
        known = notice.published.tzinfo
        notice.published = (
            notice.published.astimezone(BEIJING)
            if known
            else notice.published.replace(tzinfo=BEIJING)
        )
    for name, words in (("published", "发布日期"), ("written", "成文日期")):
        date: dt.date | None = getattr(notice, name)
        if date and date.year < EARLIEST[name]:
            notice.problems.append(
                Problem("date.impossible", f"{words}“{date.isoformat()}”不可能，未采用")
            )
            setattr(notice, name, None)
