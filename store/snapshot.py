"""The whole database in one SQLite file, as it is at one moment, while others go on writing."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlencode

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from store import disk
from store.copy import copy


class DamagedDatabase(RuntimeError):
    """SQLite finds its own file damaged; says what."""


def write(target: Path) -> None:
    """Write the snapshot; on the disk, whole, on return. Raises DamagedDatabase, OSError."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        copy_sqlite(connection.connection, target)
        return
    copy(server(), str(target))
    with closing(sqlite3.connect(target)) as copied:
        copied.execute("PRAGMA journal_mode=DELETE")
    disk.sync_folder(target.parent)


def put_back(source: Path, aside: str) -> None:
    """Carry the snapshot into the server's database; what is there goes into the schema `aside`."""
    with connection.cursor() as cursor:
        # a bare name of a table is looked for there
        cursor.execute("SELECT current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
        if connection.introspection.table_names(cursor):
            with transaction.atomic():
                cursor.execute(f"ALTER SCHEMA {schema} RENAME TO {aside}")
                cursor.execute(f"CREATE SCHEMA {schema}")
    connection.close()
    copy(str(source), server())


def server() -> str:
    """The address of the server's database, as KUAIXUN_DATABASE_URL has it."""
    told = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    said = {name: str(told[key]) for name, key in names.items() if told.get(key)}
    said |= {name: value for name, value in told["OPTIONS"].items() if isinstance(value, str)}
    return f"postgresql:///{quote(told['NAME'], safe='')}?{urlencode(said, quote_via=quote)}"


def copy_sqlite(source: sqlite3.Connection, target: Path) -> None:
    """The same of an SQLite database."""
    try:
        with closing(sqlite3.connect(target)) as copied:
            copied.execute("PRAGMA synchronous=FULL")
            # all pages in one step: others write on, and the copy is of one moment
            source.backup(copied, pages=-1)
            copied.execute("PRAGMA journal_mode=DELETE")
            said = [row[0] for row in copied.execute("PRAGMA quick_check(3)")]
    except sqlite3.DatabaseError as fault:
        if "full" in str(fault):
            raise OSError(errno.ENOSPC, "No space left on device", str(target)) from fault
        raise DamagedDatabase(str(fault)) from fault
    if said != ["ok"]:
        raise DamagedDatabase("; ".join(said))


def counts() -> dict[str, int]:
    """Rows a table, by its name."""
    names = sorted(connection.introspection.table_names())
    with connection.cursor() as cursor:
        found = {}
        for name in names:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            found[name] = cursor.fetchone()[0]
    return found


def counts_in(path: Path) -> dict[str, int]:
    """The same of a snapshot."""
    with closing(sqlite3.connect(path)) as database:
        names = [
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' "
                "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
            )
        ]
        return {
            name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for name in names
        }


def migrations() -> list[str]:
    """The store's migrations that the database has had."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(name for app, name in applied if app == "store")


def unknown(names: list[str]) -> list[str]:
    """Those of the store's migrations that this version does not have."""
    ours = {name for app, name in MigrationLoader(None).disk_migrations if app == "store"}
    return [name for name in names if name not in ours]
