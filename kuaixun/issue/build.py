"""`kuaixun issue build`: an issue's document."""

import re
from pathlib import Path

import click
from rich.markup import escape

from kuaixun.console import Fault, err, out, print_json


@click.command(epilog="Exit codes: 0 built; 2 no such issue; 4 the disk is full.")
@click.argument("number")
@click.option(
    "--out",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file; named after the issue when left out.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(number: str, path: Path | None, as_json: bool) -> None:
    """Build the DOCX of the issue NUMBER; of an imported issue, from what was printed.

    \b
    kuaixun issue build "(2019) 0902 期"
    kuaixun issue build "(2019) 0902 期" --out bulletin.docx
    """
    import store

    store.migrate()

    from kuaixun.editions import build_issue

    path = path or Path("kuaixun-" + "-".join(re.findall(r"\d+", number)) + ".docx")
    try:
        built = build_issue(number, path)
    except LookupError:
        raise Fault(
            f"There is no issue {number!r}.", "see `kuaixun issue list` for the numbers."
        ) from None
    if as_json:
        print_json({"path": str(built.path), "pages": built.pages, "warnings": built.warnings})
        return
    for warning in built.warnings:
        err.print(f"[yellow]{escape(warning)}[/]")
    out.print(f"{built.path}（{built.pages or '？'} 页）")
