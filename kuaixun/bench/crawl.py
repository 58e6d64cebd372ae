"""`kuaixun bench crawl`: what a kept notice costs, beside a spider that only selects."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table

from kuaixun.bench.crawl_cost import Cost
from kuaixun.console import Fault, err, out, print_json

ROOT = Path(__file__).resolve().parent.parent.parent
BARE, BARE_FEW, OURS = "bare", "bare, CONCURRENT_ITEMS=2", "kuaixun"
START = "start: imports"
REST = "rest: Scrapy, Twisted, middlewares, hand-over to the writer"
_LIMIT = 3600  # seconds that one process may take


class Failed(Fault):
    """A crawl failed or missed a page: there is nothing to compare."""

    exit_code: ClassVar[int] = 1


@dataclass(slots=True)
class Result:
    """All processes of one measurement."""

    pages: int
    reading: str  # selectors or generic
    costs: dict[str, list[Cost]] = field(default_factory=dict)  # by spider, in rounds
    timed: Cost | None = None  # one more night of ours, timed by stage

    def ratio(self, against: str, *, started: bool = True) -> float:
        """Our CPU a page by another's, medians of the rounds; with the start if `started`."""
        return self.median(OURS, started=started) / self.median(against, started=started)

    def median(self, name: str, *, started: bool = True) -> float:
        """Milliseconds of CPU a page."""
        costs = self.costs[name]
        return statistics.median(x.cpu_ms if started else x.crawl_ms for x in costs)

    def shares(self) -> dict[str, float]:
        """Milliseconds of CPU a page by stage; they add up to the timed night's."""
        timed = self.timed
        if timed is None:
            return {}
        spent = {START: timed.start_cpu} | timed.stages
        spent[REST] = timed.cpu - sum(spent.values())
        return {stage: 1000 * seconds / max(timed.pages, 1) for stage, seconds in spent.items()}


@click.command(
    epilog="""\b
Exit codes:
  0  measured, whatever the figures are
  1  a crawl failed or missed a page
  2  wrong arguments"""
)
@click.option(
    "--pages",
    type=click.IntRange(1),
    default=2000,
    show_default=True,
    help="Notices on the invented site.",
)
@click.option(
    "--rounds",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="How often each spider crawls it; the ratio is of the medians.",
)
@click.option(
    "--selectors/--generic",
    "selectors",
    default=True,
    help="Our source has selectors for list and notice (default), or leaves all to the generic "
    "readers.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, no tables.")
def command(pages: int, rounds: int, selectors: bool, as_json: bool) -> None:
    """Crawl the same invented pages with a bare Scrapy spider and with a whole night.

    The pages (46 KB each, without files) come from a loopback server whose CPU is not counted. The
    bare spider fetches and selects; the night archives, reads, cleans, classifies and keeps them
    in an empty store with all its syncs. Each runs in a process of its own, in turns; a last night
    is timed stage by stage.

    \b
    Examples:
      kuaixun bench crawl
      kuaixun bench crawl --pages 500 --generic --json
    """
    result = measure(pages, rounds, "selectors" if selectors else "generic")
    if as_json:
        print_json(_as_json(result))
    else:
        _print(result)


def measure(pages: int, rounds: int, reading: str) -> Result:
    """Run it all. Raises Failed when a process fails or a page is missing somewhere."""
    result = Result(pages, reading)
    with tempfile.TemporaryDirectory(prefix="kuaixun-bench-") as name, _site(pages) as address:
        folder = Path(name)
        store = _make_store(folder / "store")
        for number in range(1, rounds + 1):
            for spider in (BARE, BARE_FEW, OURS):
                err.print(f"round {number}/{rounds}: {spider}", highlight=False)
                place = folder / f"{number}-{len(result.costs.get(spider, []))}-{spider}"
                place.mkdir()
                shutil.copytree(store, place / "data")
                cost = _run(spider, place, address, reading)
                result.costs.setdefault(spider, []).append(_whole(cost, spider, pages, place))
        err.print("a night timed by stage")
        place = folder / "timed"
        place.mkdir()
        shutil.copytree(store, place / "data")
        result.timed = _whole(_run(OURS, place, address, reading, "stages"), OURS, pages, place)
    return result


@contextmanager
def _site(pages: int) -> Iterator[str]:
    """The address of the column, while the server runs."""
    from kuaixun.bench.crawl_pages import LIST

    server = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "kuaixun.bench.crawl_server", str(pages)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:  # leaving closes its input, and it ends
        assert server.stdout
        port = server.stdout.readline().strip()
        if not port:
            raise Failed("The loopback server did not start.", "See what it printed above.")
        yield f"http://127.0.0.1:{port}{LIST}"


def _make_store(folder: Path) -> Path:
    """A data folder with the tables of an empty store, as every night but an installation's first
    finds them."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("KUAIXUN_", "SCRAPY_"))}
    made = subprocess.run(
        [sys.executable, "-c", "import store; store.migrate()"],
        cwd=ROOT,
        env=own | {"KUAIXUN_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise Failed(f"No store could be made:\n{made.stderr[-2000:]}")
    return folder


def _run(spider: str, folder: Path, address: str, reading: str, *more: str) -> Cost:
    """One process over the whole site; what it printed and logged stays in `folder`."""
    told = folder / "cost.json"
    if spider == OURS:
        words = ["kuaixun.bench.crawl_night", str(told), *more]
    else:
        few = "2" if spider == BARE_FEW else "0"
        words = ["kuaixun.bench.crawl_bare", address, few, str(told)]
    own = {k: v for k, v in os.environ.items() if not k.startswith(("KUAIXUN_", "SCRAPY_"))}
    environment = own | {
        "KUAIXUN_DATA": str(folder / "data"),
        "SCRAPY_SETTINGS_MODULE": "settings" if spider == OURS else "",
        "BENCH_SITE": address,
        "BENCH_READING": reading,
    }
    printed = folder / "printed.txt"
    with printed.open("wb") as file:
        try:
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-m", *words],
                cwd=ROOT,
                env=environment,
                stdout=file,
                stderr=file,
                timeout=_LIMIT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            what = f"The crawl of {spider} was not done after {_LIMIT} s."
            raise Failed(what, "Measure fewer pages: --pages.") from None
    if done.returncode or not told.exists():
        last = printed.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise Failed(
            f"The crawl of {spider} ended with {done.returncode}:\n{last}",
            "A fault in a stage shows in `kuaixun nightly`, too; see its log.",
        )
    return Cost.read(told)


def _whole(cost: Cost, spider: str, pages: int, folder: Path) -> Cost:
    if cost.pages != pages:
        logs = "".join(x.read_text(encoding="utf-8") for x in folder.glob("data/logs/*.log"))
        said = re.search(r"^\w+(?:Error|Exception): .+|WARNING: .+", logs, re.MULTILINE)
        raise Failed(
            f"{spider} took {cost.pages} notices out of {pages} pages: nothing to be compared."
            + (f" The first thing it logged: {said[0]}" if said else ""),
            "A reader or selector misses pages: see to that first.",
        )
    return cost


def _as_json(result: Result) -> dict[str, Any]:
    return {
        "pages": result.pages,
        "reading": result.reading,
        "spiders": {
            name: [
                {
                    "pages": cost.pages,
                    "cpu_ms": round(cost.cpu_ms, 3),
                    "cpu_ms_without_start": round(cost.crawl_ms, 3),
                    "pages_per_s": round(cost.pages_per_s, 1),
                    "peak_mb": cost.peak_mb and round(cost.peak_mb, 1),
                }
                for cost in costs
            ]
            for name, costs in result.costs.items()
        },
        "ratio": {
            name: {
                "cpu": round(result.ratio(name), 2),
                "cpu_without_start": round(result.ratio(name, started=False), 2),
            }
            for name in (BARE, BARE_FEW)
        },
        "stages_ms": {stage: round(ms, 3) for stage, ms in result.shares().items()},
        "timed": asdict(result.timed) if result.timed else None,
    }


def _print(result: Result) -> None:
    grid = Table(box=SIMPLE_HEAD, pad_edge=False, title=f"{result.pages} pages, {result.reading}")
    grid.add_column("spider")
    for heading in ("CPU ms/page", "without start", "pages/s", "peak MB"):
        grid.add_column(heading, justify="right")
    for name, costs in result.costs.items():
        for cost in costs:
            peak = "" if cost.peak_mb is None else f"{cost.peak_mb:.0f}"
            grid.add_row(
                name,
                f"{cost.cpu_ms:.2f}",
                f"{cost.crawl_ms:.2f}",
                f"{cost.pages_per_s:.0f}",
                peak,
            )
    out.print(grid)
    for name in (BARE, BARE_FEW):
        out.print(
            f"kuaixun / {name}: {result.ratio(name):.2f} × the CPU a page "
            f"({result.ratio(name, started=False):.2f} × without start)"
        )
    shares = result.shares()
    whole = sum(shares.values())
    grid = Table(box=SIMPLE_HEAD, pad_edge=False, title="one more night, timed by stage")
    grid.add_column("stage")
    grid.add_column("CPU ms/page", justify="right")
    grid.add_column("share", justify="right")
    for stage, ms in sorted(shares.items(), key=lambda one: -one[1]):
        grid.add_row(stage, f"{ms:.2f}", f"{ms / whole:.1%}")
    grid.add_section()
    grid.add_row("all", f"{whole:.2f}", f"{1:.1%}")
    out.print(grid)
