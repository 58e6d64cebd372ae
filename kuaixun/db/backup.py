"""`kuaixun db backup`: a dated folder with all of the data."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kuaixun.console import Fault, err, out, print_json, shown
from kuaixun.ticking import Ticking

if TYPE_CHECKING:
    from store.backup import Made


@click.command(
    epilog="""\b
Exit codes:
  0  done
  1  done, but files in the data folder are damaged and were left out (kuaixun db check)
  2  nothing was backed up: the database is damaged, or wrong settings
  3  another process is backing up, restoring, pruning or forgetting here
  4  the disk is full; the older backups are as they were"""
)
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of the backups; default: KUAIXUN_BACKUPS, else data/backups. One on another "
    "disk keeps the data when this disk dies.",
)
@click.option(
    "--keep",
    type=click.IntRange(1),
    default=7,
    show_default=True,
    help="So many of the newest backups stay there.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(to: Path | None, keep: int, as_json: bool) -> None:
    """Back up database, files, WARC archive and settings into one dated folder.

    A night may go on meanwhile. On the same disk the files take no second space. Older backups are
    removed only when the new one is whole.

    \b
    Examples:
      kuaixun db backup
      kuaixun db backup --to /mnt/usb/kuaixun --keep 30
    """
    import store

    store.migrate()

    from store import backup

    with Ticking("备份") as ticking:
        made = make(to or backup.default_folder(), keep, ticking)
    if as_json:
        print_json(as_dict(made))
    else:
        out.print(shown(words(made)), soft_wrap=True)
    if made.damaged:
        for name in made.damaged:
            err.print(f"[red]已损坏，没有备份：{shown(name)}[/]", soft_wrap=True)
        raise SystemExit(1)


def make(to: Path, keep: int, ticking: Ticking | None = None) -> "Made":
    """A backup; raises Fault when there can be none."""
    from store import backup
    from store.disk import Busy
    from store.snapshot import DamagedDatabase

    try:
        return backup.make(to, keep, ticking or (lambda _: None))
    except Busy as busy:
        raise AtWork(str(busy)) from None
    except DamagedDatabase as fault:
        raise Fault(
            f"The database is damaged, no backup was made of it: {fault}",
            "The older backups are as they were: kuaixun db restore puts one back.",
        ) from None


class AtWork(Fault):
    """Another process is at work on the data."""

    exit_code = 3

    def __init__(self, what: str) -> None:
        super().__init__(f"{what[0].upper()}{what[1:]}.", "Wait until it is done.")


def as_dict(made: "Made") -> dict[str, object]:
    """What --json prints of a backup."""
    return {
        "folder": str(made.folder),
        "rows": made.rows,
        "files": made.files,
        "warcs": made.warcs,
        "bytes": made.copied,
        "damaged": made.damaged,
        "removed": made.removed,
    }


def words(made: "Made") -> str:
    """A backup in one Chinese line."""
    size = f"{made.copied / 1_000_000:.1f} MB"
    gone = f"；已删去旧备份 {'、'.join(made.removed)}" if made.removed else ""
    return (
        f"已备份到 {made.folder}：数据库 {made.rows} 行，文件 {made.files} 个，"
        f"WARC {made.warcs} 个，新占 {size}{gone}"
    )
