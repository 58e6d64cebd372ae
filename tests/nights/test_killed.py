"""A night that is killed, or finds the disk full, and is run again ends like one that was not.

Every case runs in processes of its own, two cases at a time; a test waits for its case and judges.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any, Self

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import read
from crawler.warc_records import FAILURE
from tests.nights.kill import FULL, NEVER, POINTS, RANDOM

ROOT = Path(__file__).resolve().parents[2]
KILL = Path(__file__).with_name("kill.py")
NIGHTS = ("2019-09-11", "2019-09-12")
RANDOM_ONES = 10

# Which sources a case runs. These few hold every point in both nights, and a revision, a redesign
# and a failed page that is there later; all of them, families over several sources, too.
FEW = ("beijing_jxj", "chongqing_jjxxw", "ningxia_gxt")
ALL = ()
Sources = tuple[str, ...]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL: a POSIX system")


@dataclass(frozen=True)
class Case:
    """Where one night is ended. Of the random ones, `number` is the place in the draw."""

    point: str
    night: str
    number: int = 0

    @property
    def sources(self) -> Sources:
        return ALL if self.point == RANDOM else FEW

    def __str__(self) -> str:
        return "-".join([self.night, self.point, *([str(self.number)] if self.number else [])])


@dataclass
class Kept:
    """All that a data folder holds, in a form that two can be compared by."""

    tables: Counter[str]  # the dump's lines
    files: Counter[str]  # names; each file's bytes have that hash
    records: Counter[tuple[str, ...]]  # of the WARCs: night, type, address, what it says
    pages: Counter[tuple[str, ...]]  # each revision, and the page its pointer leads to
    strange: list[str]  # in the folder of files and no file

    def lacks(self, other: "Kept") -> dict[str, list[Any]]:
        """What the other has and this has not, or not so often."""
        found: dict[str, Counter[Any]] = {
            "tables": other.tables - self.tables,
            "files": other.files - self.files,
            "records": other.records - self.records,
            "pages": other.pages - self.pages,
        }
        return {name: list(more.elements()) for name, more in found.items() if more}


@dataclass
class Run:
    """One run of the command."""

    code: int
    said: str


@dataclass
class World:
    """Some sources' two nights, undisturbed; `after` and `seen` by night."""

    sources: Sources
    folder: Path
    after: dict[str, Path] = field(default_factory=dict)  # copies of the data folder
    kept: dict[str, Kept] = field(default_factory=dict)
    seen: dict[str, Counter[str]] = field(default_factory=dict)  # how often a point was reached
    codes: dict[str, int] = field(default_factory=dict)


@dataclass
class End:
    """What became of a case."""

    first: Run  # ended before its time
    again: Run
    kept: Kept
    parts: int  # half files that the first run left
    torn: bool  # it left a record half written
    world: World


class Processes:
    """Runs the command in processes of its own, so many at a time, and begins each quickly."""

    def __init__(self, many: int) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("KUAIXUN_")}
        self._idle = SimpleQueue[subprocess.Popen[str]]()
        self._stack = ExitStack()
        for _ in range(many):
            server = subprocess.Popen(
                [sys.executable, str(KILL), "--serve"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert server.stdin
            self._stack.enter_context(server)
            self._stack.callback(server.stdin.close)
            self._idle.put(server)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, command: Sequence[str], data: Path, point: str = NEVER, *more: str) -> Run:
        """`more`: the point's number and options; none for the command as it is."""
        out = data.with_name("out.txt")
        arguments = [point, *(more or ["0"]), "--", *command]
        job = {"arguments": arguments, "data": str(data), "out": str(out)}
        server = self._idle.get()
        try:
            assert server.stdin
            assert server.stdout
            print(json.dumps(job), file=server.stdin, flush=True)
            code = int(server.stdout.readline())
        finally:
            self._idle.put(server)
        return Run(code, out.read_text(encoding="utf-8"))


def nightly(night: str, sources: Sources) -> list[str]:
    named = [word for name in sources for word in ("--source", name)]
    return ["nightly", "--archive", f"samples/{night}.warc.gz", "--json", *named]


def kept(data: Path, processes: Processes) -> Kept:
    dumped = processes.run(["db", "dump"], data)
    assert dumped.code == 0, dumped.said
    names = {path.name: path for path in (data / "files").iterdir()}
    files = {n for n, path in names.items() if sha256(path.read_bytes()).hexdigest() == n}
    return Kept(
        tables=Counter(dumped.said.splitlines()),
        files=Counter(files),
        records=Counter(r for path in (data / "warc").glob("*.gz") for r in records(path)),
        pages=Counter(pages(data)),
        strange=sorted(names.keys() - files),
    )


def records(path: Path) -> Iterator[tuple[str, ...]]:
    """Of each record its type, address and what it says; a torn or damaged record raises."""
    with path.open("rb") as file:
        for record in ArchiveIterator(file, no_record_parse=False):
            warc = record.rec_headers.get_header
            body = record.content_stream().read()
            stated = warc("WARC-Payload-Digest") or ""
            if record.rec_type == "response":
                assert stated == f"sha256:{sha256(body).hexdigest()}", warc("WARC-Target-URI")
            if record.rec_type == "metadata":
                assert FAILURE.encode() in body
                stated = body.decode()
            if record.rec_type == "revisit":
                stated = f"{warc('WARC-Profile').rpartition('/')[2]} {stated}"
            yield path.name, record.rec_type, warc("WARC-Target-URI") or "", stated


def pages(data: Path) -> Iterator[tuple[str, ...]]:
    with sqlite3.connect(data / "kuaixun.sqlite3") as database:
        found = database.execute(
            "SELECT notice.address, number, record FROM store_revision AS revision "
            "JOIN store_notice AS notice ON notice.id = revision.notice_id"
        ).fetchall()
    database.close()
    for address, number, record in found:
        page = read(data / "warc", record)
        yield address, str(number), page.url, sha256(page.body).hexdigest()


def undisturbed(world: World, processes: Processes) -> World:
    data = world.folder / "data"
    for night in NIGHTS:
        seen = world.folder / f"{night}.json"
        command = nightly(night, world.sources)
        ran = processes.run(command, data, NEVER, "0", "--seen", str(seen))
        assert ran.code in (0, 1), ran.said
        world.codes[night] = ran.code
        world.seen[night] = Counter(json.loads(seen.read_bytes()))
        world.kept[night] = kept(data, processes)
        world.after[night] = world.folder / night
        shutil.copytree(data, world.after[night])
    return world


def disturbed(case: Case, whole: "Future[World]", processes: Processes) -> End:
    """The case's night ended at its point, then run again."""
    world = whole.result()
    with TemporaryDirectory(dir=world.folder) as folder:
        data = Path(folder, "data")
        if case.night == NIGHTS[1]:
            shutil.copytree(world.after[NIGHTS[0]], data)
        command = nightly(case.night, world.sources)
        number = moment(case, world.seen[case.night])
        first = processes.run(command, data, case.point, str(number))
        parts = len(list(data.glob("files/*.part")))
        warc = data / "warc" / f"{case.night}.warc.gz"
        before = warc.read_bytes() if warc.exists() else b""
        again = processes.run(command, data)
        # record ids are random: what was torn and cut off is not written again byte for byte
        torn = not warc.read_bytes().startswith(before)
        return End(first, again, kept(data, processes), parts, torn, world)


def moment(case: Case, seen: Counter[str]) -> int:
    """In the middle of the night's work; of the random ones anywhere."""
    if case.point == RANDOM:
        drawn = random.Random(case.night).sample(range(1, seen.total() + 1), RANDOM_ONES)
        return drawn[case.number - 1]
    counted = {
        "full-archive": "record-half-written",
        "full-files": "file-half-written",
        "full-database": "before-commit",
    }
    return (seen[counted.get(case.point, case.point)] + 1) // 2


@pytest.fixture(scope="module")
def end_of(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Case], End]]:
    """Begins all cases that this run will ask for, two at a time; waits for one."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    cases = [item.callspec.params.get("case") for item in items if hasattr(item, "callspec")]
    wanted = [case for case in cases if isinstance(case, Case)]
    with Processes(2) as processes, ThreadPoolExecutor(2) as pool:
        worlds = {}
        for sources in sorted({case.sources for case in wanted}):
            world = World(sources, tmp_path_factory.mktemp("nights"))
            worlds[sources] = pool.submit(undisturbed, world, processes)
        ends = {
            case: pool.submit(disturbed, case, worlds[case.sources], processes) for case in wanted
        }
        yield lambda case: ends[case].result()
        pool.shutdown(cancel_futures=True)


def check_equal(end: End, night: str) -> None:
    expected = end.world.kept[night]
    assert end.again.code == end.world.codes[night], end.again.said
    assert not end.kept.strange
    assert end.kept.lacks(expected) == {}
    # A column that was done before the end answers 304 to the second run: the WARC has that, too.
    listed = {address for _, kind, address, _ in expected.records if kind == "response"}
    for record in end.kept.records - expected.records:
        if record[3].startswith("server-not-modified") and record[2] in listed:
            del end.kept.records[record]
    assert expected.lacks(end.kept) == {}


KILLED = [Case(point, night) for night in NIGHTS for point in POINTS]
DRAWN = [Case(RANDOM, night, n + 1) for night in NIGHTS for n in range(RANDOM_ONES)]


@pytest.mark.parametrize("case", [*KILLED, *DRAWN], ids=str)
def test_a_killed_night_run_again_is_whole(case: Case, end_of: Callable[[Case], End]) -> None:
    end = end_of(case)
    assert end.first.code == -signal.SIGKILL, end.first.said
    if case.point == "file-half-written":
        assert end.parts == 1
    if case.point == "record-half-written":
        assert end.torn
    check_equal(end, case.night)


@pytest.mark.parametrize("case", [Case(kind, NIGHTS[1]) for kind in FULL], ids=str)
def test_a_full_disk_is_said_and_loses_nothing(case: Case, end_of: Callable[[Case], End]) -> None:
    end = end_of(case)
    assert end.first.code == 4, end.first.said
    assert "磁盘已满" in end.first.said
    assert "Traceback" not in end.first.said
    assert end.parts == 0
    assert not end.torn
    check_equal(end, case.night)
