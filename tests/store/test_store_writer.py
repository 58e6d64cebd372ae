"""One thread writes, under plain asyncio and under Scrapy's reactor."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from store import writer
from store.models import Source
from tests.postgresql import CHOSEN, Server

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_calls_run_in_turn_on_one_thread() -> None:
    seen: list[tuple[int, int]] = []

    def note(number: int) -> int:
        seen.append((number, threading.get_ident()))
        return number

    async def many() -> list[int]:
        return list(await asyncio.gather(*(writer.write(note, n) for n in range(50))))

    assert asyncio.run(many()) == list(range(50))
    assert [number for number, _ in seen] == list(range(50))
    assert len({thread for _, thread in seen}) == 1
    assert seen[0][1] != threading.get_ident()


def test_keywords_results_and_exceptions_pass() -> None:
    def divide(a: int, *, by: int) -> float:
        return a / by

    assert asyncio.run(writer.write(divide, 6, by=3)) == 2
    with pytest.raises(ZeroDivisionError):
        asyncio.run(writer.write(divide, 6, by=0))


def test_what_is_written_is_seen_from_other_threads() -> None:
    asyncio.run(writer.write(Source.objects.create, name="mee"))
    assert Source.objects.get().name == "mee"


def test_a_failed_write_does_not_spoil_the_next() -> None:
    def fail() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nonsense FROM nowhere")

    with pytest.raises(DatabaseError):
        asyncio.run(writer.write(fail))
    asyncio.run(writer.write(Source.objects.create, name="mee"))
    assert Source.objects.count() == 1


def test_closed_twice_and_used_again() -> None:
    asyncio.run(writer.write(Source.objects.create, name="mee"))
    writer.close()
    writer.close()
    asyncio.run(writer.write(Source.objects.create, name="miit"))
    assert Source.objects.count() == 2


def _drop_connection(server: Server, pid: int) -> None:
    """As a server does that stops: the client learns of it when it asks next."""
    server.run(f"SELECT pg_terminate_backend({pid})")


def _pid() -> int:
    connection.ensure_connection()
    pid: int = connection.connection.info.backend_pid
    return pid


@pytest.mark.postgresql
def test_a_connection_that_was_lost_is_made_anew_and_the_write_done_again() -> None:
    server = Server.of(os.environ[CHOSEN])

    def write() -> None:
        with transaction.atomic():
            Source.objects.create(name="mee")
            if not lost:
                lost.append(_pid())
                _drop_connection(server, lost[0])
            Source.objects.create(name="miit")

    lost: list[int] = []
    asyncio.run(writer.write(write))
    assert sorted(Source.objects.values_list("name", flat=True)) == ["mee", "miit"]
    _drop_connection(server, asyncio.run(writer.write(_pid)))  # between two writes
    asyncio.run(writer.write(Source.objects.create, name="ndrc"))
    assert Source.objects.count() == 3


@pytest.mark.postgresql
def test_a_server_that_stays_away_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server.of(os.environ[CHOSEN])
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)

    def fail() -> None:
        _drop_connection(server, _pid())
        Source.objects.count()

    def fails() -> list[float]:
        waited.clear()
        with pytest.raises(OperationalError):
            asyncio.run(writer.write(fail))
        return list(waited)

    assert 50 < sum(fails()) < 90
    assert fails() == []
    asyncio.run(writer.write(Source.objects.count))
    assert fails(), "it was back in between"
    writer.close()


CRAWL = """
import atexit, sys
import store
store.setup()
from store import writer
from store.models import Source

def was_closed():
    # registered first, so run last: after the writer's own
    print("closed", writer._connection is None)
atexit.register(was_closed)

{body}
"""
SCRAPY = """
import scrapy
from scrapy.crawler import CrawlerProcess

class Probe(scrapy.Spider):
    name = "probe"
    async def start(self):
        await writer.write(Source.objects.create, name="mee")
        print("count", await writer.write(Source.objects.count))
        for _ in ():
            yield None

process = CrawlerProcess({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False})
process.crawl(Probe)
process.start()
"""
PLAIN = """
import asyncio
async def main():
    await writer.write(Source.objects.create, name="mee")
    print("count", await writer.write(Source.objects.count))
asyncio.run(main())
"""


@pytest.mark.parametrize("body", [SCRAPY, PLAIN], ids=["scrapy", "plain"])
def test_a_process_makes_its_tables_writes_and_closes(
    tmp_path: Path, own_process: dict[str, str], body: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CRAWL.replace("{body}", body)],
        env=own_process,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split("\n")[:2] == ["count 1", "closed True"], done.stderr
    # a connection that was closed leaves no journal behind
    files = {path.name for path in tmp_path.iterdir() if "sqlite3" in path.name}
    assert files == ({"kuaixun.sqlite3"} if connection.vendor == "sqlite" else set())
