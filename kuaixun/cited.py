"""`kuaixun cited`: what the kept notices cite and no kept notice is."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from kuaixun.console import narrow, out, print_block, print_json, shown
from kuaixun.nightly import table_of

if TYPE_CHECKING:
    from store.citations import Missing

CITING = 3  # notices told of a number; --json tells all


@click.command(epilog="Exit codes: 0 listed (none is well too).")
@click.option(
    "--min",
    "at_least",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="N",
    help="Only what at least N documents cite.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, no table.")
def command(at_least: int, as_json: bool) -> None:
    """List the 文号 that are cited but were not collected, most cited first.

    Of the newest text and the title of every kept notice; its own number is none. A document that
    several sites repost counts once. Standards, certificates and index codes are no 文号, and
    orders that are told without their agency (第33号令) are nobody's.

    \b
    Examples:
      kuaixun cited
      kuaixun cited --min 3
      kuaixun cited --json | jq -r '.cited[] | [.families, .number, .context] | @tsv'
    """
    import store

    store.migrate()

    from store.citations import missing

    found = missing(at_least)
    if as_json:
        print_json({"cited": [asdict(one) for one in found]})
    elif found:
        _print(found)
    else:
        out.print("没有引用了而未收到的文件。")


def _print(found: "list[Missing]") -> None:
    if narrow(out):
        for one in found:
            print_block(out, (str(one.families), shown(one.number)), shown(one.context), _by(one))
        return
    grid = table_of()
    grid.add_column("引用", justify="right", no_wrap=True)
    grid.add_column("文号", overflow="fold", max_width=32)
    grid.add_column("原文，何处引用", overflow="fold", ratio=1)
    for one in found:
        grid.add_row(str(one.families), shown(one.number), f"{shown(one.context)}\n{_by(one)}")
    out.print(grid)


def _by(one: "Missing") -> str:
    """Who cites it, one a line, as rich's markup."""
    lines = [
        f"[dim]{shown(x.notice.source)}《{shown(x.notice.title)}》 {shown(x.notice.url)}[/]"
        for x in one.by[:CITING]
    ]
    if len(one.by) > CITING:
        lines.append(f"[dim]……共 {len(one.by)} 处[/]")
    return "\n".join(lines)
