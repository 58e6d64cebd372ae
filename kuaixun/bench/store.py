"""`kuaixun bench store`: saving and joining in a large store, and whether the joins are right."""

import os
import tempfile
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click
from rich.box import SIMPLE_HEAD
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from kuaixun.console import Fault, err, out, print_json

if TYPE_CHECKING:
    from kuaixun.bench.store_measure import Measured

LAST = 5000  # notices that are saved one by one, of a quarter at most


@click.command(
    epilog="Exit codes: 0 measured, whatever the figures are; 2 wrong use, or the database holds "
    "something; 4 the disk is full."
)
@click.option(
    "--notices",
    type=click.IntRange(100),
    default=20_000,
    show_default=True,
    help="In the store when all is done.",
)
@click.option(
    "--database",
    metavar="URL",
    default="",
    help="An empty database, as KUAIXUN_DATABASE_URL has it. What is built stays in it. Left out: "
    "SQLite in a temporary folder.",
)
@click.option("--seed", default=1, show_default=True, help="Of what is invented.")
@click.option("--show", "shown", default=0, metavar="N", help="Print so many of the mistakes.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, no table.")
def command(notices: int, database: str, seed: int, shown: int, as_json: bool) -> None:
    """Build a store of invented notices, save the last 5,000 as a night does, and compare.

    The notices are invented: policies, calls, publicity, permits, with 文号, days and bodies of 100
    to 8,000 characters; some reposted by up to 29 other sites in their own dress, some revised,
    some easily taken for others (批次, years, months, one template for many companies), and some
    about them: 解读, 更正, 转发. The truth is known, so that every pair of notices that was
    joined, and every one that was not, can be judged.

    \b
    Examples:
      kuaixun bench store --notices 20000
      kuaixun bench store --notices 200000 --database postgresql://kuaixun@localhost/bench
    """
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="kuaixun-bench-store-"))
        # before the store is set up, which happens once in a process
        os.environ["KUAIXUN_DATA"] = folder
        os.environ["KUAIXUN_DATABASE_URL"] = database
        told = _run(notices, seed, stack)
    if as_json:
        print_json(told)
        return
    _print(told)
    for words in told["mistakes"][:shown]:
        out.print(words, highlight=False)


def _run(notices: int, seed: int, stack: ExitStack) -> dict[str, Any]:
    import store

    store.migrate()
    from django.db import connection

    from kuaixun.bench.store_build import build
    from kuaixun.bench.store_measure import measure
    from store.models import Notice, Source

    if Notice.objects.exists() or Source.objects.exists():
        raise Fault("The database holds something already.", "Name an empty one: --database URL.")
    progress = stack.enter_context(
        Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=err,
        )
    )
    held = min(LAST, notices // 4)
    task = progress.add_task("building", total=notices - held)
    begin = time.perf_counter()
    last, truth = build(notices, held, seed, lambda count: progress.update(task, completed=count))
    built = time.perf_counter() - begin
    task = progress.add_task("saving", total=len(last))
    measured = measure(last, truth, lambda count: progress.update(task, completed=count))
    progress.update(task, completed=len(last))
    version = ".".join(map(str, connection.get_database_version()))
    connection.close()
    return _told(measured, f"{connection.display_name} {version}", built)


def _told(measured: "Measured", engine: str, built: float) -> dict[str, Any]:
    from kuaixun.bench.store_measure import share

    joins, links = measured.joins, measured.links
    p50 = share(joins, 50)
    return {
        "engine": engine,
        "notices": measured.kept + measured.judged,
        "built_s": round(built, 1),
        "saved": measured.saved,
        "saved_a_second": round(measured.a_second, 1),
        "join_ms": {
            "p50": round(p50, 2),
            "p95": round(share(joins, 95), 2),
            "max": round(max(joins, default=0.0), 2),
        },
        "links_ms": {"p50": round(share(links, 50), 2), "p95": round(share(links, 95), 2)},
        "pairs": {
            "right": measured.pairs.right,
            "wrong": measured.pairs.wrong,
            "missed": measured.pairs.missed,
            "precision": round(measured.pairs.precision, 3),
            "recall": round(measured.pairs.recall, 3),
        },
        "links": {
            "right": measured.linked.right,
            "wrong": measured.linked.wrong,
            "missed": measured.linked.missed,
            "precision": round(measured.linked.precision, 3),
            "recall": round(measured.linked.recall, 3),
        },
        "families_whole": f"{measured.whole} of {measured.judged}",
        "every_title_ms": round(measured.rival_ms, 2),
        "join_by_every_title": round(p50 / measured.rival_ms, 4) if measured.rival_ms else None,
        "bytes_a_notice": round(measured.bytes_a_notice),
        "peak_mb": measured.peak_mb and round(measured.peak_mb),
        "mistakes": measured.mistakes,
    }


def _print(told: dict[str, Any]) -> None:
    table = Table(box=SIMPLE_HEAD, title=f"{told['engine']}, {told['notices']:,} notices")
    table.add_column("figure")
    table.add_column("value", justify="right")
    join, links, pairs, linked = (told[x] for x in ("join_ms", "links_ms", "pairs", "links"))
    for name, value in (
        ("built in bulk", f"{told['built_s']:,} s"),
        ("then saved, families and links with them", f"{told['saved']:,}"),
        ("saved a second", f"{told['saved_a_second']}"),
        ("family join, ms: p50 / p95 / max", f"{join['p50']} / {join['p95']} / {join['max']}"),
        ("links, ms: p50 / p95", f"{links['p50']} / {links['p95']}"),
        ("pairs: right / wrong / missed", _counts(pairs)),
        ("precision / recall of pairs, %", f"{pairs['precision']} / {pairs['recall']}"),
        ("links: right / wrong / missed", _counts(linked)),
        ("precision / recall of links, %", f"{linked['precision']} / {linked['recall']}"),
        ("families exactly as planted", told["families_whole"]),
        ("a title compared with every kept one, ms", f"{told['every_title_ms']}"),
        ("join p50 / that", f"{told['join_by_every_title']} ×"),
        ("bytes a notice", f"{told['bytes_a_notice']:,}"),
        ("peak memory, MB", f"{told['peak_mb']}"),
    ):
        table.add_row(name, value)
    out.print(table)


def _counts(score: dict[str, Any]) -> str:
    return f"{score['right']:,} / {score['wrong']:,} / {score['missed']:,}"
