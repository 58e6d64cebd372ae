"""`kuaixun rows`: lines of a list that are no notice yet, and what a person does about them."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from kuaixun.console import Fault, out, print_json
from kuaixun.nightly import table_of

if TYPE_CHECKING:
    from store.rows import Dropped, RowLine

WORDS = {"held": "待认", "waiting": "待取", "external": "站外"}  # as in kuaixun health


@click.group(epilog="Exit codes: 0 done, 2 no such source, column or row.")
def command() -> None:
    """Rows of the lists that are no notice yet.

    Held back, because their list did not look as usual; waiting, because their page could not be
    had yet; external, because their page stands on a host that may not be visited.

    \b
    Examples:
      kuaixun rows list --source mee
      kuaixun rows release mee 通知公告
      kuaixun rows drop mee https://www.mee.gov.cn/x/t20190911_1.html
    """


@command.command("list", epilog="Exit codes: 0 listed (none is well too), 2 no such source.")
@click.option("--source", default="", metavar="NAME", help="Only of this source.")
@click.option("--held", "lack", flag_value="held", help="Only those held back.")
@click.option("--waiting", "lack", flag_value="waiting", help="Only those still to be fetched.")
@click.option("--external", "lack", flag_value="external", help="Only those on other hosts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, no table.")
def list_(source: str, lack: str | None, as_json: bool) -> None:
    """List them, held ones first, then by the nights they have waited.

    \b
    Examples:
      kuaixun rows list
      kuaixun rows list --source mee --held
      kuaixun rows list --waiting --json | jq '.rows[] | select(.tries >= 5)'
    """
    import store

    store.migrate()

    from store.rows import Lack, NoSource, lacking

    try:
        found = lacking(source, Lack(lack) if lack else None)
    except NoSource as fault:
        raise Fault(str(fault), "See: kuaixun sources") from None
    if as_json:
        print_json({"rows": [asdict(row) for row in found]})
    elif found:
        _print(found)
    else:
        out.print("没有这样的行。")


def _print(found: "list[RowLine]") -> None:
    grid = table_of()
    grid.add_column("来源", no_wrap=True, max_width=18)
    grid.add_column("栏目", overflow="fold", max_width=14)
    grid.add_column("状态", no_wrap=True)
    grid.add_column("日期", no_wrap=True)
    grid.add_column("夜", justify="right", no_wrap=True)
    grid.add_column("标题，地址，原因", overflow="fold", ratio=1)
    for row in found:
        grid.add_row(
            row.source,
            escape(row.column),
            WORDS[row.lack],
            row.date.isoformat() if row.date else "—",
            str(row.tries or "·"),
            escape("\n".join(filter(None, (row.title, row.url, row.reason)))),
        )
    out.print(grid)


@command.command(epilog="Exit codes: 0 released (or nothing was held), 2 no such source or column.")
@click.argument("source")
@click.argument("column")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def release(source: str, column: str, as_json: bool) -> None:
    """Let held rows be fetched on the next night.

    Those of SOURCE's COLUMN, after a look at its list: kuaixun rows list --held says why.

    \b
    Example:
      kuaixun rows release mee 通知公告
    """
    import store

    store.migrate()

    from nightly.held import NoColumn, release

    try:
        count = release(source, column)
    except NoColumn as fault:
        raise Fault(str(fault)) from None
    if as_json:
        print_json({"released": count})
    else:
        click.echo(f"{count} rows released." if count else "No rows were held.")


@command.command(epilog="Exit codes: 0 given up, 2 no such source, or no row waits there.")
@click.argument("source")
@click.argument("address")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def drop(source: str, address: str, as_json: bool) -> None:
    """Give up a stuck row: SOURCE's at ADDRESS is not fetched any more.

    Its title, link and the reason stay. A back-fill (kuaixun nightly --source SOURCE --since DAY)
    asks for it anew.

    \b
    Example:
      kuaixun rows drop mee https://www.mee.gov.cn/x/t20190911_1.html
    """
    import store

    store.migrate()

    from crawler.address import canonical
    from store.rows import NoRow, NoSource, drop

    try:
        dropped = drop(source, canonical(address))
    except NoSource as fault:
        raise Fault(str(fault), "See: kuaixun sources") from None
    except NoRow as fault:
        raise Fault(str(fault), f"See: kuaixun rows list --source {source}") from None
    if as_json:
        print_json({"dropped": [asdict(row) for row in dropped]})
    for row in [] if as_json else dropped:
        click.echo(_said(row))


def _said(row: "Dropped") -> str:
    did = "its kept version stays" if row.state == "kept" else "it is not fetched any more"
    why = f" ({row.reason})" if row.reason else ""
    return f"{row.column} “{row.title}”{why}: {did}."
