"""`kuaixun schedule`: every night by itself."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from kuaixun.console import Fault, err, print_json

if TYPE_CHECKING:
    from nightly.schedule import Scheduler

T = TypeVar("T")

_WITH = click.option(
    "--with",
    "name",
    type=click.Choice(["systemd", "cron", "windows"]),
    help="Which scheduler; default: the first that is here.",
)


_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")


@click.group(epilog="Exit codes: 0 done, 1 nothing is installed (show), 2 it cannot be done.")
def command() -> None:
    """Run the night by itself, every night.

    A night missed while the machine was off is caught up. With systemd: a timer of your user.
    Else: two lines in your crontab, the second of which looks every hour whether the night was
    missed. On Windows: a task.

    \b
    Examples:
      kuaixun schedule install --at 02:30
      kuaixun schedule install --at 02:30 --print
      kuaixun schedule show
      kuaixun schedule remove
    """


@command.command(epilog="Exit codes: 0 installed (again changes nothing), 2 it cannot be.")
@click.option("--at", default="02:30", show_default=True, help="HH:MM by the machine's own clock.")
@click.option(
    "--print", "only_print", is_flag=True, help="Print what would be written; write nothing."
)
@_JSON
@_WITH
def install(at: str, only_print: bool, as_json: bool, name: str | None) -> None:
    """Run the night every day at a time.

    KUAIXUN_CONTACT, KUAIXUN_DATA and KUAIXUN_DATABASE_URL are taken over as they are set now.

    \b
    Examples:
      kuaixun schedule install --at 02:30
      kuaixun schedule install --at 02:30 --with cron --print
    """
    import store
    from nightly.schedule import job

    store.setup()

    from django.conf import settings

    try:
        hour = dt.time.fromisoformat(at)
    except ValueError:
        raise click.BadParameter(f"{at!r} is no time: write 02:30", param_hint="--at") from None
    scheduler = _scheduler(name)
    wanted = job(hour.replace(second=0, microsecond=0), settings.ROOT, settings.DATA)
    if "KUAIXUN_CONTACT" not in wanted.environment:
        err.print(
            "Warning: KUAIXUN_CONTACT is not set; the night will refuse to start. Set it and "
            "install again.",
            style="yellow",
        )
    text = scheduler.text(wanted)
    done = [] if only_print else _asking(lambda: scheduler.install(wanted))
    if as_json:
        told = {"installed": not only_print, "text": text, "done": done}
        print_json({"scheduler": scheduler.name, **told})
    elif only_print:
        click.echo(text)
    for line in [] if as_json else done:
        click.echo(line)


@command.command(epilog="Exit codes: 0 it is installed, 1 it is not.")
@_JSON
@_WITH
def show(as_json: bool, name: str | None) -> None:
    """Show what is installed.

    \b
    Examples:
      kuaixun schedule show
      kuaixun schedule show --json
    """
    scheduler = _scheduler(name)
    text = _asking(scheduler.show)
    if as_json:
        print_json({"scheduler": scheduler.name, "installed": bool(text), "text": text})
    else:
        click.echo(text or f"Nothing is installed with {scheduler.name}: kuaixun schedule install")
    if not text:
        raise SystemExit(1)


@command.command(epilog="Exit codes: 0 it is gone, or was not there; 2 it cannot be removed.")
@_JSON
@_WITH
def remove(as_json: bool, name: str | None) -> None:
    """Take the schedule away; what the nights have kept stays.

    \b
    Examples:
      kuaixun schedule remove
      kuaixun schedule remove --with cron --json
    """
    scheduler = _scheduler(name)
    gone = _asking(scheduler.remove)
    if as_json:
        print_json({"scheduler": scheduler.name, "removed": gone})
    else:
        click.echo("Removed." if gone else "There was nothing to remove.")


def _scheduler(name: str | None) -> "Scheduler":
    from nightly.schedule import choose

    return _asking(lambda: choose(name or ""))


def _asking(ask: Callable[[], T]) -> T:
    from nightly.job import NoScheduler

    try:
        return ask()
    except NoScheduler as fault:
        what, _, remedy = str(fault).partition("; ")
        raise Fault(what, remedy) from None
