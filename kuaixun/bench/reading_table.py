"""The figures of `kuaixun bench reading`, as a table, as Markdown and as JSON."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich import box
from rich.table import Table

from kuaixun.bench.reading_measure import Figure, Mark, Measured, Page, Times
from kuaixun.bench.score import FIGURES
from kuaixun.console import narrow, out, print_block, print_json
from kuaixun.console import shown as marked

NONE = "—"  # the reader reads no such thing, or no page has it
PACE = "trafilatura"  # the rival whose time is the measure

_SHOWN = {  # figure -> the fact that a short score is about
    "title": "title",
    "published": "published",
    "written": "written",
    "doc_number": "doc_number",
    "no_number": "doc_number",
    "issuers": "issuers",
    "closes": "period",
    "no_period": "period",
}

_TIMES: dict[str, Callable[[Times], str]] = {
    "ms, median": lambda times: f"{times.median:.2f}",
    "ms, p95": lambda times: f"{times.p95:.2f}",
    "ms, first sight": lambda times: f"{times.first:.2f}",
    "ms/MB, worst": lambda times: NONE if times.worst_a_mb is None else f"{times.worst_a_mb:.0f}",
}


@dataclass(frozen=True, slots=True)
class Run:
    """One run's results: `results[0]` is ours."""

    pages: Sequence[Page]
    results: Sequence[Measured]
    passes: int
    clock: str  # what the times count
    options: str  # what followed `kuaixun bench reading --pages DIR`

    @property
    def scored(self) -> list[Page]:
        return [page for page in self.pages if page.is_scored]

    def times(self, result: Measured, *, lists: bool) -> Times | None:
        return result.times(page for page in self.scored if page.is_list == lists)

    def ratio(self, result: Measured) -> float | None:
        """A reader's median over that of PACE, on notice pages; None when PACE did not run."""
        pace = next((one for one in self.results if one.reader.name == PACE), None)
        theirs = self.times(pace, lists=False) if pace else None
        mine = self.times(result, lists=False)
        return mine.median / theirs.median if mine and theirs and theirs.median else None


def print_run(run: Run, worst: int) -> None:
    """The table for people, then the `worst` pages of each of our figures."""
    header, lines = _cells(run)
    if narrow(out):
        _print_blocks(header, lines)
    else:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        table.add_column(header[0], no_wrap=True)
        for name in header[1:]:
            table.add_column(name, justify="right", overflow="fold")
        for line in lines:
            table.add_row(*line)
        out.print(table)
    out.print(_said(run), markup=False)
    for name in FIGURES if worst else ():
        marks = run.results[0].worst(name, worst)
        if marks:
            out.print(f"[bold]{name}[/]")
        for mark in marks:
            told = marked(f"{mark.score:.3f}  {mark.page.id}  {mark.page.host}{_told(name, mark)}")
            out.print(f"  {told}", soft_wrap=True)


def _print_blocks(header: list[str], lines: list[list[str]]) -> None:
    for figure, *cells in lines:
        told = [f"{name} {cell}" for name, cell in zip(header[1:], cells, strict=True) if cell]
        print_block(out, [f"[bold]{marked(figure)}[/]"], marked("; ".join(told)))


def print_markdown(run: Run) -> None:
    """The section that stands in docs/reading.md between its two comments."""
    header, lines = _cells(run)
    rule = ["---"] + ["---:"] * (len(header) - 1)
    out.print(f"`kuaixun bench reading --pages DIR{run.options}`", markup=False, soft_wrap=True)
    out.print()
    for line in (header, rule, *lines):
        out.print(f"| {' | '.join(line)} |", markup=False, soft_wrap=True)
    out.print()
    out.print(_said(run), markup=False, soft_wrap=True)


def print_machine(run: Run, worst: int) -> None:
    """All of it as one JSON object."""
    readers = {}
    for result in run.results:
        figures = {name: result.figure(name) for name in FIGURES}
        notices, lists = run.times(result, lists=False), run.times(result, lists=True)
        readers[result.reader.name] = {
            "version": result.reader.version,
            "figures": {name: asdict(one) for name, one in figures.items() if one},
            "ms": {
                "notice": asdict(notices) if notices else None,
                "list": asdict(lists) if lists else None,
            },
            f"of_{PACE}": run.ratio(result),
            "faults": result.faults,
        }
    told: dict[str, Any] = {
        "pages": len(run.scored),
        "hosts": len({page.host for page in run.scored}),
        "passes": run.passes,
        "clock": run.clock,
        "readers": readers,
    }
    if worst:
        told["worst"] = {
            name: [
                {"id": mark.page.id, "host": mark.page.host, "score": mark.score}
                for mark in run.results[0].worst(name, worst)
            ]
            for name in FIGURES
        }
    print_json(told)


def _cells(run: Run) -> tuple[list[str], list[list[str]]]:
    ours, *rivals = run.results
    header = ["figure", "pages, hosts", ours.reader.name, "right", "by host"]
    header += [one.reader.name for one in rivals]
    lines = []
    for name in FIGURES:
        mine = ours.figure(name)
        if mine is None:
            continue
        line = [name, f"{mine.pages}, {mine.hosts}", f"{mine.mean:.2f}"]
        line += [str(mine.right), f"{mine.by_host:.2f}"]
        lines.append(line + [_both(one.figure(name)) for one in rivals])
    for what, is_list in (("notice", False), ("list", True)):
        times = [run.times(result, lists=is_list) for result in run.results]
        if times[0] is None:
            continue
        of = f"{times[0].pages}, {len({p.host for p in run.scored if p.is_list == is_list})}"
        for label, shown in _TIMES.items():
            mine_, *theirs = [NONE if one is None else shown(one) for one in times]
            lines.append([f"{what} {label}", of, mine_, "", "", *theirs])
    ratios = [run.ratio(result) for result in run.results]
    if ratios[0] is not None:
        mine_, *theirs = [NONE if one is None else f"{one:.2f}" for one in ratios]
        lines.append([f"ratio to {PACE}", "", mine_, "", "", *theirs])
    return header, lines


def _both(figure: Figure | None) -> str:
    return NONE if figure is None else f"{figure.mean:.1f}/{figure.by_host:.1f}"


def _said(run: Run) -> str:
    hosts = len({page.host for page in run.scored})
    rivals = [f"{one.reader.name} {one.reader.version}" for one in run.results[1:]]
    said = f"{len(run.scored)} pages of {hosts} hosts; {run.clock}, "
    if run.passes > 2:
        said += f"median of {run.passes - 1} passes after the first"
    else:
        said += "one pass" if run.passes == 1 else "the second of two passes"
    return said + (f"; against {', '.join(rivals)}." if rivals else ".")


def _told(name: str, mark: Mark) -> str:
    fact = _SHOWN.get(name)
    if fact is None:
        return ""
    return f"  read {mark.reading.get(fact)!r}, right is {mark.page.gold.get(fact)!r}"
