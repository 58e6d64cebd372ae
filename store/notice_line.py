"""A kept notice in one line: what a reference to it shows."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from store.models import Notice


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """Where a notice stands and what it is called."""

    source: str
    agency: str
    title: str
    url: str
    address: str  # canonical
    doc_number: str
    published: dt.datetime | None  # Asia/Shanghai
    family: int  # its key


def line_of(notice: Notice) -> NoticeLine:
    """The line of a notice, that comes with its source."""
    return NoticeLine(
        source=notice.source.name,
        agency=notice.source.agency,
        title=notice.title,
        url=notice.url,
        address=notice.address,
        doc_number=notice.doc_number,
        published=notice.published and timezone.localtime(notice.published),
        family=notice.family_id,
    )
