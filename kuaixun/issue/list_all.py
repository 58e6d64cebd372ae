"""`kuaixun issue list`: the issues, newest first."""

import click

from kuaixun.console import out, print_json


@click.command(epilog="Exit code: 0 listed (none is well too).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(as_json: bool) -> None:
    """The issues, newest first; 导入 marks those that were imported as they were printed.

    \b
    Examples:
      kuaixun issue list
      kuaixun issue list --json | jq -r '.issues[0].number'
    """
    import store

    store.migrate()

    from store.queries import issues

    found = issues()
    if as_json:
        lines = [
            {"number": one.number, "entries": one.entries, "imported": one.imported}
            for one in found
        ]
        print_json({"issues": lines})
        return
    for one in found:
        out.print(f"{one.number}  {one.entries} 条" + ("  导入" if one.imported else ""))
    if not found:
        out.print("还没有任何一期。")
