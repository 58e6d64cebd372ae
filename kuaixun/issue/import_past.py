"""`kuaixun issue import`: past issues are taken over."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kuaixun.console import Fault, err, out, print_json, shown

if TYPE_CHECKING:
    from store.past_issues import Kept

SHOWN = 20  # faults or differences of a file that are printed
_RESULTS = {"new": "已导入", "unchanged": "已有，没有变化", "replaced": "已替换"}


@click.command(
    "import",
    epilog="Exit codes: 0 all are kept (those that were kept already, too); 2 a file was refused, "
    "the others are kept; 4 the disk is full.",
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--replace", is_flag=True, help="Let a file replace a kept issue that differs.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(files: tuple[Path, ...], replace: bool, as_json: bool) -> None:
    """Take over past issues, so that what ran in them is known.

    Each FILE is one issue as JSON, in the form that docs/past-issues.md tells: the firm, the
    number, the categories, and each notice with its title, category, paragraphs and, where they
    are known, its address, 文号, issuers and days.

    A notice that is kept, by its address, or by its 文号 or title and text, is linked and published
    from then on; the others stand alone with all that was printed, and are linked when the same
    file is imported again after they were collected. A file is kept whole or not at all. The same
    file again changes nothing. One that differs from the kept issue of its number is refused, and
    what differs is shown; with --replace it takes its place, and what editors wrote stays.

    \b
    Examples:
      kuaixun issue import issue-2019-0902.json
      kuaixun issue import past/*.json
      kuaixun issue import issue-2019-0902.json --replace
    """
    import store

    store.migrate()

    done: dict[str, Path] = {}
    results = []
    for path in files:
        result = {"path": str(path)} | _take_over(path, replace, done)
        results.append(result)
        if not as_json:
            _print(path, result)
    if as_json:
        print_json({"files": results})
    refused = [one["path"] for one in results if one["result"] == "refused"]
    if refused:
        raise Fault(
            f"{len(refused)} of {len(results)} files were refused: {', '.join(refused)}",
            "Mend what is named above and import them again; --replace lets a file that differs "
            "from the kept issue take its place.",
        )


def _take_over(path: Path, replace: bool, done: dict[str, Path]) -> dict[str, Any]:
    """What became of the file; `done`: the numbers of this command's files so far."""
    from kuaixun.issue.past_file import Unfit, read
    from store.past_issues import Differs, Edited, keep

    try:
        past, warnings = read(path)
    except Unfit as fault:
        return {"result": "refused", "faults": fault.faults}
    number = str(past.number)
    told: dict[str, Any] = {"number": number, "warnings": warnings}
    twin = done.setdefault(number, path)
    try:
        kept: Kept = keep(past, replace=replace and twin is path)
    except Differs as fault:
        why = f"{number} is kept already, and differs"
        if fault.made_here:
            why = f"{number} was made here, it was not imported"
        if twin is not path:
            why = f"{number} was imported from {twin} just now, and differs"
        return told | {
            "result": "refused",
            "faults": [why],
            "differences": fault.differences,
        }
    except Edited as fault:
        texts = ", ".join(repr(title) for title in fault.titles)
        why = f"editors wrote texts for entries that the file has not: {texts}"
        return told | {"result": "refused", "faults": [why]}
    return told | asdict(kept)


def _print(path: Path, result: dict[str, Any]) -> None:
    name = shown(str(path))
    for words in result.get("warnings", [])[:SHOWN]:
        err.print(f"[yellow]{name}: {shown(words)}[/]", soft_wrap=True)
    if result["result"] == "refused":
        for label in ("faults", "differences"):
            lines = result.get(label, [])
            for words in lines[:SHOWN]:
                err.print(f"[red]{name}:[/] {shown(words)}", soft_wrap=True)
            if len(lines) > SHOWN:
                err.print(f"[red]{name}:[/] and {len(lines) - SHOWN} more", soft_wrap=True)
        return
    linked, alone = result["linked"], len(result["alone"])
    words = [f"{result['number']}  {_RESULTS[result['result']]}"]
    if linked:
        words.append(f"新关联到已采集的通知 {linked} 条")
    if alone:
        words.append(f"未采集到的 {alone} 条")
    out.print("，".join(words), soft_wrap=True)
    for title in result["twice"]:
        out.print(f"  与本期另一条是同一家族，单独保存：{shown(title)}", soft_wrap=True)
