"""`kuaixun bench crawl` on few pages: the shape of what it tells, and that nothing is missed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kuaixun.bench import crawl as bench_crawl
from kuaixun.bench.crawl import REST
from kuaixun.bench.crawl_cost import Cost
from kuaixun.bench.crawl_pages import SIZE, list_html, notice_html, page
from kuaixun.bench.crawl_stages import STAGES, StageClock

ROOT = Path(__file__).resolve().parents[2]
PAGES = 30


@pytest.fixture(scope="module")
def told() -> Any:
    own = {k: v for k, v in os.environ.items() if not k.startswith(("KUAIXUN_", "SCRAPY_"))}
    words = ["bench", "crawl", "--pages", str(PAGES), "--rounds", "1", "--generic", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "kuaixun", *words],
        cwd=ROOT,
        env=own,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_all_take_every_notice(told: Any) -> None:
    assert told["pages"] == PAGES
    assert list(told["spiders"]) == ["bare", "bare, CONCURRENT_ITEMS=2", "kuaixun"]
    for runs in told["spiders"].values():
        assert [run["pages"] for run in runs] == [PAGES]
        assert all(run["cpu_ms"] > run["cpu_ms_without_start"] > 0 for run in runs)
        assert all(run["pages_per_s"] > 0 for run in runs)


def test_the_stages_add_up_to_the_night(told: Any) -> None:
    stages = told["stages_ms"]
    inside = sum(stages[stage] for stage in STAGES)
    # a stage that counted the stages within it twice would leave less than nothing for the rest
    assert stages[REST] > 0
    assert inside > stages[REST] / 4
    idle = [stage for stage in STAGES if not stages[stage] and stage != "progress shown"]
    assert idle == []  # a clock around a function that nobody calls any more


def test_a_stage_s_time_is_without_that_of_the_stages_inside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks = iter([0.0, 1.0, 4.0, 6.0])  # the outer one begins, the inner one lasts 3 s, …
    monkeypatch.setattr(time, "thread_time", lambda: next(ticks))
    clock = StageClock()
    inner = clock._timed(lambda: None, "save")
    outer = clock._timed(lambda: inner(), "writer thread: taking turns")
    outer()
    stages = clock.stages()
    assert (stages["save"], stages["writer thread: taking turns"]) == (3.0, 3.0)
    assert list(stages) == list(STAGES)


def test_the_ratio_is_of_the_cpu_a_page(told: Any) -> None:
    ours, bare = (told["spiders"][name][0]["cpu_ms"] for name in ("kuaixun", "bare"))
    assert told["ratio"]["bare"]["cpu"] == pytest.approx(ours / bare, abs=0.02)


def test_a_missed_page_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(spider: str, *_: object) -> Cost:
        return Cost(pages=4, start_cpu=0.1, cpu=1.0, wall=1.0, peak_mb=1.0)

    @contextmanager
    def site(pages: int) -> Iterator[str]:
        yield "http://127.0.0.1:1/"

    monkeypatch.setattr(bench_crawl, "_run", run)
    monkeypatch.setattr(bench_crawl, "_site", site)
    done = CliRunner().invoke(bench_crawl.command, ["--pages", "5"])
    assert done.exit_code == 1
    assert "bare took 4 notices out of 5 pages" in done.stderr


def test_pages_differ_and_have_the_size_that_is_told() -> None:
    pages = [notice_html(number) for number in range(20)]
    assert len({page(number).title for number in range(2000)}) == 2000
    assert all(SIZE <= len(text.encode()) < SIZE + 2000 for text in pages)
    assert notice_html(3) == pages[3]
    assert all(page(number).path in list_html(0, 20) for number in range(20))
    assert "from=20" in list_html(0, 21)
    assert "from=" not in list_html(0, 20)


def test_a_crawl_that_does_not_end_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench_crawl, "_LIMIT", 0.01)
    with pytest.raises(bench_crawl.Failed, match="was not done after") as fault:
        bench_crawl._run(bench_crawl.BARE, tmp_path, "http://127.0.0.1:1/", "generic")
    assert fault.value.exit_code == 1
    assert "--pages" in fault.value.remedy
