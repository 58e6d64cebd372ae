"""All that one database holds, carried into another, empty one; each is SQLite or PostgreSQL.

The target first gets the tables that the source has today, whatever today's code would make: so no
old database is touched to be copied. Then all rows go over in one transaction, with their keys, and
are compared; only then are the target's tables brought to today's. Killed before the end of the
transaction, the target is as empty as before.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DatabaseError, DataError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import AutoField, ForeignKey, Model, TextField

from store.settings import database

Tell = Callable[[str, str, int, int], None]  # what is done, table, rows so far, of how many
Key = tuple[str, str]  # a migration's app and name
Values = tuple[Any, ...]

SOURCE, TARGET = "copied_from", "copied_to"  # Django's names for the two connections
_APPS = {"auth", "contenttypes", "store"}
_FILLED_BY_MIGRATE = {"auth_permission", "django_content_type"}
_LOCK = 0x636F7079  # any number, the same in all versions


class Refused(ValueError):
    """The copy cannot be made; `remedy` says what to do."""

    def __init__(self, words: str, remedy: str = "") -> None:
        super().__init__(words)
        self.remedy = remedy


def copy(source: str, target: str, tell: Tell = lambda *_: None) -> dict[str, int]:
    """Carry all tables from the one to the other, each named as KUAIXUN_DATABASE_URL is or by the
    path of an SQLite file; returns the rows by table. `store.setup()` was called.

    Raises Refused when the source is no store, the target is not empty, or they cannot be read;
    DatabaseError when one of them fails meanwhile."""
    with _connected(_settings(source, "FROM"), _settings(target, "TO")):
        here, there = connections[SOURCE], connections[TARGET]
        with _consistent(here):
            state = _state_of(here)
            _must_be_empty(there)
            _make_tables(there, state)
            models = _in_order(_models(here, state))
            with transaction.atomic(using=TARGET):
                _wait_for_turn(there)
                _must_be_empty(there)
                _forget_what_migrate_filled(models)
                counts = _carry_all(models, there, tell)
                _compare_all(models, counts, tell)
        _bring_to_today()
    return counts


def _settings(place: str, named: str) -> dict[str, Any]:
    is_path = "://" not in place
    if is_path and (not place or Path(place).is_dir()):
        raise Refused(
            f"{named}: {place or 'nothing'} is no database",
            "Name the file, or sqlite:///PATH, or postgresql://USER@HOST/NAME.",
        )
    try:
        told = database(place if not is_path else "", named)
    except ValueError as fault:
        raise Refused(str(fault)) from None
    if is_path:
        told["NAME"] = str(Path(place).resolve())
    if named == "FROM":
        _to_read(told)
    return told


def _to_read(told: dict[str, Any]) -> None:
    """One state of the source is read, whoever writes meanwhile, and nobody is kept waiting."""
    if told["ENGINE"].endswith("postgresql"):
        from psycopg import IsolationLevel

        told["OPTIONS"]["isolation_level"] = IsolationLevel.REPEATABLE_READ
        return
    if not Path(told["NAME"]).is_file():  # SQLite would make it
        raise Refused(f"FROM: there is no file {told['NAME']}", "Name the database's file.")
    told["OPTIONS"] = {"timeout": 20}  # neither BEGIN IMMEDIATE nor a change of the journal's mode


@contextmanager
def _connected(source: dict[str, Any], target: dict[str, Any]) -> Iterator[None]:
    """The two are connections of Django's for this long."""
    places = [[told[part] for part in ("ENGINE", "NAME", "HOST", "PORT") if part in told]
              for told in (source, target)]  # fmt: skip
    if places[0] == places[1]:
        raise Refused("FROM and TO are one database", "Name another, empty one after it.")
    both = {SOURCE: source, TARGET: target}
    try:
        for alias, told in both.items():
            connections.settings[alias] = connections.configure_settings({"default": told})[
                "default"
            ]
            _must_answer(connections[alias], "FROM" if alias == SOURCE else "TO")
        yield
    finally:
        for alias in both:
            if alias in connections.settings:
                connections[alias].close()
                del connections[alias], connections.settings[alias]


def _must_answer(connection: BaseDatabaseWrapper, named: str) -> None:
    try:
        connection.ensure_connection()
        connection.introspection.table_names()  # SQLite reads nothing before
    except DatabaseError as fault:
        words = " ".join(str(fault).split())
        raise Refused(
            f"{named} cannot be read: {words}",
            "See that it is a database of Kuaixun's, can be reached, and takes this user.",
        ) from None


@contextmanager
def _consistent(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with transaction.atomic(using=connection.alias):
        yield


def _state_of(connection: BaseDatabaseWrapper) -> list[Key]:
    """The last migration of each app that the database has."""
    loader = MigrationExecutor(connection).loader
    applied = {key for key in loader.applied_migrations if key[0] in _APPS}
    if not any(app == "store" for app, _ in applied):
        raise Refused(
            "FROM holds nothing of Kuaixun's", "Name the database that KUAIXUN_DATABASE_URL names."
        )
    if unknown := sorted(applied - loader.graph.nodes.keys()):
        names = ", ".join(f"{app}.{name}" for app, name in unknown)
        raise Refused(
            f"FROM was made by a newer Kuaixun: its migrations {names} are unknown here",
            "Copy it with the Kuaixun that made it, or a newer one.",
        )
    nodes = loader.graph.node_map
    return sorted(
        key
        for key in applied
        if not any(child.key[0] == key[0] and child.key in applied for child in nodes[key].children)
    )


def _make_tables(connection: BaseDatabaseWrapper, state: list[Key]) -> None:
    executor = MigrationExecutor(connection)
    wanted = {key for target in state for key in executor.loader.graph.forwards_plan(target)}
    ahead = sorted(
        key for key in executor.loader.applied_migrations if key[0] in _APPS and key not in wanted
    )
    if ahead:
        names = ", ".join(f"{app}.{name}" for app, name in ahead)
        raise Refused(
            f"TO has tables that are newer than FROM's ({names})",
            "Name a database in which there is nothing yet: they are made as FROM has them, and "
            "brought to today's after the copy.",
        )
    executor.migrate(state)


def _models(connection: BaseDatabaseWrapper, state: list[Key]) -> list[type[Model]]:
    """What the tables hold in that state."""
    then = MigrationExecutor(connection).loader.project_state(state).apps
    there = set(connection.introspection.table_names())
    models = then.get_models(include_auto_created=True)
    return [model for model in models if model._meta.db_table in there]


def _points_at(model: type[Model]) -> set[type[Model]]:
    fields = model._meta.local_concrete_fields
    return {f.related_model for f in fields if isinstance(f, ForeignKey)}


def _in_order(models: Iterable[type[Model]]) -> list[type[Model]]:
    """Each after those it points at, as far as they do not point back."""
    left, placed = list(models), []
    while left:
        free = min(left, key=lambda m: len((_points_at(m) & set(left)) - {m}))
        left.remove(free)
        placed.append(free)
    return placed


def _wait_for_turn(connection: BaseDatabaseWrapper) -> None:
    """Two copies into one database: the second waits, and finds it filled."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _must_be_empty(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        here = set(connection.introspection.table_names(cursor))
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table in _FILLED_BY_MIGRATE or table not in here:
                continue
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                raise Refused(
                    f"TO is not empty: there are rows in {table}",
                    "Name an empty database. What an earlier copy has carried there is whole: one "
                    "that was interrupted leaves nothing.",
                )


def _forget_what_migrate_filled(models: list[type[Model]]) -> None:
    for model in reversed(models):  # what points at others goes first
        if model._meta.db_table in _FILLED_BY_MIGRATE:
            model._base_manager.using(TARGET).all().delete()


def _carry_all(models: list[type[Model]], there: BaseDatabaseWrapper, tell: Tell) -> dict[str, int]:
    counts: dict[str, int] = {}
    placed: set[type[Model]] = set()
    for model in models:
        ahead = set().union(*(_points_at(one) for one in {*placed, model})) - placed
        # checked at once where nothing points ahead: PostgreSQL keeps what it puts off in memory
        _put_off_checks(there, bool(ahead))
        counts[model._meta.db_table] = _carry(model, there, tell)
        placed.add(model)
    _put_off_checks(there, False)
    there.check_constraints()
    return counts


def _put_off_checks(connection: BaseDatabaseWrapper, put_off: bool) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL {'DEFERRED' if put_off else 'IMMEDIATE'}")


def _carry(model: type[Model], there: BaseDatabaseWrapper, tell: Tell) -> int:
    table = model._meta.db_table
    total, done = model._base_manager.using(SOURCE).count(), 0
    with closing(_rows(model, SOURCE)) as rows:
        while chunk := list(islice(rows, _chunk(model))):
            _insert_values(model, there, chunk)
            done += len(chunk)
            tell("copied", table, done, max(done, total))
    _set_last_key(model)
    return done


def _insert_values(model: type[Model], there: BaseDatabaseWrapper, rows: list[Values]) -> None:
    fields, table = model._meta.local_concrete_fields, model._meta.db_table
    ready = [
        [field.get_db_prep_save(value, there) for field, value in zip(fields, row, strict=True)]
        for row in rows
    ]
    try:
        _insert(there, table, [str(field.column) for field in fields], ready)
    except DataError as fault:
        keys = f"{_key(model, rows[0])} to {_key(model, rows[-1])}"
        words = " ".join(str(fault).split())
        raise Refused(
            f"TO does not take a row of {table} with a key of {keys}: {words}",
            "Correct it in FROM.",
        ) from None


def _key(model: type[Model], row: Values) -> Any:
    return row[model._meta.local_concrete_fields.index(model._meta.pk)]


def _chunk(model: type[Model]) -> int:
    """How many rows are in memory at once: few of those that hold pages."""
    return 100 if any(isinstance(f, TextField) for f in model._meta.local_concrete_fields) else 2000


def _rows(model: type[Model], alias: str) -> Generator[Values]:
    """All rows by key, as Python's values, a chunk of them in memory."""
    names = [field.attname for field in model._meta.local_concrete_fields]
    kept = model._base_manager.using(alias).order_by("pk").values_list(*names)
    for row in kept.iterator(chunk_size=_chunk(model)):
        yield tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)


def _insert(
    connection: BaseDatabaseWrapper, table: str, columns: list[str], rows: list[list[Any]]
) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY {quote(table)} ({names}) FROM STDIN"
            with connection.wrap_database_errors, cursor.cursor.copy(statement) as out:
                for row in rows:
                    out.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {quote(table)} ({names}) VALUES ({places})"  # noqa: S608
            cursor.executemany(statement, rows)


def _set_last_key(model: type[Model]) -> None:
    """The next row gets a key that neither database ever gave: not one of a row now gone either."""
    if not isinstance(model._meta.pk, AutoField):
        return
    last = _last_key(model)
    table, there = model._meta.db_table, connections[TARGET]
    if not last:
        return
    with there.cursor() as cursor:
        if there.vendor == "postgresql":
            cursor.execute("SELECT setval(%s, %s)", [_sequence(cursor, model), last])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _last_key(model: type[Model]) -> int:
    here = connections[SOURCE]
    with here.cursor() as cursor:
        if here.vendor == "postgresql":
            sequence = _sequence(cursor, model)
            cursor.execute(f"SELECT last_value FROM {sequence} WHERE is_called")  # noqa: S608
        else:
            cursor.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table]
            )
        found = cursor.fetchone()
    highest = model._base_manager.using(TARGET).order_by("-pk").values_list("pk", flat=True).first()
    return max(found[0] if found else 0, highest or 0)


def _sequence(cursor: Any, model: type[Model]) -> str:
    """As PostgreSQL quotes it."""
    table, column = model._meta.db_table, model._meta.pk.column
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
    name: str = cursor.fetchone()[0]
    return name


def _compare_all(models: list[type[Model]], counts: dict[str, int], tell: Tell) -> None:
    """Read both again, side by side: every field of every row, which says more than two dumps."""
    for model in models:
        table = model._meta.db_table
        with closing(_rows(model, SOURCE)) as rows, closing(_rows(model, TARGET)) as arrived:
            for number, (ours, theirs) in enumerate(zip_longest(rows, arrived), 1):
                if ours != theirs:
                    key = _key(model, ours or theirs)
                    raise Refused(f"{table} {key} did not arrive as it was: nothing is kept in TO")
                if not number % 2000 or number == counts[table]:
                    tell("compared", table, number, counts[table])


def _bring_to_today() -> None:
    from django.core.management import call_command

    call_command("migrate", database=TARGET, verbosity=0, interactive=False)
