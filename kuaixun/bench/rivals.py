"""Other extractors of the field, each reading a page of text into the form that `score` knows.

None of them is needed for anything but the comparison; all but resiliparse are the optional
dependency group `rivals`. Each is given its best case: comments off, metadata on, its date brought
into ISO form."""

import datetime as dt
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from crawler.clock import BEIJING
from crawler.reading.dates import DateError, day_of, parse_date

Extract = Callable[[str, str], dict[str, Any]]  # (text, address) -> a reading

BODY = frozenset({"body_p", "body_r", "body", "no_body"})
_ANY_TIME = dt.datetime(2100, 1, 1, tzinfo=BEIJING)  # a rival's date is taken as it gives it


@dataclass(frozen=True, slots=True)
class Rival:
    """One extractor: its package's name, the figures of what it reads, how it is loaded."""

    package: str
    figures: frozenset[str]
    load: Callable[[], Extract]

    def version(self) -> str | None:
        """The installed version, None when it is not installed."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return None


def _trafilatura() -> Extract:
    bare_extraction = importlib.import_module("trafilatura").bare_extraction

    def extract(text: str, url: str) -> dict[str, Any]:
        found = bare_extraction(text, url=url, with_metadata=True, include_comments=False)
        if found is None:  # its word for a page without an article
            return {"body_text": ""}
        return {"title": found.title, "published": found.date, "body_text": found.text or ""}

    return extract


def _gne() -> Extract:
    extractor = importlib.import_module("gne").GeneralNewsExtractor()

    def extract(text: str, url: str) -> dict[str, Any]:
        found = extractor.extract(text, host=url)
        return {
            "title": found["title"],
            "published": _iso(found["publish_time"]),
            "body_text": found["content"] or "",
        }

    return extract


def _iso(printed: str) -> str:
    try:
        return day_of(parse_date(printed, _ANY_TIME)).isoformat()
    except DateError:
        return printed


def _resiliparse() -> Extract:
    parse = importlib.import_module("resiliparse.parse.html").HTMLTree.parse
    plain_text = importlib.import_module("resiliparse.extract.html2text").extract_plain_text

    def extract(text: str, url: str) -> dict[str, Any]:
        tree = parse(text)
        body = plain_text(tree, main_content=True, alt_texts=False, preserve_formatting=False)
        return {"title": tree.title, "body_text": body}

    return extract


def _readability() -> Extract:
    document = importlib.import_module("readability").Document
    parse = importlib.import_module("lxml.html").fromstring

    def extract(text: str, url: str) -> dict[str, Any]:
        page = document(text, url=url)
        body = parse(page.summary(html_partial=True)).text_content()
        return {"title": page.title(), "body_text": body}

    return extract


RIVALS = {
    rival.package: rival
    for rival in (
        Rival("trafilatura", BODY | {"title", "published"}, _trafilatura),
        Rival("gne", BODY | {"title", "published"}, _gne),
        Rival("resiliparse", BODY | {"title"}, _resiliparse),
        Rival("readability-lxml", BODY | {"title"}, _readability),
    )
}
