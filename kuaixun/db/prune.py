"""`kuaixun db prune`: old pages, files and logs that nothing points at."""

from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from kuaixun.console import Running, out, print_json, shown
from kuaixun.db.backup import AtWork
from kuaixun.ticking import Ticking

if TYPE_CHECKING:
    from store.prune import Gone, Pruned


@click.command(
    epilog="""\b
Exit codes:
  0  told, or done
  3  a night, or a backup, is running in this data folder"""
)
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    metavar="DATE",
    help="Only of nights before this day.",
)
@click.option("--apply", is_flag=True, help="Remove it; without, only told.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(before: datetime, apply: bool, as_json: bool) -> None:
    """Remove what nothing points at: list pages, error pages and 304s in old WARC files, files of
    no notice, logs.

    No page or file of a kept revision goes, so reviews and issues keep all that they show. A pruned
    night's WARC gets a new name and can no longer be replayed as a whole. Backups keep what they
    have.

    \b
    Examples:
      kuaixun db prune --before 2026-01-01
      kuaixun db prune --before 2026-01-01 --apply
    """
    import store

    store.migrate()

    from django.conf import settings

    from nightly.lock import OtherNight, only_one
    from store.disk import Busy
    from store.prune import prune

    try:
        with ExitStack() as held, Ticking("清理") as ticking:
            if apply:
                held.enter_context(only_one(settings.DATA))
            pruned = prune(before.date(), apply=apply, tick=ticking)
    except OtherNight as other:
        raise Running(f"A night is running here (process {other.pid}).", "Wait for it.") from None
    except Busy as busy:
        raise AtWork(str(busy)) from None
    if as_json:
        print_json({"applied": apply, **asdict(pruned), "bytes": pruned.bytes})
    else:
        _print(pruned, apply)


def _print(pruned: "Pruned", apply: bool) -> None:
    for words, gone in (("WARC", pruned.warcs), ("附件", pruned.files), ("日志", pruned.logs)):
        for one in gone:
            count = f"，{one.records} 条记录" if one.records else ""
            out.print(f"{words} {shown(one.name)}{count}，{_size(one)}", soft_wrap=True)
    total = f"{pruned.bytes / 1_000_000:.1f} MB"
    if apply:
        out.print(f"已清理，腾出 {total}。")
    else:
        out.print(f"可以清理 {total}；加 --apply 才真正删除。")


def _size(gone: "Gone") -> str:
    return f"{gone.bytes / 1000:.0f} kB"
