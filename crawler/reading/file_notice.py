"""A row that links straight to a file: a notice whose body is that file's text."""

import datetime as dt
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.address import canonical
from crawler.document_types import sniff
from crawler.documents import text_of
from crawler.notice import Attachment, Notice, Problem, Row
from crawler.reading import READER_VERSION
from crawler.reading.dates import address_date, moment_of
from crawler.reading.file_facts import read_file_facts


async def read_file_notice(
    response: Response, row: Row, *, now: dt.datetime, source: str
) -> Notice:
    """The notice of a file's response; its facts are the row's and the text's. The file itself is
    its one attachment, already fetched. A text that cannot be taken is a problem on the notice."""
    name = urlsplit(response.url).path.rsplit("/", 1)[-1] or row.title
    read = await text_of(response.body, sniff(response.body, name))
    published = row.date or address_date(response.url, now)
    facts = read_file_facts(read.text, row.title, published)
    return Notice(
        source=source,
        column=row.column,
        url=response.url,
        address=row.address,
        title=row.title,
        published=moment_of(published) if published else None,
        written=facts.written,
        doc_number=facts.number.number,
        doc_number_printed=facts.number.printed,
        issuers=facts.issuers,
        period=facts.period,
        text=facts.text,
        parts=facts.parts,
        row_title=row.title,
        row_date=row.date,
        reader=READER_VERSION,
        evidence={
            "title": "row",
            "published": "row" if row.date else "address",
            "text": "file",
            **facts.evidence,
        },
        attachments=[
            Attachment(
                url=response.url,
                address=canonical(response.url),
                name=row.title + "." + name.rsplit(".", 1)[-1] if "." in name else row.title,
                body=response.body,
            )
        ],
        problems=[Problem("text.elsewhere", read.problem)] if read.problem else [],
    )
