"""A PostgreSQL server of the tests' own, and the choice of the tests that run on it.

    python -m pytest -p tests.postgresql [tests/store …]

runs every test that uses the database, on PostgreSQL. `make test` does so after it ran all tests on
SQLite. The server keeps its cluster in a temporary folder, is reached by a socket in it alone, and
ends with the tests, however they end. A test that only one engine can pass says so by a marker
(`sqlite`, `postgresql`) and is not chosen on the other.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

import psycopg
import pytest

CHOSEN = "KUAIXUN_TEST_DATABASE_URL"  # a URL of the server; "" where there is none
OLDEST = 15
USER = "kuaixun"
SQLITE = "sqlite"  # the marker of tests that only SQLite can pass
INITDB = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
SETTINGS = {  # nothing of it need outlive the tests
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "40",
    "lc_messages": "C",
    "timezone": "Asia/Shanghai",
}
# The server lives as long as somebody holds this shell's stdin: it ends with a killed pytest too.
# One that is stopped meanwhile is started again.
KEEPER = """
(
    trap 'kill -INT $server; wait $server; exit' TERM
    while :; do
        "$@" >>"$FOLDER/log" 2>&1 </dev/null &
        server=$!
        wait $server
        sleep 0.3
    done
) &
cat >/dev/null
kill -TERM $!
wait $!
rm -rf "$FOLDER"
"""


def binaries() -> Path | None:
    """The folder of the server's programs; None where PostgreSQL 15 or later is not installed."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0))
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            told = subprocess.run([folder / "postgres", "-V"], capture_output=True, text=True)
            version = re.search(r"\d+", told.stdout)
            if version and int(version[0]) >= OLDEST:
                return folder
    return None


@dataclass(frozen=True)
class Server:
    folder: Path

    @classmethod
    def of(cls, url: str) -> "Server":
        """The running server that the URL names a database of."""
        return cls(Path(unquote(url.partition("?host=")[2])))

    def url(self, name: str) -> str:
        """What KUAIXUN_DATABASE_URL says for the database of that name."""
        return f"postgresql://{USER}@/{name}?host={quote(str(self.folder), safe='')}"

    def run(self, *statements: str) -> None:
        """Statements outside any transaction, in the database that is always there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def restart(self) -> None:
        """Stop it at once, as far as its clients are concerned; back when this returns."""
        pid = self._pid()
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + 30
        while self._pid() in (pid, 0) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.wait()

    def _pid(self) -> int:
        file = self.folder / "cluster" / "postmaster.pid"
        return int(file.read_text().split("\n")[0] or 0) if file.exists() else 0

    def wait(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + 30
        while True:
            try:
                return self.run("SELECT 1")
            except psycopg.OperationalError as fault:
                if time.monotonic() > deadline:
                    log = (self.folder / "log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL does not start:\n{log[-2000:]}") from fault
                time.sleep(0.05)

    @contextmanager
    def database(self, like: str = "") -> Iterator[str]:
        """The URL of a new database, empty or `like` another's; it is removed in the end."""
        template = like.partition("?")[0].rpartition("/")[2] or "template0"
        name = f"test_{os.getpid()}_{time.monotonic_ns()}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def serve(programs: Path) -> Iterator[Server]:
    """A new server; it and its folder are gone in the end."""
    # a socket's path may have 107 bytes: not below a long TMPDIR
    base = tempfile.gettempdir() if len(tempfile.gettempdir()) < 60 else "/tmp"
    folder = Path(tempfile.mkdtemp(prefix="kuaixun-postgresql-", dir=base))
    who = _other_user(folder)
    cluster = folder / "cluster"
    try:
        subprocess.run(
            [programs / "initdb", "-D", cluster, *INITDB],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            user=who,
        )
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        server = [str(programs / "postgres"), "-D", str(cluster), "-k", str(folder)]
        keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, "keeper", *server, *settings],
            stdin=subprocess.PIPE,
            env=os.environ | {"FOLDER": str(folder)},
            cwd="/",
            user=who,
            start_new_session=True,  # Ctrl-C is for pytest, which then ends it in order
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    try:
        running = Server(folder)
        running.wait()
        yield running
    finally:
        assert keeper.stdin
        keeper.stdin.close()
        keeper.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _other_user(folder: Path) -> str | None:
    """Whom the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    who = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, who)
    return who


_held: list[AbstractContextManager[Server]] = []  # the running server's context


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Before pytest-django reads the settings. The workers of pytest-xdist are told of the server
    of the process that started them."""
    if CHOSEN not in os.environ:
        programs = binaries()
        os.environ[CHOSEN] = ""
        if programs:
            _held.append(serve(programs))
            os.environ[CHOSEN] = _held[0].__enter__().url(USER)
    if os.environ[CHOSEN]:
        os.environ["KUAIXUN_DATABASE_URL"] = os.environ[CHOSEN]
    yield


def pytest_unconfigure() -> None:
    while _held:
        _held.pop().__exit__(None, None, None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Chosen is what uses the database; the rest ran on SQLite already."""
    chosen = [
        item for item in items if _uses_database(item) and not item.get_closest_marker(SQLITE)
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen
    if not os.environ[CHOSEN]:
        why = "PostgreSQL 15 or later is not installed (Debian: apt-get install postgresql)"
        for item in items:
            item.add_marker(pytest.mark.skip(reason=why))


def _uses_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "own_process", "database_url"}
    used = fixtures & set(getattr(item, "fixturenames", ()))
    markers = ("django_db", "postgresql")
    return bool(used or any(item.get_closest_marker(marker) for marker in markers))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A choice of tests that has none for PostgreSQL is well."""
    if exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK
