"""`kuaixun rows`: seen, let go, given up."""

import datetime as dt
import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.memory import Listing
from crawler.notice import Arrival, Notice, RowState
from crawler.notice import Row as ListRow
from kuaixun.__main__ import cli
from store import lists, models
from store.models import Row
from store.nights import column_of, current
from store.rows import drop
from store.save import save

pytestmark = pytest.mark.django_db

NIGHT = dt.date(2026, 3, 1)
SITE = "https://sea.gov.cn/t"


def a_row(number: int, column: str = "通知", source: str = "sea", **more: Any) -> Row:
    fields = {"state": RowState.WAITING, "arrival": Arrival.NIGHT, "date": NIGHT, **more}
    address = f"{SITE}/{number}.html"
    return Row.objects.create(
        column=column_of(source, column),
        url=address.replace("https", "http"),
        address=address,
        title=f"第 {number} 号通知",
        night=current(NIGHT),
        **fields,
    )


@pytest.fixture
def rows() -> list[Row]:
    return [
        a_row(1, tries=2, reason="超时未答复"),
        a_row(2, tries=6, reason="连接被拒绝"),
        a_row(3, held=True, reason="行数是平时的 6 倍"),
        a_row(4, "公告", state=RowState.EXTERNAL),
        a_row(5, source="hill", date=None),
        a_row(6, state=RowState.KEPT),
        a_row(7, state=RowState.UNWANTED),
    ]


def run(*words: str, code: int = 0) -> Result:
    ran = CliRunner().invoke(cli, ["rows", *words])
    assert ran.exit_code == code, ran.output
    return ran


def numbers(*words: str) -> list[int]:
    told = json.loads(run("list", *words, "--json").stdout)["rows"]
    return [int(row["url"].rsplit("/", 1)[1].removesuffix(".html")) for row in told]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), [3, 5, 2, 1, 4]),
        (("--source", "sea"), [3, 2, 1, 4]),
        (("--held",), [3]),
        (("--waiting",), [5, 2, 1]),
        (("--external",), [4]),
        (("--source", "hill", "--held"), []),
    ],
)
def test_which_rows_are_listed(rows: list[Row], words: Any, found: list[int]) -> None:
    assert numbers(*words) == found


def test_what_is_told_of_a_row(rows: list[Row]) -> None:
    assert json.loads(run("list", "--held", "--json").stdout) == {
        "rows": [
            {
                "source": "sea",
                "column": "通知",
                "lack": "held",
                "date": "2026-03-01",
                "title": "第 3 号通知",
                "url": "http://sea.gov.cn/t/3.html",
                "tries": 0,
                "reason": "行数是平时的 6 倍",
            }
        ]
    }
    table = run("list", "--source", "sea").stdout
    for words in ("待认", "待取", "站外", "连接被拒绝", "http://sea.gov.cn/t/2.html", "6"):
        assert words in table
    assert "没有这样的行" in run("list", "--source", "hill", "--external").stdout


def test_release_tells_how_many(rows: list[Row]) -> None:
    assert json.loads(run("release", "sea", "通知", "--json").stdout) == {"released": 1}
    assert "No rows" in run("release", "sea", "通知").stdout
    assert numbers("--held") == []


def test_a_stuck_row_is_given_up_with_its_reason(rows: list[Row]) -> None:
    told = run("drop", "sea", "http://SEA.gov.cn/t/2.html#top").stdout
    assert told == "通知 “第 2 号通知” (连接被拒绝): it is not fetched any more.\n"
    rows[1].refresh_from_db()
    assert (rows[1].state, rows[1].reason, rows[1].tries) == ("unwanted", "连接被拒绝", 6)
    assert numbers("--source", "sea", "--waiting") == [1]
    again = run("drop", "sea", "http://sea.gov.cn/t/2.html", code=2)
    assert "unwanted" in again.stderr
    assert "rows list --source sea" in again.stderr


def test_a_held_row_is_given_up_in_every_column_that_lists_it(rows: list[Row]) -> None:
    a_row(3, "公告", held=True)
    told = json.loads(run("drop", "sea", f"{SITE}/3.html", "--json").stdout)["dropped"]
    assert [(one["column"], one["state"]) for one in told] == [
        ("通知", "unwanted"),
        ("公告", "unwanted"),
    ]
    assert not Row.objects.filter(held=True).exists()


def test_a_kept_notice_that_was_to_be_fetched_again_stays() -> None:
    address = f"{SITE}/1.html"
    save(Notice("sea", "通知", address, address, "第 1 号通知", text="办好。"), NIGHT)
    kept = models.Notice.objects.get()
    row = a_row(1, reason=lists.CHANGED, notice=kept)
    told = run("drop", "sea", address).stdout
    assert "its kept version stays" in told
    row.refresh_from_db()
    assert (row.state, row.notice) == ("kept", kept)


def test_a_back_fill_asks_for_a_row_anew(rows: list[Row]) -> None:
    drop("sea", f"{SITE}/2.html")
    listed = ListRow(rows[1].url, rows[1].address, rows[1].title, NIGHT, column="通知")
    asked = Listing("sea", "通知", f"{SITE}/", 1, [listed], backfill=True)
    lists.write_list(asked, column_of("sea", "通知"), current(NIGHT))
    rows[1].refresh_from_db()
    assert rows[1].state == "waiting"


@pytest.mark.parametrize(
    "words", [("list", "--source", "lake"), ("drop", "lake", f"{SITE}/1.html")], ids=" ".join
)
def test_no_such_source(words: tuple[str, ...]) -> None:
    assert "kuaixun sources" in run(*words, code=2).stderr


def test_no_such_row(rows: list[Row]) -> None:
    assert "in none of its lists" in run("drop", "sea", f"{SITE}/99.html", code=2).stderr
