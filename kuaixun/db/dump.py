"""`kuaixun db dump`: the database as it is."""

import click

from kuaixun.console import print_json


@click.command(epilog="Exit code: 0.")
def command() -> None:
    """Print what is kept as JSON lines, in a form two stores can be compared by.

    One line a record: its table, its fields with names in place of keys, no clock readings.

    \b
    Example:
      kuaixun db dump > dump.jsonl
    """
    import store

    store.migrate()

    from store import queries

    for table, records in queries.dump().items():
        for record in records:
            print_json({"table": table, **record}, sort_keys=True)
