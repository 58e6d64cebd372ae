"""`kuaixun intake`: saved pages of any government site, through every pipeline, into the store."""

import sys
from pathlib import Path
from typing import Any

import click

from kuaixun.console import Fault, print_json
from kuaixun.saved_pages import Saved, clock_of, from_manifest, saved_at


@click.command(
    epilog="""\b
Exit codes:
  0  of every page it is told what it became
  1  a page ended in an error of ours (读取出错, 出错), the others were taken in; or of a whole
     manifest no file was there
  2  wrong arguments, or a manifest without pages"""
)
@click.argument(
    "page", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--url", help="The page's address on its site.")
@click.option(
    "--batch",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A manifest: one JSON object a line with file, url and host.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a page on stdout.")
@click.option("--now", help="The night's clock (ISO 8601); this moment when left out.")
def command(
    page: Path | None, url: str | None, batch: Path | None, as_json: bool, now: str | None
) -> None:
    """Take saved pages of any government site into the store and tell what became of each.

    Pages go through charset, generic reading and every pipeline. Nothing is downloaded: the
    attachments are kept by name and address.

    \b
    Examples:
      kuaixun intake page.html --url https://www.mee.gov.cn/x/t20190911_1.html
      kuaixun intake --batch pages/manifest.jsonl --json > out.jsonl
    """
    if batch and (page or url):
        raise click.UsageError("give either PAGE with --url, or --batch")
    if batch:
        pages = list(from_manifest(batch))
        if not pages:
            raise Fault(f"清单里没有页面：{batch}", "Each line needs file, and url or host.")
    elif page and url:
        pages = [saved_at(page, url)]
    else:
        raise click.UsageError("give PAGE with --url, or --batch MANIFEST")
    clock_of(now)  # a bad one is told before any page is read
    results = take_in(pages, now)
    for result in results:
        if as_json:
            print_json(result)
        else:
            click.echo(f"{result['id']}  {result['became']}")
    none_there = not any(page.file.is_file() for page in pages)
    sys.exit(1 if none_there or any("fault" in result for result in results) else 0)


def take_in(pages: list[Saved], now: str | None) -> list[dict[str, Any]]:
    """Run the pages through one crawl that asks nothing of the network; a result a page."""
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    settings = get_project_settings()  # sets the store up

    import store
    from kuaixun.intake_spider import Intake

    store.migrate()  # a database that is none is told here, not once a page

    without_download = settings.getdict("ITEM_PIPELINES") | {"pipelines.attach.Attach": None}
    settings.setdict({"ITEM_PIPELINES": without_download, "LOG_LEVEL": "ERROR"}, priority="cmdline")
    if now:
        settings.set("NIGHT_NOW", now, priority="cmdline")
    results: list[dict[str, Any]] = []
    process = AsyncCrawlerProcess(settings)
    process.crawl(Intake, pages=pages, results=results)
    process.start()
    for result in results:
        if not result["became"]:
            result.update(became="读取出错：没有处理完，见日志", fault="no answer of the pipelines")
    return results + [
        {"id": page.id, "became": "读取出错：没有读到这一页，见日志", "fault": "not reached"}
        for page in pages[len(results) :]
    ]
