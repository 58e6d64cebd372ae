"""`kuaixun rows`: lines of a list that wait for a person."""

import click

from kuaixun.console import Fault


@click.group()
def command() -> None:
    """Rows held back because their list did not look as usual.

    \b
    Example:
      kuaixun rows release mee 通知公告
    """


@command.command(epilog="Exit codes: 0 released (or nothing was held), 2 no such source or column.")
@click.argument("source")
@click.argument("column")
def release(source: str, column: str) -> None:
    """Let held rows be fetched on the next night.

    Those of SOURCE's COLUMN, after a look at its list: kuaixun health says why they are held.
    """
    import store

    store.migrate()

    from nightly.held import NoColumn, release

    try:
        count = release(source, column)
    except NoColumn as fault:
        raise Fault(str(fault)) from None
    click.echo(f"{count} rows released." if count else "No rows were held.")
