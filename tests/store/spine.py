"""The database that the spine's demo left: see data/README.md."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

DATA = Path(__file__).parent / "data" / "spine-demo.sql.gz"


def lay(file: Path) -> Path:
    """Make the SQLite file of it."""
    with closing(sqlite3.connect(file)) as database:
        database.executescript(gzip.decompress(DATA.read_bytes()).decode())
        database.commit()
    return file


def text(file: Path) -> str:
    """All that the file holds, as SQL."""
    with closing(sqlite3.connect(file)) as database:
        return "\n".join(database.iterdump())


def rows(file: Path, table: str, columns: list[str]) -> list[tuple[object, ...]]:
    """Those columns of the table, by key."""
    names = ", ".join(f'"{column}"' for column in columns)
    with closing(sqlite3.connect(file)) as database:
        return database.execute(f'SELECT {names} FROM "{table}" ORDER BY 1').fetchall()


def columns(file: Path) -> dict[str, list[str]]:
    """The columns of every table that the migrations made."""
    with closing(sqlite3.connect(file)) as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = [name for (name,) in found if name.startswith(("store_", "auth_", "django_c"))]
        return {
            table: [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
            for table in tables
        }
