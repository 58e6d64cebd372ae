"""`kuaixun db restore`: a backup put back."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kuaixun.console import Fault, Running, err, out, print_json, shown
from kuaixun.db.backup import AtWork
from kuaixun.ticking import Ticking

if TYPE_CHECKING:
    from store.restore import Restored


@click.command(
    epilog="""\b
Exit codes:
  0  restored
  2  nothing was changed: no backup, a damaged one, data that are in the way, or in use
  3  a night, or another backup or restore, is running in this data folder
  4  the disk is full; nothing was changed"""
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    help="The data folder to restore into; default: this installation's (KUAIXUN_DATA).",
)
@click.option("--replace", is_flag=True, help="Put the present data aside, in the data folder.")
@click.option(
    "--without-damaged",
    is_flag=True,
    help="Leave out attachments and WARC files that are damaged in the backup.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    folder: Path, to: Path | None, replace: bool, without_damaged: bool, as_json: bool
) -> None:
    """Make the backup in FOLDER the data.

    The backup is checked whole before anything is changed. The database goes where
    KUAIXUN_DATABASE_URL says, also to PostgreSQL. Killed before the last step, nothing has changed;
    killed in it, the next command finishes it.

    \b
    Examples:
      kuaixun db restore data/backups/2026-11-25T0230 --replace
      kuaixun db restore /mnt/usb/kuaixun/2026-11-25T0230 --to /srv/kuaixun
    """
    if to:
        # before the store's settings are read
        os.environ["KUAIXUN_DATA"] = str(to.resolve())

    import store

    store.setup()

    with Ticking("恢复") as ticking:
        restored = _restore(folder.resolve(), replace, without_damaged, ticking)
    store.migrate()  # an older backup's tables become today's
    if as_json:
        print_json(
            {
                "made": restored.made,
                "files": restored.files,
                "aside": restored.aside,
                "left_out": restored.left_out,
                "forgotten": [list(one) for one in restored.forgotten],
            }
        )
    else:
        _print(restored)


def _restore(folder: Path, replace: bool, without: bool, ticking: Ticking) -> "Restored":
    from django.conf import settings

    from nightly.lock import OtherNight, only_one
    from store import restore
    from store.disk import Busy

    try:
        with only_one(settings.DATA):
            return restore.restore(folder, replace=replace, without=without, tick=ticking)
    except OtherNight as other:
        raise Running(f"A night is running here (process {other.pid}).", "Wait for it.") from None
    except Busy as busy:
        raise AtWork(str(busy)) from None
    except restore.NoBackup as fault:
        raise Fault(str(fault), "Name a dated folder below data/backups.") from None
    except restore.DamagedBackup as fault:
        raise Fault(
            f"The backup is damaged, nothing was restored. Missing or changed: {fault}",
            "Take another backup; or, if these are only attachments or WARC files, restore without "
            "them: --without-damaged",
        ) from None
    except restore.NotEmpty as fault:
        raise Fault(
            f"There are data already: {fault}",
            "Name another folder (--to), or put these aside: --replace",
        ) from None
    except restore.Open as fault:
        raise Fault(
            f"Another process has the database open: {fault}",
            "Stop the desk and whatever else uses it, and run the same command again.",
        ) from None


def _print(restored: "Restored") -> None:
    out.print(f"已恢复 {restored.made[:16]} 的备份：文件 {restored.files} 个", soft_wrap=True)
    if restored.aside:
        out.print(f"原有数据移到 {shown(restored.aside)}", soft_wrap=True)
    for name in restored.left_out:
        err.print(f"[red]备份里已损坏，没有恢复：{shown(name)}[/]", soft_wrap=True)
    for source, address in restored.forgotten:
        words = f"备份之后曾要求遗忘的通知又回来了，请再遗忘一次：{source} {address}"
        err.print(f"[yellow]{shown(words)}[/]", soft_wrap=True)
