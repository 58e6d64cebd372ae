"""`kuaixun issue`: the issues of the bulletin, one module a subcommand."""

import click

from kuaixun.lazy import Lazy

SUBCOMMANDS = {
    "list": "kuaixun.issue.list_all:command",
    "build": "kuaixun.issue.build:command",
    "import": "kuaixun.issue.import_past:command",
    "seen": "kuaixun.issue.seen:command",
}


@click.group(
    cls=Lazy,
    paths=SUBCOMMANDS,
    epilog="Exit codes: 0 done; 2 no such issue, or a file was refused; 4 the disk is full.",
)
def command() -> None:
    """List the issues of the bulletin, build their documents, take over past ones, and tell what
    has run before.

    \b
    Examples:
      kuaixun issue list
      kuaixun issue build "(2019) 0902 期"
      kuaixun issue import past/*.json
      kuaixun issue seen 工信厅消费函〔2019〕191号
    """
