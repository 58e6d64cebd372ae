"""The facts and parts of a notice that is a file: from its plain text, where no page tells them."""

import datetime as dt
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawler.notice import Part, Period
from crawler.reading.fact.doc_number import DocNumber, read_doc_number
from crawler.reading.fact.header_table import HeaderTable
from crawler.reading.fact.issuers import read_issuers
from crawler.reading.fact.period import read_period
from crawler.reading.fact.signature import read_signature
from crawler.reading.lines import Line, tidy
from crawler.reading.meta import Meta
from crawler.reading.part.paragraph import Known
from crawler.reading.parts import read_parts
from crawler.reading.text.body import Body

_NOWHERE = HtmlElement()  # lines of a file stand in no block of a page


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the text says; empty where it says nothing."""

    number: DocNumber = field(default_factory=DocNumber)
    written: dt.date | None = None
    issuers: list[str] = field(default_factory=list)
    period: Period | None = None
    text: str = ""  # what was read, without its empty lines: `parts` are of its lines
    parts: list[Part] = field(default_factory=list)
    evidence: dict[str, str] = field(default_factory=dict)


def read_file_facts(text: str, title: str, published: dt.date | None) -> FileFacts:
    """文号, signature, issuers, period and parts of `text`, one paragraph a line; `title` is the
    row's.

    `published` gives the year of a period where neither text nor signature does."""
    told = [(line, x) for line in text.split("\n") if (x := tidy(line))]
    paragraphs = [x for _, x in told]
    lines = [Line(n, x, _NOWHERE) for n, x in enumerate(paragraphs)]
    signature = read_signature(lines)
    number = read_doc_number(HeaderTable(), title, lines, [])
    issuers = read_issuers(HeaderTable(), signature.issuers, title, lines, Meta(), "")
    period = read_period(paragraphs, signature.written or published, title)
    evidence = {
        name: f"file {where}"
        for name, where, said in (
            ("doc_number", number.evidence, number.number),
            ("written", "signature", signature.written),
            ("issuers", issuers.evidence, issuers.names),
            ("period", "body", period),
        )
        if said
    }
    known = Known(title, number.number, signature)
    return FileFacts(
        number,
        signature.written,
        issuers.names,
        period,
        "\n".join(line for line, _ in told),
        read_parts(Body(), [[x] for x in lines], known),
        evidence,
    )
