"""The one thread of this process that reads and writes the database for code in an event loop.

Django's database calls may not run inside an event loop, and SQLite takes one writer at a time, so
the crawl hands every call to this thread and awaits the answer."""

import asyncio
import atexit
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

import store

P = ParamSpec("P")
T = TypeVar("T")

_pool: ThreadPoolExecutor | None = None
_connection: BaseDatabaseWrapper | None = None  # the thread's own


async def write(fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `fn` on the writer thread after all that was handed over before; returns or raises what
    it does. The first call brings the tables up to date. A cancelled caller does not stop `fn`."""
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(1, thread_name_prefix="writer")
        atexit.register(close)
    return await asyncio.wrap_future(_pool.submit(partial(_run, partial(fn, *args, **kwargs))))


def _run(call: Callable[[], T]) -> T:
    global _connection
    if _connection is None:
        store.migrate()
        _connection = connections[DEFAULT_DB_ALIAS]
    try:
        return call()
    except DatabaseError:
        _connection.close_if_unusable_or_obsolete()  # a server that went away: connect anew
        raise


def close() -> None:
    """Finish what was handed over, end the thread and close its connection. Called at exit; a later
    write starts anew."""
    global _pool, _connection
    if _pool is not None:
        _pool.shutdown()
    if _connection is not None:
        _connection.inc_thread_sharing()  # its thread is gone: this one closes for it
        _connection.close()
    atexit.unregister(close)
    _pool = _connection = None
