"""`kuaixun db`: the database and all that is kept beside it, one module a subcommand."""

import click

from kuaixun.lazy import Lazy

SUBCOMMANDS = {
    "dump": "kuaixun.db.dump:command",
    "backup": "kuaixun.db.backup:command",
    "restore": "kuaixun.db.restore:command",
    "check": "kuaixun.db.check:command",
    "prune": "kuaixun.db.prune:command",
    "copy": "kuaixun.db.copy:command",
}


@click.group(cls=Lazy, paths=SUBCOMMANDS)
def command() -> None:
    """Keep what is kept safe: back up, restore, check, prune, copy to another database, dump.

    \b
    Examples:
      kuaixun db backup
      kuaixun db check
      kuaixun db dump > dump.jsonl
    """
