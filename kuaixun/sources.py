"""`kuaixun sources`: which sources there are."""

import sys
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from kuaixun.console import err, narrow, out, print_block, print_json
from kuaixun.nightly import table_of

if TYPE_CHECKING:
    from crawler.spider import NoticeSpider


@click.command(epilog="Exit codes: 0, or 1 when a source file cannot be loaded.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(as_json: bool) -> None:
    """List the sources and their columns.

    \b
    Examples:
      kuaixun sources
      kuaixun sources --json | jq -r '.sources[].name'
    """
    from scrapy.utils.project import get_project_settings

    from nightly import sources

    known = sources.load(get_project_settings())
    if as_json:
        listed = [_as_json(spider) for spider in known.spiders.values()]
        print_json({"sources": listed, "broken": known.broken})
    else:
        _print(list(known.spiders.values()))
        for file, why in known.broken.items():
            err.print(f"[red]{file} cannot be loaded:[/] {escape(why)}", soft_wrap=True)
    sys.exit(1 if known.broken else 0)


def _print(spiders: "list[type[NoticeSpider]]") -> None:
    grid = table_of()
    for heading in ("来源", "机关", "级别", "区划", "栏目"):
        grid.add_column(heading, overflow="fold")
    for spider in spiders:
        name = spider.name if spider.enabled else f"[dim]{spider.name} (停用)[/]"
        head = (name, escape(spider.agency), spider.level, spider.region)
        columns = escape("、".join(spider.columns))
        if narrow(out):
            print_block(out, head, columns)
        else:
            grid.add_row(*head, columns)
    if not narrow(out):
        out.print(grid)


def _as_json(spider: "type[NoticeSpider]") -> dict[str, Any]:
    return {
        "name": spider.name,
        "agency": spider.agency,
        "region": spider.region,
        "level": spider.level,
        "enabled": spider.enabled,
        "tls": spider.tls,
        "tls_reason": spider.tls_reason,
        "robots": spider.robots,
        "robots_reason": spider.robots_reason,
        "columns": [
            {
                "name": name,
                "url": spec if isinstance(spec, str) else spec.url,
                "browser": not isinstance(spec, str) and spec.browser,
            }
            for name, spec in spider.columns.items()
        ],
    }
