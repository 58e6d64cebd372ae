"""`kuaixun read`: what is read from saved pages, and where on the page it stood."""

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kuaixun.console import Fault, err, print_json
from kuaixun.saved_pages import Saved, clock_of, from_manifest, saved_at

if TYPE_CHECKING:
    import datetime as dt

    from crawler.reading.page_kind import Kind
    from kuaixun.read_page import Library, Reading

logger = logging.getLogger(__name__)


@click.command(
    epilog="""\b
Exit codes:
  0  read, whatever the page is, and whether or not source and generic readers agree
  1  of a manifest a file was not there, or a page ended in an error of ours: its line says which
  2  wrong arguments, a manifest without pages, or a page that cannot be read as --kind says"""
)
@click.argument(
    "page", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--url", help="The page's address on its site.")
@click.option(
    "--kind",
    type=click.Choice(["list", "notice"]),
    help="What to read it as; what it looks like when left out.",
)
@click.option("--generic", is_flag=True, help="Use no source's or platform's selectors.")
@click.option(
    "--batch",
    metavar="MANIFEST",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="One JSON object a line with file, url and host; prints one JSON object a page.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
@click.option("--now", help="The clock that dates count from (ISO 8601); this moment if left out.")
def command(
    page: Path | None,
    url: str | None,
    kind: str | None,
    generic: bool,
    batch: Path | None,
    as_json: bool,
    now: str | None,
) -> None:
    """Read saved pages and tell every fact with where it stood. Nothing is kept or downloaded.

    A page of one of the sources is read by its source's selectors and by the generic readers, and
    where they disagree both results are told; a page of any other site, or with --generic, by the
    generic readers alone.

    \b
    Examples:
      kuaixun read page.html --url https://www.mee.gov.cn/x/t20190911_1.html
      kuaixun read list.html --url https://www.mee.gov.cn/zcwj/sthjbwj/ --kind list --generic
      kuaixun read --batch pages/manifest.jsonl --generic > out.jsonl
    """
    if batch and (page or url or kind):
        raise click.UsageError("give either PAGE with --url, or --batch")
    moment = clock_of(now)
    if batch:
        pages = list(from_manifest(batch))
        if not pages:
            raise Fault(f"清单里没有页面：{batch}", "Each line needs file, and url or host.")
        sys.exit(_read_all(pages, moment, generic))
    if not page or not url:
        raise click.UsageError("give PAGE with --url, or --batch MANIFEST")
    _read_one(saved_at(page, url), moment, generic, kind, as_json)


def _read_one(
    page: Saved, now: "dt.datetime", generic: bool, kind: str | None, as_json: bool
) -> None:
    from crawler.reading.notice import NoPage
    from crawler.reading.page_kind import Kind
    from kuaixun.read_page import as_record
    from kuaixun.read_print import print_reading

    library = None if generic else _library(now)
    try:
        reading = _read(page, now, library, Kind(kind) if kind else None)
    except NoPage:
        what = f"{page.file} holds no page that could be read as a {kind}: it is a file or empty"
        raise Fault(what, "Leave --kind out to see what it is.") from None
    if as_json:
        print_json(as_record(reading))
    else:
        print_reading(reading, asked_generic=generic)


def _read_all(pages: list[Saved], now: "dt.datetime", generic: bool) -> int:
    """Print a line a page; the exit code."""
    from kuaixun.read_page import as_record

    library = None if generic else _library(now)
    faults = 0
    for page in pages:
        record: dict[str, Any]
        try:
            record = as_record(_read(page, now, library))
        except OSError as fault:
            record = {"error": f"读不到文件 {page.file}：{fault.strerror}"}
        except Exception as fault:  # a reader's fault is that page's, not the batch's
            logger.exception("%s cannot be read", page.file)
            record = {"error": f"读取出错：{type(fault).__name__}: {fault}"}
        faults += "error" in record
        print_json({"id": page.id} | record)
    if faults:
        err.print(f"{faults} of {len(pages)} pages could not be read; their lines say why.")
    return 1 if faults else 0


def _read(
    page: Saved, now: "dt.datetime", library: "Library | None", kind: "Kind | None" = None
) -> "Reading":
    from kuaixun.read_page import read_page

    source = library.source_of(page.place) if library else None
    return read_page(page.file.read_bytes(), page.place, now, source=source, kind=kind)


def _library(now: "dt.datetime") -> "Library":
    """The sources; those that cannot be loaded are told."""
    from kuaixun.read_page import Library

    library = Library(now)
    for file, why in library.broken.items():
        err.print(f"{file} cannot be loaded: {why}", markup=False, soft_wrap=True)
    return library
