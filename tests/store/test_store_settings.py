"""KUAIXUN_DATABASE_URL: what it may say, and the fault that tells what it may not."""

import pytest

from store.settings import DATA, database


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("", "kuaixun.sqlite3"),
        ("sqlite:///relative.db", "relative.db"),
        ("sqlite:///below/relative.db", "below/relative.db"),
        ("sqlite:////abs/path.db", "/abs/path.db"),
        ("sqlite:////abs/a%20b%3F%E5%BF%AB.db", "/abs/a b?快.db"),
        ("sqlite:///C:/x.db", "C:/x.db"),
        ("sqlite:///C:/a%20b/x.db", "C:/a b/x.db"),
    ],
)
def test_the_file_of_sqlite(url: str, name: str) -> None:
    # below DATA where it is relative; a folder of another system is none here
    below = not name.startswith(("/", "C:"))
    assert database(url)["NAME"] == (str(DATA / name) if below else name)


def test_postgresql_with_escapes() -> None:
    told = database("postgresql://u%40x:p%2Fw@[::1]:5433/na%20me")
    assert [told[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        *("u@x", "p/w", "::1", "5433", "na me")
    ]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://k@/name?host=%2Frun%2FPostgreSQL",
        "postgresql://k@%2Frun%2FPostgreSQL/name",
        "postgres:///name?host=/run/PostgreSQL&user=k",
        "postgresql:///?dbname=name&host=/run/PostgreSQL&user=k",
    ],
)
def test_the_folder_of_a_socket_keeps_its_letters(url: str) -> None:
    told = database(url)
    assert [told[key] for key in ("HOST", "USER", "NAME")] == ["/run/PostgreSQL", "k", "name"]


def test_options_after_the_question_mark_are_handed_to_libpq() -> None:
    told = database("postgresql://u@h/name?sslmode=require&options=-c%20a%3Db&connect_timeout=3")
    assert {name: x for name, x in told["OPTIONS"].items() if isinstance(x, str)} == {
        "sslmode": "require",
        "options": "-c a=b",
        "connect_timeout": "3",
    }


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("postgresql://u@h/name?sslmod=require", "its option 'sslmod' is unknown"),
        ("postgresql://u@h/name?sslmode", "its sslmode has no value"),
        ("postgresql://u@h/name?host=other", "it says its host twice"),
        ("postgresql://u@h/name?sslmode=a&sslmode=b", "it says its sslmode twice"),
        ("postgresql://u@h/name#part", "a # stands in it"),
        (f"postgresql://u@h/{'n' * 64}", "more than 63 letters"),
    ],
)
def test_an_option_that_is_not_understood_is_named(url: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        database(url)


def test_a_missing_psycopg_is_told_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.settings.find_spec", lambda _: None)
    with pytest.raises(ValueError, match=r"KUAIXUN_DATABASE_URL=.*'\.\[postgresql\]'") as fault:
        database("postgresql://u:hidden@h/name")
    assert "hidden" not in str(fault.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:////",
        "sqlite://relative.db",
        "sqlite:relative.db",
        "sqlite:///folder/",
        "sqlite:///a.db?mode=ro",
        "sqlite:///a%00.db",
        "mysql://u:hidden@localhost/x",
        "kuaixun.db",
        " ",
        "postgresql://u:hidden@host:port/name",
        "postgresql://u:hidden@host:99999/name",
        "postgresql://u:hidden#x@host/name",
        "postgresql://u:hidden@[::1/name",
        "postgresql://u:hidden@[not]/name",
        "postgresql://u:hidden@host",
        "postgresql://u:hidden@host/",
        "postgresql://u:1?hidden@host/name",
    ],
)
def test_anything_else_is_a_fault_that_names_the_setting_and_the_remedy(url: str) -> None:
    with pytest.raises(ValueError, match="KUAIXUN_DATABASE_URL=") as fault:
        database(url)
    assert "use sqlite:///PATH or postgresql://" in str(fault.value)
    assert "hidden" not in str(fault.value)
