"""`kuaixun notice`: one kept notice, one module a subcommand."""

import click

from kuaixun.lazy import Lazy

SUBCOMMANDS = {
    "show": "kuaixun.notice.show:command",
    "diff": "kuaixun.notice.diff:command",
    "forget": "kuaixun.notice.forget:command",
}


@click.group(
    cls=Lazy,
    paths=SUBCOMMANDS,
    epilog="Exit codes: 0 done; 2 no such notice, or several sources keep one there.",
)
def command() -> None:
    """One notice: its facts and family, what changed between its revisions, and forgetting it.

    ADDRESS is the notice's address as the site gives it; where several sources keep it, name one
    with --source.

    \b
    Examples:
      kuaixun notice show https://www.mee.gov.cn/xxgk/t20190911_733474.html
      kuaixun notice diff https://www.mee.gov.cn/xxgk/t20190911_733474.html
    """
