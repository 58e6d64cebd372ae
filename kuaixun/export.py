"""`kuaixun export`: the candidates as XLSX, CSV and JSON lines."""

from pathlib import Path

import click

import store
from kuaixun.console import out, print_json

FORMATS = ("xlsx", "csv", "jsonl")


@click.command(epilog="Exit codes: 0 written; 2 wrong use; 4 the disk is full.")
@click.option(
    "--format",
    "formats",
    default=",".join(FORMATS),
    show_default=True,
    help="Which files, separated by commas.",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where to write them; here when left out.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the paths and the count as one JSON object."
)
def command(formats: str, folder: Path, as_json: bool) -> None:
    """Write the candidates, by section, with all that an editor wants to sort by.

    \b
    kuaixun export
    kuaixun export --format csv --folder /tmp
    """
    wanted = [form.strip() for form in formats.split(",") if form.strip()]
    if not wanted or (unknown := set(wanted) - set(FORMATS)):
        raise click.UsageError(
            f"--format {', '.join(sorted(unknown)) if wanted else formats!r}: "
            f"choose from {', '.join(FORMATS)}"
        )
    store.migrate()
    from kuaixun.editions import write_candidates

    written, count = write_candidates(folder, wanted)
    if as_json:
        print_json({"candidates": count, "written": [str(path) for path in written]})
        return
    for path in written:
        click.echo(path)
    out.print(f"候选 {count} 条。" if count else "候选 0 条：还没有人选过；文件里只有表头。")
