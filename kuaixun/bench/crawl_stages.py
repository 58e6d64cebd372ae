"""Which stage of a night the CPU goes to: clocks around the functions that do the work.

A stage's time is its thread's own CPU time, without that of the stages inside it, so that the
stages add up and what is in none of them is the rest.
"""

import importlib
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any

# stage -> the functions that are its own, as module:attribute; all of them plain, not async
STAGES: dict[str, tuple[str, ...]] = {
    "charset: decode and vote": ("crawler.middlewares.charset:build_response",),
    "parse to a tree": ("crawler.reading.charset:create_root_node",),
    "kind of page, challenges": (
        "crawler.middlewares.blocks:block_reason",
        "crawler.notice_pages:page_kind",
    ),
    "read lists": ("crawler.source:read_rows", "crawler.source:rows_from"),
    "read notices": ("crawler.source:read_notice",),
    "archive: hash, gzip, write": ("crawler.archive:Archive.write",),
    "archive: sync": ("crawler.archive:Archive.sync",),
    "clean": ("pipelines.clean:tidy",),
    "validate": ("pipelines.validate:doubts",),
    "classify": ("pipelines.classify:classify",),
    "save": ("pipelines.save:save",),
    "families": ("store.families:index", "store.families:join"),
    "rows of lists": (
        "store.memory:Memory._column",
        "store.memory:Memory._known",
        "store.memory:Memory._write_list",
    ),
    "database: statements": (
        "django.db.backends.sqlite3.base:SQLiteCursorWrapper.execute",
        "django.db.backends.sqlite3.base:SQLiteCursorWrapper.executemany",
    ),
    "database: commit": ("django.db.backends.base.base:BaseDatabaseWrapper._commit",),
    "writer thread: taking turns": ("store.writer:_run",),
    "progress shown": ("kuaixun.nightly:Show.page", "kuaixun.nightly:Show.kept"),
    "log": ("logging:Logger.handle",),
}


class StageClock:
    """Installed before the night begins."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = defaultdict(float)
        self._threads = threading.local()

    def install(self) -> None:
        """Put the clocks in place. Raises AttributeError naming the function that is gone."""
        for stage, targets in STAGES.items():
            for target in targets:
                module, path = target.split(":")
                *owners, name = path.split(".")
                owner: Any = importlib.import_module(module)
                for one in owners:
                    owner = getattr(owner, one)
                if not hasattr(owner, name):
                    raise AttributeError(f"stage {stage!r}: there is no {target} any more")
                setattr(owner, name, self._timed(getattr(owner, name), stage))

    def stages(self) -> dict[str, float]:
        """Seconds of CPU by stage, in the order of STAGES."""
        return {stage: self._spent[stage] for stage in STAGES}

    def _timed(self, work: Callable[..., Any], stage: str) -> Callable[..., Any]:
        spent, threads = self._spent, self._threads

        @wraps(work)
        def timed(*args: Any, **kwargs: Any) -> Any:
            outer = getattr(threads, "inside", None)
            inner = threads.inside = [0.0]  # what the stages within this one take
            began = time.thread_time()
            try:
                return work(*args, **kwargs)
            finally:
                took = time.thread_time() - began
                spent[stage] += took - inner[0]
                if outer is not None:
                    outer[0] += took
                threads.inside = outer

        return timed
