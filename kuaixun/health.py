"""`kuaixun health`: is anything missing, and why."""

import sys
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape

from kuaixun.console import narrow, out, print_block, print_json
from kuaixun.nightly import colour, table_of

if TYPE_CHECKING:
    from nightly.health import ColumnHealth, Health, SourceHealth

COUNTS = ("新 7夜", "30夜", "待取", "站外", "待认")
NO_COLUMNS = "没有栏目，或文件读不进来"


@click.command(
    epilog="""\b
Exit codes:
  0  every source that is switched on was read by the last night, and well
  1  something is not well: it stands on top"""
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(as_json: bool) -> None:
    """Tell how every source does, worst first.

    For each column: how the last night ended and why, how long ago it last went well, what was new
    in the last 7 and 30 nights, rows that still wait (after 5 nights with the reason), rows on
    hosts that may not be visited, and rows held back until someone looks. The rows themselves, and
    what to do about them: kuaixun rows --help.

    \b
    Examples:
      kuaixun health
      kuaixun health --json | jq '.sources[] | select(.well | not)'
    """
    from scrapy.utils.project import get_project_settings

    settings = get_project_settings()  # sets the store up

    import store
    from nightly import sources
    from nightly.health import health

    store.migrate()
    found = health(sources.load(settings), datetime.now().astimezone())
    if as_json:
        print_json(_as_json(found))
    else:
        _print(found, out)
    sys.exit(0 if found.well else 1)


def _print(found: "Health", console: Console) -> None:
    from nightly.health import NightState

    style = "green" if found.well else "yellow"
    console.print(f"[{style}]{escape(found.words)}[/]", soft_wrap=True)
    if found.state is NightState.NONE:
        return
    if narrow(console):
        _print_blocks(found, console)
        return
    grid = table_of()
    grid.add_column("来源", overflow="fold", max_width=18)
    grid.add_column("栏目", overflow="fold", max_width=14)
    grid.add_column("最近一夜", no_wrap=True)
    grid.add_column("上次成功", no_wrap=True)
    for heading in COUNTS:
        grid.add_column(heading, justify="right", no_wrap=True)
    grid.add_column("原因", overflow="fold", ratio=1)
    for source in found.sources:
        if not source.columns:
            grid.add_row(source.name, "—", _state(source, None), *[""] * 6, NO_COLUMNS)
        for column in source.columns:
            grid.add_row(
                source.name,
                escape(column.name),
                _state(source, column),
                column.age,
                *(str(count or "·") for count in _counts(column)),
                escape(_why(column)),
            )
    console.print(grid)


def _print_blocks(found: "Health", console: Console) -> None:
    for source in found.sources:
        if not source.columns:
            print_block(console, (source.name, "—", _state(source, None)), NO_COLUMNS)
        for column in source.columns:
            head = (source.name, escape(column.name), _state(source, column))
            counted = zip(COUNTS, _counts(column), strict=True)
            counts = [f"{name} {count}" for name, count in counted if count]
            told = [f"上次成功 {column.age}", *counts]
            print_block(console, head, escape(_why(column)), "[dim]" + " · ".join(told) + "[/]")


def _counts(column: "ColumnHealth") -> tuple[int, ...]:
    return (column.week, column.month, column.waiting, column.external, column.held)


def _state(source: "SourceHealth", column: "ColumnHealth | None") -> str:
    if not source.enabled:
        return "[dim]停用[/]"
    if column is None or column.verdict is None:
        return "[red]未读[/]"
    return f"[{colour(column.verdict)}]{column.verdict.label}[/]"


def _why(column: "ColumnHealth") -> str:
    words = [column.why]
    words += [f"“{row.title}” {row.tries} 夜没取到：{row.reason}" for row in column.stuck]
    if (more := column.stuck_total - len(column.stuck)) > 0:
        words.append(f"另有 {more} 条也是")
    return "；".join(words)


def _as_json(found: "Health") -> dict[str, Any]:
    return {
        "night": found.night.isoformat() if found.night else None,
        "state": found.state.value,
        "words": found.words,
        "well": found.well,
        "sources": [
            {
                "name": source.name,
                "agency": source.agency,
                "enabled": source.enabled,
                "well": source.well,
                "columns": [
                    {
                        **asdict(column),
                        "verdict": column.verdict.value if column.verdict else None,
                        "well": column.well,
                    }
                    for column in source.columns
                ],
            }
            for source in found.sources
        ],
    }
