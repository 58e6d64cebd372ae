"""Runs the command and kills it, without a word, when a named point is reached for the Nth time.

    python tests/nights/kill.py POINT N [--seen FILE] -- nightly --archive …
    python tests/nights/kill.py --serve

Nothing in the production code knows of it: the functions are wrapped in this process only.
POINT is one of POINTS; `random`, the Nth of all points; one of FULL, where from the Nth time on
that write finds no space; `keeping` or `full-keeping`, any step on the disk; or `never`. FILE is
told how often each point was reached.
"""

import argparse
import errno
import functools
import importlib
import json
import os
import signal
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]

POINTS = (
    "list-stored",  # rows and validators are committed, nothing of them is fetched yet
    "page-fetched",  # a notice's page is in the WARC, nobody has read it yet
    "file-half-written",  # half of the bytes are in the temporary file
    "file-renamed",  # the file has its name, the notice that has it is not saved
    "record-half-written",  # half of the member is at the end of the WARC
    "before-commit",  # of any transaction on the writer thread
    "after-commit",
    "between-sources",  # one is settled, the next has not begun
    "outcome-written",  # the source is settled, its crawler not yet let go
)
FULL = ("full-archive", "full-files", "full-database")
KEEPING = "keeping"  # any durable step of a backup, restore, prune, forget: sync, link, rename …
FULL_KEEPING = "full-keeping"  # from that step on there is no space; what is removed gives none
RANDOM, NEVER = "random", "never"
SECONDS = 100  # a served job that hangs ends then, by SIGALRM

# What a night imports and what may be imported before the data folder is known.
IMPORTED = (
    "aiohttp.web",
    "crawler.middlewares.archive",
    "crawler.middlewares.gate",
    "crawler.middlewares.guard",
    "crawler.middlewares.robots",
    "crawler.spider",
    "crawler.warc_rewrite",
    "django.core.management",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.executor",
    "nh3",
    "rapidfuzz.distance",
    "rich.progress",
    "rich.table",
    "scrapy.crawler",
    "scrapy.extensions.telnet",
    "scrapy.utils.project",
    "tomllib",
)


class Moments:
    """Counts the points as they are reached, from any thread."""

    def __init__(self, point: str, number: int) -> None:
        self.point, self.number = point, number
        self.seen: Counter[str] = Counter()
        self._lock = threading.Lock()

    def now(self, point: str) -> bool:
        """Count the point; whether this is the moment to die."""
        with self._lock:
            self.seen[point] += 1
            count = self.seen.total() if self.point == RANDOM else self.seen[point]
            return self.point in (point, RANDOM) and count == self.number

    def full(self, point: str, kind: str) -> bool:
        """Whether there is no space any more for this kind, counted by that point."""
        return self.point == kind and self.seen[point] >= self.number

    def pass_or_die(self, point: str) -> None:
        if self.now(point):
            die()


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("killed, and still here")


def no_space() -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def wrap_crawl(moments: Moments) -> None:
    """The list, the page and the end of a source."""
    import nightly.crawl
    from crawler.middlewares.archive import ArchiveMiddleware
    from nightly.crawl import Crawl
    from store.memory import Memory

    write_list, settle = Memory._write_list, getattr(nightly.crawl, "settle")  # noqa: B009
    process_response, source = ArchiveMiddleware.process_response, Crawl._source

    @functools.wraps(write_list)
    def listed(self: Any, listing: Any) -> Any:
        result = write_list(self, listing)
        moments.pass_or_die("list-stored")
        return result

    @functools.wraps(process_response)
    def fetched(self: Any, request: Any, response: Any) -> Any:
        result = process_response(self, request, response)
        if response.status == 200 and "row" in request.cb_kwargs:
            moments.pass_or_die("page-fetched")
        return result

    @functools.wraps(settle)
    def settled(*args: Any) -> Any:
        result = settle(*args)
        moments.pass_or_die("outcome-written")
        return result

    @functools.wraps(source)
    async def read(self: Any, name: str) -> Any:
        result = await source(self, name)
        moments.pass_or_die("between-sources")
        return result

    if moments.point == "between-sources":
        nightly.crawl.CRAWLERS = 1  # else all have begun before the first is done
    setattr(Memory, "_write_list", listed)  # noqa: B010 - mypy minds an assignment
    setattr(ArchiveMiddleware, "process_response", fetched)  # noqa: B010
    setattr(Crawl, "_source", read)  # noqa: B010
    setattr(nightly.crawl, "settle", settled)  # noqa: B010


def wrap_files(moments: Moments) -> None:
    """The attachment between its first byte and its name."""
    import store.files
    from store.files import DurableStorage

    save, fsync, sync_folder = DurableStorage._save, os.fsync, store.files._sync_folder
    saving = threading.local()

    @functools.wraps(save)
    def saved(self: Any, name: str, content: Any) -> str:
        saving.part = True
        try:
            return save(self, name, content)
        finally:
            saving.part = False

    def synced(handle: int) -> None:
        # The first call within a save: all bytes are out of the buffers, none is vouched for yet.
        if getattr(saving, "part", False):
            saving.part = False
            if moments.now("file-half-written"):
                os.ftruncate(handle, os.fstat(handle).st_size // 2)
                die()
            if moments.full("file-half-written", "full-files"):
                no_space()
        fsync(handle)

    def renamed(folder: Path) -> None:
        moments.pass_or_die("file-renamed")
        sync_folder(folder)

    setattr(DurableStorage, "_save", saved)  # noqa: B010
    setattr(os, "fsync", synced)  # noqa: B010
    setattr(store.files, "_sync_folder", renamed)  # noqa: B010


def wrap_archive(moments: Moments) -> None:
    """The WARC record that is half there."""
    from crawler.archive import Archive

    append, write = Archive._append, os.write
    appending = threading.local()

    @functools.wraps(append)
    def appended(self: Any, *members: bytes) -> str:
        if moments.now("record-half-written"):
            data = b"".join(members)
            with self._lock:
                write(self._file, data[: len(data) - len(members[-1]) // 2])
                die()
        appending.full = moments.full("record-half-written", "full-archive")
        try:
            return append(self, *members)
        finally:
            appending.full = False

    def written(handle: int, data: bytes) -> int:
        if getattr(appending, "full", False):
            write(handle, data[: len(data) // 2])
            no_space()
        return write(handle, data)

    setattr(Archive, "_append", appended)  # noqa: B010
    setattr(os, "write", written)  # noqa: B010


def wrap_database(moments: Moments) -> None:
    """Both sides of a commit on the writer thread."""
    from django.db import OperationalError
    from django.db.backends.base.base import BaseDatabaseWrapper

    commit = BaseDatabaseWrapper.commit

    @functools.wraps(commit)
    def committed(self: Any) -> None:
        if not threading.current_thread().name.startswith("writer"):
            commit(self)
            return
        moments.pass_or_die("before-commit")
        if moments.full("before-commit", "full-database"):
            raise OperationalError("database or disk is full")
        commit(self)
        moments.pass_or_die("after-commit")

    setattr(BaseDatabaseWrapper, "commit", committed)  # noqa: B010


def wrap_keeping(moments: Moments) -> None:
    """Every step that changes what is on the disk, and both sides of every commit."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    def stepwise(step: Any, *, grows: bool) -> Any:
        @functools.wraps(step)
        def stepped(*args: Any, **more: Any) -> Any:
            moments.pass_or_die(KEEPING)
            if grows and moments.full(KEEPING, FULL_KEEPING):
                no_space()
            return step(*args, **more)

        return stepped

    for name, grows in (
        *(("fsync", True), ("link", True), ("mkdir", True)),
        *(("rename", False), ("replace", False), ("unlink", False), ("rmdir", False)),
    ):
        setattr(os, name, stepwise(getattr(os, name), grows=grows))
    commit = BaseDatabaseWrapper.commit

    @functools.wraps(commit)
    def committed(self: Any) -> None:
        moments.pass_or_die(KEEPING)
        commit(self)
        moments.pass_or_die(KEEPING)

    setattr(BaseDatabaseWrapper, "commit", committed)  # noqa: B010


def run(point: str, number: int, command: list[str], seen: Path | None = None) -> None:
    """The command in this process, to its end or to that point. Leaves by SystemExit, if at all."""
    from kuaixun.__main__ import main as kuaixun

    moments = Moments(point, number)
    if point != NEVER or seen:
        import store

        store.setup()
        night = (wrap_crawl, wrap_files, wrap_archive, wrap_database)
        for wrap in night if "nightly" in command else (wrap_keeping,):
            wrap(moments)
    sys.argv = ["kuaixun", *command]
    try:
        kuaixun()
    finally:
        if seen:
            seen.write_text(json.dumps(moments.seen), encoding="ascii")


def serve() -> None:
    """Run what stands on standard input, one job a line, each in a process forked from this one,
    and print how it ended: half of a short night's time is imports, and these are done here.

    A job: the arguments above, the data folder, and the file that takes what is printed."""
    for name in IMPORTED:
        importlib.import_module(name)
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child:
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
            continue
        os.environ["KUAIXUN_DATA"] = job["data"]
        out = os.open(job["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(out, stream)
        os.close(out)
        signal.alarm(SECONDS)
        start(job["arguments"])
        return


def start(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("point", choices=[*POINTS, *FULL, KEEPING, FULL_KEEPING, RANDOM, NEVER])
    parser.add_argument("number", type=int)
    parser.add_argument("--seen", type=Path)
    split = arguments.index("--")
    told = parser.parse_args(arguments[:split])
    run(told.point, told.number, arguments[split + 1 :], told.seen)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    if sys.argv[1:] == ["--serve"]:
        serve()
    else:
        start(sys.argv[1:])
