"""The one thread of this process that reads and writes the database for code in an event loop.

Django's database calls may not run inside an event loop, and SQLite takes one writer at a time, so
the crawl hands every call to this thread and awaits the answer."""

import asyncio
import atexit
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

import store

P = ParamSpec("P")
T = TypeVar("T")

_pool: ThreadPoolExecutor | None = None
_connection: BaseDatabaseWrapper | None = None  # the thread's own
_given_up = False  # a server was waited for in vain
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 20.0)  # seconds: a server is back in a minute


async def write(fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `fn` on the writer thread after all that was handed over before; returns or raises what
    it does. The first call brings the tables up to date. A cancelled caller does not stop `fn`."""
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(1, thread_name_prefix="writer")
        atexit.register(close)
    return await asyncio.wrap_future(_pool.submit(partial(_run, partial(fn, *args, **kwargs))))


def _run(call: Callable[[], T]) -> T:
    """What is handed over is one transaction each, and may be done again: a lost connection took
    it back. A server that restarts is waited for once; while it stays away, no call waits."""
    global _connection, _given_up
    if _connection is None:
        store.migrate()
        _connection = connections[DEFAULT_DB_ALIAS]
    for pause in (*_PAUSES, None):
        held = None
        try:
            _connection.ensure_connection()
            held = _connection.connection
            answer = call()
        except Error:
            lost = _connection.vendor == "postgresql" and (held is None or held.closed)
            _connection.close_if_unusable_or_obsolete()
            if not lost or _given_up or pause is None:
                _given_up = lost
                raise
            time.sleep(pause)
        else:
            _given_up = False
            return answer
    raise AssertionError("the last round returns or raises")


def close() -> None:
    """Finish what was handed over, end the thread and close its connection. Called at exit; a later
    write starts anew."""
    global _pool, _connection, _given_up
    if _pool is not None:
        _pool.shutdown()
    if _connection is not None:
        _connection.inc_thread_sharing()  # its thread is gone: this one closes for it
        _connection.close()
    atexit.unregister(close)
    _pool = _connection = None
    _given_up = False
