"""`kuaixun db copy`: everything arrives, or nothing does."""

import datetime as dt
import json
import os
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from store import models
from store.copy import SOURCE, Refused, _connected, _settings, copy
from tests.nights.nightly_runs import kuaixun, run
from tests.postgresql import CHOSEN, Server
from tests.store import spine

# What the demo's store has none of.
MORE = """
import datetime as dt
import store
store.migrate()
from django.contrib.auth.models import Group, Permission
from store import models as m
user = m.User.objects.create_user("chief", "chief@example.cn", "secret")
group = Group.objects.create(name="editors")
group.permissions.add(Permission.objects.get(codename="add_entry"))
user.groups.add(group)
user.user_permissions.add(Permission.objects.get(codename="add_issue"))
review = m.Review.objects.order_by("pk").first()
at = dt.datetime(2019, 9, 13, 1, 2, 3, 456789, tzinfo=dt.timezone.utc)
m.ReviewEvent.objects.create(
    family=review.family, user=user, who="chief", at=at, what="decided",
    after={"b": [1, {"a": 2.5}]})
m.Family.objects.create(merged_into=review.family)
one, other = m.Notice.objects.order_by("pk")[:2]
m.Notice.objects.filter(pk=one.pk).update(joined_to=other, gone=at, closes_time=dt.time(17, 30))
m.Apart.objects.create(one=one, other=other)
m.Link.objects.create(notice=other, to=one, kind="explains", reason="标题")
m.Citation.objects.create(notice=one, number="工信部〔2019〕1号", printed="工信部[2019]1号")
m.Tombstone.objects.create(source=one.source, address="x", reason="误收", who="chief", at=at)
m.Family.objects.create(pk=900).delete()  # its key is never given again
"""
NEXT_KEYS = """
import store
store.setup()
from store import models
print(models.Family.objects.create().pk, models.Source.objects.create(name="next").pk,
      models.User.objects.create_user("next").pk)
"""
KILLED = """
import os, signal, sys
import store, store.copy
store.setup()
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
store.copy._compare_all = die  # all rows are there, nothing is committed
store.copy.copy(*sys.argv[1:])
"""


@pytest.fixture(scope="module")
def unblocked(django_db_blocker: Any) -> Iterator[None]:
    """Connections of the test's own are let through."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with something in every table. Only to be read."""
    folder = tmp_path_factory.mktemp("filled")
    file = spine.lay(folder / "kuaixun.sqlite3")
    run(folder, "-c", MORE)
    return file


def on(url: str) -> dict[str, str]:
    return {"KUAIXUN_DATABASE_URL": url}


def dump(folder: Path, url: str) -> str:
    return kuaixun(folder, "db", "dump", env=on(url))


def test_there_and_back_on_sqlite(filled: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.sqlite3"
    told = json.loads(kuaixun(tmp_path, "db", "copy", str(filled), str(new), "--json"))
    assert told["rows"]["store_notice"] == 148
    assert told["rows"]["store_user_groups"] == 1
    url = "sqlite:///new.sqlite3"
    assert dump(tmp_path, url) == dump(tmp_path, f"sqlite:///{filled}")
    with closing(sqlite3.connect(new)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    keys = run(tmp_path, "-c", NEXT_KEYS, env=on(url)).stdout.split()
    assert keys == ["901", "10", "2"]


@pytest.mark.postgresql
def test_to_postgresql_and_back(filled: Path, tmp_path: Path, database_url: str) -> None:
    said = kuaixun(tmp_path, "db", "copy", str(filled), database_url)
    assert "Copied and compared" in said
    assert "data folder as before" in said
    kuaixun(tmp_path, "db", "copy", database_url, f"sqlite:///{tmp_path}/back.sqlite3")
    old, back = f"sqlite:///{filled}", "sqlite:///back.sqlite3"
    assert dump(tmp_path, old) == dump(tmp_path, database_url) == dump(tmp_path, back)
    for url in (database_url, back):
        keys = run(tmp_path, "-c", NEXT_KEYS, env=on(url)).stdout.split()
        assert keys == ["901", "10", "2"]


@pytest.mark.postgresql
def test_a_killed_copy_leaves_nothing_and_the_next_is_whole(
    filled: Path, tmp_path: Path, database_url: str
) -> None:
    _killed(filled, tmp_path, database_url)


@pytest.mark.sqlite
def test_a_killed_copy_leaves_nothing_in_a_file(filled: Path, tmp_path: Path) -> None:
    _killed(filled, tmp_path, f"sqlite:///{tmp_path}/new.sqlite3")


def _killed(filled: Path, tmp_path: Path, target: str) -> None:
    run(tmp_path, "-c", KILLED, str(filled), target, expect=-signal.SIGKILL)
    kuaixun(tmp_path, "db", "copy", str(filled), target)
    assert dump(tmp_path, target) == dump(tmp_path, f"sqlite:///{filled}")


def refused(tmp_path: Path, *words: str) -> str:
    done = run(tmp_path, "-m", "kuaixun", "db", "copy", *words, expect=2)
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


@pytest.mark.sqlite
@pytest.mark.usefixtures("unblocked")
class TestRefusals:
    """In words, with nothing changed."""

    def test_a_target_with_something_in_it(self, filled: Path, tmp_path: Path) -> None:
        other = spine.lay(tmp_path / "other.sqlite3")
        words = refused(tmp_path, str(filled), str(other))
        assert "TO is not empty: there are rows in store_" in words
        assert "Name an empty database" in words
        assert spine.text(other) == spine.text(spine.lay(tmp_path / "same.sqlite3"))

    def test_one_database(self, filled: Path) -> None:
        with pytest.raises(Refused, match="one database"):
            copy(str(filled), f"sqlite:///{filled}")

    @pytest.mark.parametrize("place", ["", "/", "nothing.sqlite3", "sqlite:///nothing.sqlite3"])
    def test_no_source(self, tmp_path: Path, place: str) -> None:
        with pytest.raises(Refused, match=r"FROM: .*(is no database|there is no file)"):
            copy(place, str(tmp_path / "new.sqlite3"))
        assert list(tmp_path.iterdir()) == []

    def test_a_file_of_something_else(self, tmp_path: Path) -> None:
        (tmp_path / "a.sqlite3").write_bytes(b"no database, surely not" * 100)
        with pytest.raises(Refused, match="FROM cannot be read"):
            copy(str(tmp_path / "a.sqlite3"), str(tmp_path / "b.sqlite3"))

    def test_another_programs_database(self, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "a.sqlite3")) as database:
            database.execute("CREATE TABLE birds (name)")
        with pytest.raises(Refused, match="holds nothing of Kuaixun's"):
            copy(str(tmp_path / "a.sqlite3"), str(tmp_path / "b.sqlite3"))

    def test_a_newer_store(self, tmp_path: Path) -> None:
        file = spine.lay(tmp_path / "newer.sqlite3")
        with closing(sqlite3.connect(file)) as database:
            newer = ("store", "9999_wings", "2031-01-01")
            database.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)", newer
            )
            database.commit()
        with pytest.raises(Refused, match=r"newer Kuaixun.*store\.9999_wings"):
            copy(str(file), str(tmp_path / "b.sqlite3"))

    def test_tables_newer_than_the_sources(self, tmp_path: Path) -> None:
        (tmp_path / "today").mkdir()
        run(tmp_path / "today", "-c", "import store; store.migrate()")
        old = spine.lay(tmp_path / "old.sqlite3")
        with pytest.raises(Refused, match=r"TO has tables that are newer.*store\.0002"):
            copy(str(old), str(tmp_path / "today" / "kuaixun.sqlite3"))

    def test_a_server_that_is_not_there(self, filled: Path) -> None:
        url = "postgresql://who:hidden@127.0.0.1:1/name?connect_timeout=3"
        with pytest.raises(Refused, match=r"TO cannot be read: .*refused") as fault:
            copy(str(filled), url)
        assert "hidden" not in str(fault.value)

    def test_an_address_that_is_not_understood(self, filled: Path) -> None:
        with pytest.raises(Refused, match="TO=mysql://… is not understood"):
            copy(str(filled), "mysql://who:hidden@host/name")


def test_an_old_source_is_not_touched(tmp_path: Path) -> None:
    old = spine.lay(tmp_path / "old.sqlite3")
    before = old.read_bytes()
    kuaixun(tmp_path, "db", "copy", str(old), f"sqlite:///{tmp_path}/new.sqlite3")
    assert old.read_bytes() == before


@pytest.mark.postgresql
def test_what_postgresql_does_not_take_is_named(tmp_path: Path, database_url: str) -> None:
    file = spine.lay(tmp_path / "nul.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE store_notice SET title = 'a' || char(0) || 'b' WHERE id = 7")
        database.commit()
    words = refused(tmp_path, str(file), database_url)
    assert "TO does not take a row of store_notice with a key of 1 to" in words
    assert "NUL" in words
    kuaixun(tmp_path, "db", "copy", str(spine.lay(tmp_path / "good.sqlite3")), database_url)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
ISSUE = st.fixed_dictionaries({"house": st.dictionaries(TEXT, JSON, max_size=3)})
ENTRY = st.fixed_dictionaries(
    {
        "title": TEXT,
        "text": TEXT,
        "section": TEXT,
        "printed": st.dictionaries(TEXT, JSON, max_size=2),
        "hashes": st.binary(max_size=64),
    }
)
NIGHT = st.fixed_dictionaries({"now": st.datetimes(timezones=st.just(dt.UTC)), "archive": TEXT})
USER = st.fixed_dictionaries({"username": TEXT, "is_active": st.booleans()})
OUTCOME = st.fixed_dictionaries({"seconds": st.floats(0, 1e9), "why": TEXT})


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of today with nothing in it. Only to be read."""
    folder = tmp_path_factory.mktemp("empty")
    run(folder, "-c", "import store; store.migrate()")
    return folder / "kuaixun.sqlite3"


@pytest.fixture(scope="module")
def empty_on_server(empty: Path) -> Iterator[str]:
    with Server.of(os.environ[CHOSEN]).database() as url:
        run(empty.parent, "-c", "import store; store.migrate()", env=on(url))
        yield url


@contextmanager
def laid(empty: Path, name: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{shutil.copy(empty, Path(folder) / name)}"


@contextmanager
def reading(url: str) -> Iterator[None]:
    """The database is Django's connection SOURCE."""
    with _connected(_settings(url, "FROM"), _settings(":none:", "TO")):
        yield


def everything(url: str) -> dict[str, list[dict[str, Any]]]:
    with reading(url):
        return {
            model._meta.db_table: [
                {k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()}
                for row in model._base_manager.using(SOURCE).order_by("pk").values()
            ]
            for model in apps.get_models(include_auto_created=True)
        }


def write(url: str, drawn: list[list[dict[str, Any]]]) -> None:
    issues, entries, nights, users, outcomes = drawn
    with reading(url), transaction.atomic(using=SOURCE):
        source = models.Source.objects.using(SOURCE).create(name="s")
        column = models.Column.objects.using(SOURCE).create(source=source, name="c")
        made = [
            models.Issue.objects.using(SOURCE).create(
                number=str(number), year=2019, month=9, running=number, **issue
            )
            for number, issue in enumerate(issues)
        ]
        for place, entry in enumerate(entries):
            issue = made[place % len(made)]
            models.Entry.objects.using(SOURCE).create(issue=issue, position=place, **entry)
        for number, (night, outcome) in enumerate(zip(nights, outcomes, strict=False)):
            date = dt.date(2019, 9, 1) + dt.timedelta(number)
            kept = models.Night.objects.using(SOURCE).create(
                date=date, started=night["now"], **night
            )
            models.Outcome.objects.using(SOURCE).create(
                night=kept, column=column, verdict="ok", **outcome
            )
        for user in users:
            models.User.objects.using(SOURCE).create(**user)


def unique(users: list[dict[str, Any]]) -> bool:
    return len({user["username"] for user in users}) == len(users)


DRAWN = st.tuples(
    st.lists(ISSUE, min_size=1, max_size=3),
    st.lists(ENTRY, max_size=4),
    st.lists(NIGHT, max_size=3),
    st.lists(USER, max_size=3).filter(unique),
    st.lists(OUTCOME, max_size=3),
)
FEW = settings(max_examples=6, deadline=None)


@pytest.mark.sqlite
@FEW
@given(drawn=DRAWN)
def test_every_value_arrives_in_a_file(empty: Path, unblocked: None, drawn: Any) -> None:
    with laid(empty, "a.sqlite3") as source, laid(empty, "b.sqlite3") as target:
        write(source, drawn)
        copy(source, target)
        assert everything(target) == everything(source)


@pytest.mark.postgresql
@FEW
@given(drawn=DRAWN)
def test_every_value_arrives_on_postgresql_and_comes_back(
    empty: Path, empty_on_server: str, unblocked: None, drawn: Any
) -> None:
    server = Server.of(empty_on_server)
    with (
        laid(empty, "a.sqlite3") as source,
        server.database(like=empty_on_server) as target,
        laid(empty, "b.sqlite3") as back,
    ):
        write(source, drawn)
        copy(source, target)
        copy(target, back)
        assert everything(back) == everything(target) == everything(source)
