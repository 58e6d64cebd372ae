"""KUAIXUN_DATABASE_URL: what it may say, and the fault that tells what it may not."""

import pytest

from store.settings import DATA, database


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("", str(DATA / "kuaixun.sqlite3")),
        ("sqlite:///relative.db", str(DATA / "relative.db")),
        ("sqlite:///below/relative.db", str(DATA / "below/relative.db")),
        ("sqlite:////abs/path.db", "/abs/path.db"),
        ("sqlite:////abs/a%20b%3F%E5%BF%AB.db", "/abs/a b?快.db"),
        ("sqlite:///C:/x.db", "C:/x.db"),
        ("sqlite:///C:/a%20b/x.db", "C:/a b/x.db"),
    ],
)
def test_the_file_of_sqlite(url: str, name: str) -> None:
    assert database(url)["NAME"] == name


def test_postgresql_with_escapes() -> None:
    told = database("postgresql://u%40x:p%2Fw@[::1]:5433/na%20me")
    assert [told[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        *("u@x", "p/w", "::1", "5433", "na me")
    ]


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
    ],
)
def test_anything_else_is_a_fault_that_names_the_setting_and_the_remedy(url: str) -> None:
    with pytest.raises(ValueError, match="KUAIXUN_DATABASE_URL=") as fault:
        database(url)
    assert "use sqlite:///PATH or postgresql://" in str(fault.value)
    assert "hidden" not in str(fault.value)
