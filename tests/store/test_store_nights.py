"""Nights, continued by date, and their outcomes."""

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from crawler.notice import Problem
from crawler.report import ColumnReport
from store import models, nights
from store.save import save

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]
NIGHT, NEXT = dt.date(2019, 9, 11), dt.date(2019, 9, 12)
NOW = dt.datetime(2019, 9, 11, 2, 30, tzinfo=nights.BEIJING)


def outcome(pk: int, verdict: str = "ok", column: str = "通知", **counts: Any) -> models.Outcome:
    nights.write_outcome(pk, "mee", column, verdict, "为什么", asdict(ColumnReport(**counts)))
    return models.Outcome.objects.get(column__name=column, night=pk)


def test_a_second_run_on_the_date_goes_on_with_the_night(media: Path) -> None:
    pk = nights.open_night(NIGHT, NOW, "samples/2019-09-11.warc.gz")
    nights.finish_night(pk)
    assert models.Night.objects.get().finished
    assert nights.open_night(NIGHT, NOW + dt.timedelta(hours=5)) == pk
    night = models.Night.objects.get()
    assert (night.now, night.archive) == (NOW, "samples/2019-09-11.warc.gz")
    assert night.finished is None
    assert nights.current(NIGHT) == night
    assert nights.current(NEXT) != night


@pytest.mark.parametrize("ended", [True, False])
def test_a_replay_of_a_live_nights_date_goes_on_with_it_and_leaves_it_live(ended: bool) -> None:
    pk = nights.open_night(NIGHT, NOW)
    if ended:
        nights.finish_night(pk)
    assert nights.open_night(NIGHT, NOW, "data/warc/2019-09-11.warc.gz") == pk
    night = models.Night.objects.get()
    assert (night.archive, night.finished, night.now) == ("", None, NOW)


def test_a_night_that_a_bare_crawl_made_is_live() -> None:
    made = nights.current(NIGHT)
    assert nights.open_night(NIGHT, NOW, "data/warc/2019-09-11.warc.gz") == made.pk
    assert models.Night.objects.get().archive == ""


def test_a_new_night_sweeps_what_a_killed_one_left(media: Path) -> None:
    media.mkdir()
    (media / "abc.part").write_bytes(b"half")
    nights.open_night(NIGHT, NOW)
    assert list(media.iterdir()) == []


def test_work_adds_up_over_the_runs_and_the_last_word_stands() -> None:
    pk = nights.open_night(NIGHT, NOW)
    outcome(pk, "failed", requests=3, seconds=1.5, rows=20)
    kept = outcome(pk, "unchanged", requests=1, not_modified=1, seconds=0.5)
    assert (kept.verdict, kept.requests, kept.not_modified) == ("unchanged", 4, 1)
    assert (kept.seconds, kept.rows) == (2.0, 20)


def test_results_are_counted_from_what_is_kept(notice: Make) -> None:
    pk = nights.open_night(NIGHT, NOW)
    save(notice(1, problems=[Problem("a", "甲")]), NIGHT)
    save(notice(2), NIGHT)
    save(notice(3, column="公示"), NIGHT)
    kept = outcome(pk)
    assert (kept.new, kept.revised, kept.problems) == (2, 0, 1)
    second = nights.open_night(NEXT, NOW + dt.timedelta(days=1))
    save(notice(1, text="改了。"), NEXT)
    kept = outcome(second)
    assert (kept.new, kept.revised, kept.problems) == (0, 1, 0)


def test_a_list_that_came_or_had_not_changed_is_noted() -> None:
    pk = nights.open_night(NIGHT, NOW)
    outcome(pk, "unreachable", unreachable="连接超时")
    assert models.Column.objects.get().last_listed is None
    outcome(pk, "unchanged", listed=True)
    assert models.Column.objects.get().last_listed == NOW


def test_an_unknown_verdict_is_refused() -> None:
    pk = nights.open_night(NIGHT, NOW)
    with pytest.raises(ValueError, match="fine"):
        outcome(pk, "fine")
