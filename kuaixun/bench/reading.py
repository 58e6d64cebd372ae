"""`kuaixun bench reading`: how well and how fast saved pages are read, beside the rivals."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kuaixun.bench.answers import read_answers
from kuaixun.console import Fault, err
from kuaixun.saved_pages import clock_of, from_manifest

if TYPE_CHECKING:
    from kuaixun.bench.reading_measure import Measured, Page, Reader

INSTALL = f"{sys.executable} -m pip install --require-hashes -r requirements-rivals.lock"


@click.command(
    epilog="""\b
Exit codes:
  0  measured, whatever the figures are
  1  measured, but Kuaixun raised a fault on a page
  2  wrong arguments, a folder without answers, or a rival asked for that is not installed"""
)
@click.option(
    "--pages",
    "folder",
    required=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with manifest.jsonl, gold.jsonl and the pages.",
)
@click.option("--generic", is_flag=True, help="Use no source's or platform's selectors.")
@click.option(
    "--against",
    metavar="NAMES",
    help="Rivals, separated by commas: trafilatura, gne, resiliparse, readability-lxml; or none. "
    "Those installed when left out.",
)
@click.option(
    "--passes",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="Timed passes; a page's time is the median of those after the first.",
)
@click.option("--worst", type=click.IntRange(min=0), default=0, help="Name the N worst pages each.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, no table.")
@click.option("--markdown", is_flag=True, help="The table as it stands in docs/reading.md.")
def command(
    folder: Path,
    generic: bool,
    against: str | None,
    passes: int,
    worst: int,
    as_json: bool,
    markdown: bool,
) -> None:
    """Measure the reading of saved pages against checked answers, rivals in the same run.

    Each reader gets the bytes of a page and its address; decoding by Kuaixun's charset vote is in
    every reader's time. docs/reading.md says what each figure means.

    \b
    Examples:
      kuaixun bench reading --pages corpus --generic
      kuaixun bench reading --pages corpus --generic --against none --worst 3
      kuaixun bench reading --pages corpus --json | jq '.readers.kuaixun.figures'
    """
    if as_json and markdown:
        raise click.UsageError("give either --json or --markdown")

    from kuaixun.bench.reading_measure import clock, measure
    from kuaixun.bench.reading_table import Run, print_machine, print_markdown, print_run

    pages = load(folder)
    readers = [_ours(generic), *_rivals(against)]
    with err.status("") as status:
        results = measure(
            pages,
            readers,
            passes,
            lambda number: status.update(f"Pass {number + 1} of {passes}: {len(pages)} pages"),
        )
    _tell_faults(results)
    options = " --generic" * generic + (f" --against {against}" if against else "")
    run = Run(pages, results, passes, clock()[1], options)
    if as_json:
        print_machine(run, worst)
    elif markdown:
        print_markdown(run)
    else:
        print_run(run, worst)
    sys.exit(1 if results[0].faults else 0)


def load(folder: Path) -> "list[Page]":
    """The pages of a folder that have answers. Raises Fault naming what is lacking."""
    from kuaixun.bench.reading_measure import Page

    manifest, answers = folder / "manifest.jsonl", folder / "gold.jsonl"
    for file in (manifest, answers):
        if not file.is_file():
            what = f"{folder} has no {file.name}"
            raise Fault(what, "Name a folder with manifest.jsonl, gold.jsonl and the pages.")
    saved = {page.id: page for page in from_manifest(manifest)}
    pages = []
    for gold in read_answers(answers):
        page = saved.get(gold["id"])
        if page is None:
            what = f"{answers}: {gold['id']!r} is not in {manifest.name}"
            raise Fault(what, "Give every answer the id of a line of the manifest.")
        try:
            body = page.file.read_bytes()
        except OSError as fault:
            what = f"{manifest}: the page {page.id!r} cannot be read: {fault.strerror}: {page.file}"
            raise Fault(what, "Put the file there, or take the page's answers out.") from None
        pages.append(Page(page.id, page.host, page.place, body, gold))
    if not any(page.is_scored for page in pages):
        what = f"{answers} has no answers" + (" but for pages that scripts fill" if pages else "")
        raise Fault(what, "Write one JSON object a page.")
    return pages


def _rivals(against: str | None) -> "list[Reader]":
    """Those named, or all that are installed. Raises Fault when one named cannot be had."""
    from kuaixun.bench.rivals import RIVALS

    if against is None:
        lacking = [name for name, rival in RIVALS.items() if not rival.version()]
        if lacking:
            err.print(f"Not installed, left out: {', '.join(lacking)}. To have them: {INSTALL}")
        names = [name for name in RIVALS if name not in lacking]
    else:
        names = [name.strip() for name in against.split(",") if name.strip() not in ("", "none")]
    return [_rival(name) for name in dict.fromkeys(names)]


def _rival(name: str) -> "Reader":
    from kuaixun.bench.reading_measure import Reader
    from kuaixun.bench.rivals import RIVALS

    if name not in RIVALS:
        raise click.UsageError(f"--against {name!r}: known are {', '.join(RIVALS)}, or none")
    rival, version = RIVALS[name], RIVALS[name].version()
    if not version:
        raise Fault(f"{name} is not installed", f"It is in the group rivals: {INSTALL}")
    extract = rival.load()

    def read(body: bytes, url: str) -> dict[str, Any]:
        from scrapy.http import TextResponse

        from crawler.reading.charset import build_response

        response = build_response(url, body)
        return extract(response.text, url) if isinstance(response, TextResponse) else {}

    return Reader(name, version, read, rival.figures, reads_lists=False)


def _ours(generic: bool) -> "Reader":
    from kuaixun.bench.reading_measure import Reader
    from kuaixun.read_page import Library, as_record, read_page

    moment = clock_of(None)
    library = None if generic else Library(moment)
    for file, why in library.broken.items() if library else ():
        err.print(f"{file} cannot be loaded: {why}", markup=False, soft_wrap=True)

    def read(body: bytes, url: str) -> dict[str, Any]:
        source = library.source_of(url) if library else None
        return as_record(read_page(body, url, moment, source=source))

    return Reader("kuaixun", version("kuaixun"), read)


def _tell_faults(results: "list[Measured]") -> None:
    for result in results:
        for page, fault in list(result.faults.items())[:5]:
            err.print(f"{result.reader.name} on page {page}: {fault}", markup=False)
        more = len(result.faults) - 5
        if more > 0:
            err.print(f"{result.reader.name}: {more} more pages like that.")
