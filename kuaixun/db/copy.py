"""`kuaixun db copy`: an office moves to another database."""

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from kuaixun.console import Fault, err, out, print_json


@click.command(
    epilog="Exit codes: 0 copied and compared; 2 it cannot be (nothing is kept in TO); "
    "4 the disk is full."
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout: rows by table.")
def command(source: str, target: str, as_json: bool) -> None:
    """Carry all that the database FROM holds into the empty database TO, and compare the two.

    Either is the path of an SQLite file, or sqlite:///PATH or postgresql://USER@HOST/NAME as in
    KUAIXUN_DATABASE_URL. A password need not stand there: PGPASSWORD and ~/.pgpass are read.

    \b
    Examples:
      kuaixun db copy data/kuaixun.sqlite3 postgresql://kuaixun@db.example.cn/kuaixun
      kuaixun db copy "postgresql://kuaixun@/kuaixun?host=/run/postgresql" moved.sqlite3

    FROM is only read, as it is at the start: let no night run meanwhile. TO gets everything, users,
    decisions and keys included, in one transaction: interrupted, nothing of it is there and the
    same command begins anew. Attachments and archived pages are files of the data folder, which
    stays where it is: set KUAIXUN_DATABASE_URL to TO, leave KUAIXUN_DATA, and go on.
    """
    import store

    store.setup()
    from store.copy import Refused, copy

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
    )
    tasks: dict[tuple[str, str], int] = {}

    def tell(what: str, table: str, done: int, total: int) -> None:
        if (what, table) not in tasks:
            tasks[what, table] = bar.add_task(f"{what} {table}", total=total)
        bar.update(tasks[what, table], completed=done, total=total)  # type: ignore[arg-type]

    try:
        with bar:
            counts = copy(source, target, tell)
    except Refused as fault:
        raise Fault(str(fault), fault.remedy) from None
    if as_json:
        print_json({"rows": counts})
        return
    out.print(f"Copied and compared: {sum(counts.values()):,} rows of {len(counts)} tables.")
    out.print("Files lie in the data folder as before. Now set KUAIXUN_DATABASE_URL to TO.")
