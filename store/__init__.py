"""What is kept: a Django app over SQLite or PostgreSQL. `setup()` before any model is imported."""

import os


def setup() -> None:
    """Configure Django once for this process and make sure the data folder exists."""
    import django
    from django.apps import apps
    from django.conf import settings

    if apps.ready:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "store.settings")
    django.setup()
    settings.DATA.mkdir(parents=True, exist_ok=True)


def migrate() -> None:
    """Bring the database to today's tables; a look at one table when it is there already.

    Two processes that start together take turns. Not to be called inside an event loop. Raises
    OSError when the data folder cannot be written, NotSupportedError when SQLite is too old."""
    setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from filelock import FileLock

    _check_version()
    # The first connection of all turns a new file to WAL, which SQLite refuses to wait for.
    with FileLock(settings.DATA / "migrate.lock"):
        if (settings.DATA / ".restoring" / "plan.json").is_file():
            from store.restore import finish

            finish()  # a restore that was killed after it was settled
        if not _pending():
            return
        if connection.vendor == "postgresql":  # whose other clients may be on other machines
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATE_LOCK])
        try:
            if _pending():
                call_command("migrate", verbosity=0, interactive=False)
        finally:
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATE_LOCK])


def _check_version() -> None:
    """The store's own statements say RETURNING; Django alone would take an older SQLite."""
    from django.db import NotSupportedError, connection

    if connection.features.can_return_columns_from_insert:
        return
    version = ".".join(map(str, connection.get_database_version()))
    raise NotSupportedError(
        f"SQLite {version} is too old, 3.35 or later is needed: use a Python that was built with "
        "a newer one, or PostgreSQL (KUAIXUN_DATABASE_URL)"
    )


_MIGRATE_LOCK = 0x6B756169  # any number, the same in all versions


def _pending() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
