"""The command `kuaixun`: one module a subcommand, imported when it is asked for."""

import errno
import os
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from kuaixun.console import DiskFull, Fault, escape_unprintable
from kuaixun.lazy import Lazy

ROOT = Path(__file__).resolve().parent.parent

COMMANDS = {
    "demo": "kuaixun.demo:command",
    "nightly": "kuaixun.nightly:command",
    "health": "kuaixun.health:command",
    "schedule": "kuaixun.schedule:command",
    "sources": "kuaixun.sources:command",
    "intake": "kuaixun.intake:command",
    "read": "kuaixun.read:command",
    "reread": "kuaixun.reread:command",
    "export": "kuaixun.export:command",
    "issue": "kuaixun.issue:command",
    "rows": "kuaixun.rows:command",
    "notice": "kuaixun.notice:command",
    "family": "kuaixun.family:command",
    "cited": "kuaixun.cited:command",
    "db": "kuaixun.db:command",
    "bench": "kuaixun.bench:command",
}


def _version() -> str:
    try:
        return version("kuaixun")
    except PackageNotFoundError:
        return "not installed"


@click.group(
    cls=Lazy,
    paths=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes, unless a command says otherwise: 0 well, 1 something is not well, "
    "2 wrong use or settings.",
)
@click.version_option(_version(), prog_name="kuaixun")
def cli() -> None:
    """Kuaixun 快讯: from the night's new government notices to a printed bulletin.

    \b
    Examples:
      kuaixun nightly                      read all sources, live
      kuaixun nightly --source mee         one source
      kuaixun health                       is anything missing, and why
      kuaixun schedule install --at 02:30  every night from now on
    """


def main() -> None:
    """Run the command. A foreseeable fault ends in words and an exit code, never in a traceback."""
    # Scrapy looks for its settings from the working folder; ours may be started anywhere.
    os.environ.setdefault("SCRAPY_SETTINGS_MODULE", "settings")
    sys.path.insert(0, str(ROOT))
    escape_unprintable()
    fault: Fault
    try:
        cli()
        return
    except (OSError, ValueError) as caught:
        fault = _of_the_system(caught)
    except Exception as caught:
        fault = _of_the_database(caught)
    fault.show()
    sys.exit(fault.exit_code)


def _of_the_system(caught: OSError | ValueError) -> Fault:
    from nightly.disk import is_full

    if is_full(caught):
        return DiskFull("The disk is full.", "Free some space and run the same command again.")
    if isinstance(caught, OSError) and caught.filename:
        return _of_a_path(caught, Path(os.fsdecode(caught.filename)))
    if isinstance(caught, ValueError) and "KUAIXUN_" in str(caught):
        return Fault(str(caught))
    raise caught


def _of_a_path(caught: OSError, path: Path) -> Fault:
    elsewhere = "name another folder (KUAIXUN_DATA for the data, --folder where a command has it)"
    if isinstance(caught, PermissionError) or caught.errno == errno.EROFS:
        if path.exists():
            return Fault(f"No permission: {path}", f"Run as the user who owns it, or {elsewhere}.")
        # of a file that was to be made the folder tells more: the file may be a temporary one
        return Fault(
            f"No permission to write in the folder {path.parent}",
            f"Run as the user who owns it, or {elsewhere}.",
        )
    if isinstance(caught, NotADirectoryError | FileExistsError):
        file = next((one for one in (path, *path.parents) if one.is_file()), path)
        return Fault(
            f"{path} cannot be a folder: {file} is a file",
            f"Move that file away, or {elsewhere}.",
        )
    return Fault(
        f"{caught.strerror}: {path}", f"See that it is there and readable, or {elsewhere}."
    )


def _of_the_database(caught: Exception) -> Fault:
    from django.db import DatabaseError

    from nightly.disk import is_full

    if not isinstance(caught, DatabaseError):
        raise caught
    if is_full(caught):
        return DiskFull("The disk is full.", "Free some space and run the same command again.")
    return Fault(
        f"The database answers: {caught}",
        "See that it can be reached (KUAIXUN_DATABASE_URL, or the data folder's disk and rights) "
        "and that nothing else holds it.",
    )


if __name__ == "__main__":
    main()
