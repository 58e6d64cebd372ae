"""`kuaixun issue`: the issues of the bulletin, and their documents."""

import re
from pathlib import Path

import click
from rich.markup import escape

import store
from kuaixun.console import Fault, err, out, print_json


@click.group(epilog="Exit codes: 0 done; 2 no such issue; 4 the disk is full.")
def command() -> None:
    """List the issues of the bulletin and build their documents.

    \b
    Examples:
      kuaixun issue list
      kuaixun issue build "(2019) 0902 期"
    """


@command.command("list", epilog="Exit code: 0 listed (none is well too).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(as_json: bool) -> None:
    """The issues, newest first.

    \b
    Examples:
      kuaixun issue list
      kuaixun issue list --json | jq -r '.issues[0].number'
    """
    store.migrate()
    from store.models import Issue

    found = [
        {"number": issue.number, "entries": issue.entries.count()}
        for issue in Issue.objects.order_by("-year", "-month", "-running")
    ]
    if as_json:
        print_json({"issues": found})
    for one in [] if as_json else found:
        out.print(f"{one['number']}  {one['entries']} 条")
    if not found and not as_json:
        out.print("还没有任何一期。")


@command.command(epilog="Exit codes: 0 built; 2 no such issue; 4 the disk is full.")
@click.argument("number")
@click.option(
    "--out",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file; named after the issue when left out.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def build(number: str, path: Path | None, as_json: bool) -> None:
    """Build the DOCX of the issue NUMBER.

    \b
    kuaixun issue build "(2019) 0902 期"
    kuaixun issue build "(2019) 0902 期" --out bulletin.docx
    """
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
