"""Which verdict a column's night gets, and that it always says why."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.notice import FailureKind
from crawler.report import ColumnReport
from nightly.outcome import Figures, judge
from store.models import Verdict

TODAY = dt.date(2026, 3, 20)
READ = ColumnReport(requests=1, listed=True, rows=20)
FRESH = Figures(rows=20, newest=dt.date(2026, 3, 19))


def verdict(report: ColumnReport | None, figures: Figures = FRESH, **more: object) -> Verdict:
    told, why = judge(report, figures, today=TODAY, quiet_days=30, **more)  # type: ignore[arg-type]
    assert why
    return told


def why(report: ColumnReport | None, figures: Figures = FRESH, **more: object) -> str:
    return judge(report, figures, today=TODAY, quiet_days=30, **more)[1]  # type: ignore[arg-type]


CASES = [
    ("new notices", READ, replace(FRESH, new=3, seen=3), {}, Verdict.OK, "新 3 条，共读 20 行"),
    ("only a revision", READ, replace(FRESH, revised=1), {}, Verdict.OK, "改 1 条，共读 20 行"),
    ("304", READ, replace(FRESH, rows=0), {}, Verdict.UNCHANGED, "没有变化"),
    ("same rows", READ, FRESH, {}, Verdict.UNCHANGED, "没有变化，共读 20 行"),
    (
        "only rows of other sites",
        READ,
        replace(FRESH, seen=2, external=2),
        {},
        Verdict.OK,
        "没有新通知，共读 20 行，站外 2 行只留链接",
    ),
    (
        "first night, all too old",
        READ,
        replace(FRESH, seen=20, unwanted=20),
        {},
        Verdict.OK,
        "20 行早于首夜期限",
    ),
    (
        "one page not had",
        READ,
        replace(FRESH, seen=1, untaken=1, reason="网站出错（503）"),
        {},
        Verdict.OK,
        "1 条没取到（网站出错（503）），下一夜再取",
    ),
    (
        "no page at all to be had",
        READ,
        replace(FRESH, seen=9, untaken=9, fresh=9, fault="unreachable", reason="超时未答复"),
        {},
        Verdict.UNREACHABLE,
        "9 条通知一条也没取到：超时未答复",
    ),
    (
        "some pages to be had",
        READ,
        replace(FRESH, new=8, seen=9, untaken=1, fresh=1, fault="unreachable", reason="超时"),
        {},
        Verdict.OK,
        "新 8 条",
    ),
    (
        "most pages blocked",
        READ,
        replace(FRESH, new=1, seen=9, untaken=8, fresh=8, fault="blocked", reason="瑞数 412"),
        {},
        Verdict.BLOCKED,
        "9 条通知只取到 1 条：瑞数 412",
    ),
    (
        "the only page blocked",
        READ,
        replace(FRESH, seen=1, untaken=1, fresh=1, fault="blocked", reason="瑞数 412"),
        {},
        Verdict.BLOCKED,
        "一条也没取到",
    ),
    (
        "pages that were never there",
        READ,
        replace(FRESH, seen=4, untaken=4, fresh=4, fault="broken", reason="页面返回 404"),
        {},
        Verdict.BROKEN,
        "一条也没取到：页面返回 404",
    ),
    (
        "old rows that nobody gave up",
        READ,
        replace(FRESH, untaken=4, reason="页面返回 500"),
        {},
        Verdict.OK,
        "4 条没取到",
    ),
    (
        "rows given up",
        READ,
        replace(FRESH, gone=2),
        {},
        Verdict.UNCHANGED,
        "2 条网站一直没有页面，不再去取",
    ),
    (
        "a page left for the next night",
        replace(READ, left="第 6 页起下一夜接着读"),
        replace(FRESH, new=90, seen=90),
        {},
        Verdict.OK,
        "第 6 页起下一夜接着读",
    ),
    (
        "long nothing new",
        READ,
        replace(FRESH, newest=TODAY - dt.timedelta(days=31)),
        {},
        Verdict.QUIET,
        "31 天没有新通知",
    ),
    (
        "nothing new, not that long",
        READ,
        replace(FRESH, newest=TODAY - dt.timedelta(days=30)),
        {},
        Verdict.UNCHANGED,
        "没有变化",
    ),
    (
        "a rarely used column with something new",
        READ,
        replace(FRESH, new=1, newest=TODAY - dt.timedelta(days=99)),
        {},
        Verdict.OK,
        "新 1 条",
    ),
    ("generic rows", replace(READ, generic=True), FRESH, {}, Verdict.DRIFT, "通用识别"),
    (
        "count drift",
        replace(READ, drift="列表有 99 条，平常约 20 条"),
        replace(FRESH, held=79),
        {},
        Verdict.DRIFT,
        "79 行等人确认",
    ),
    (
        "held since an earlier night",
        READ,
        replace(FRESH, held=4),
        {},
        Verdict.DRIFT,
        "4 行等人确认",
    ),
    (
        "unreadable list",
        ColumnReport(broken="选择器和通用识别都读不出行"),
        FRESH,
        {},
        Verdict.BROKEN,
        "都读不出行",
    ),
    ("down", ColumnReport(unreachable="连接被拒绝"), FRESH, {}, Verdict.UNREACHABLE, "连接被拒绝"),
    ("challenged", ColumnReport(blocked="瑞数 412"), FRESH, {}, Verdict.BLOCKED, "瑞数 412"),
    ("fault of ours", ColumnReport(failed="KeyError: 'x'"), FRESH, {}, Verdict.FAILED, "KeyError"),
    (
        "exception after a good list",
        READ,
        replace(FRESH, new=2),
        {"faults": ["没能存下“甲”：OperationalError: locked", "没能存下“乙”：x"]},
        Verdict.FAILED,
        "没能存下“甲”：OperationalError: locked（共 2 处）；新 2 条",
    ),
    ("never started", None, Figures(), {"ended": "ValueError: bad"}, Verdict.FAILED, "ValueError"),
    ("closed early", READ, FRESH, {"ended": "memusage"}, Verdict.FAILED, "没有跑完：memusage"),
    ("no report, no reason", None, Figures(), {}, Verdict.FAILED, "没有说明原因"),
    ("no list, no reason", ColumnReport(), FRESH, {}, Verdict.FAILED, "没有说明原因"),
    (
        "weak TLS is always said",
        READ,
        replace(FRESH, new=1),
        {"remarks": ["TLS 从宽：服务器只会 1.0"]},
        Verdict.OK,
        "新 1 条，共读 20 行；TLS 从宽：服务器只会 1.0",
    ),
]


@pytest.mark.parametrize(
    ("report", "figures", "more", "expected", "words"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_verdict(
    report: ColumnReport | None,
    figures: Figures,
    more: dict[str, object],
    expected: Verdict,
    words: str,
) -> None:
    assert verdict(report, figures, **more) is expected
    assert words in why(report, figures, **more)


def test_the_worst_of_several_wins() -> None:
    all_of_it = ColumnReport(
        failed="x", blocked="x", unreachable="x", broken="x", drift="x", listed=True
    )
    old = replace(FRESH, newest=dt.date(2020, 1, 1))
    ladder = [verdict(all_of_it, old)]
    for name in ("failed", "blocked", "unreachable", "broken", "drift"):
        setattr(all_of_it, name, "")
        ladder.append(verdict(all_of_it, old))
    assert ladder == list(Verdict)[:6]


def test_a_night_run_again_says_the_same_when_now_the_site_answers_304() -> None:
    """The first run was killed after it had kept everything; the second only saw a 304."""
    figures = replace(FRESH, new=3, seen=4, external=1)
    again = ColumnReport(requests=1, not_modified=1, listed=True)
    assert judge(READ, figures, today=TODAY, quiet_days=30) == judge(
        again, figures, today=TODAY, quiet_days=30
    )


WORDS = st.sampled_from(["", "某种原因"])
COUNTS = st.integers(0, 40)
REPORTS = st.none() | st.builds(
    ColumnReport,
    listed=st.booleans(),
    left=WORDS,
    generic=st.booleans(),
    drift=WORDS,
    broken=WORDS,
    blocked=WORDS,
    unreachable=WORDS,
    failed=WORDS,
)
FIGURES = st.builds(
    Figures,
    new=COUNTS,
    revised=COUNTS,
    rows=COUNTS,
    seen=COUNTS,
    untaken=COUNTS,
    fresh=COUNTS,
    fault=st.sampled_from(["", *FailureKind]),
    gone=COUNTS,
    reason=WORDS,
    held=COUNTS,
    newest=st.none() | st.dates(dt.date(2020, 1, 1), TODAY),
)


@given(REPORTS, FIGURES, st.lists(st.just("错误"), max_size=3), WORDS)
def test_never_an_unexplained_zero(
    report: ColumnReport | None, figures: Figures, faults: list[str], ended: str
) -> None:
    told, words = judge(report, figures, today=TODAY, quiet_days=30, faults=faults, ended=ended)
    assert words.strip("；， ")
    if told in (Verdict.OK, Verdict.UNCHANGED, Verdict.QUIET, Verdict.DRIFT):
        assert report is not None
        assert report.listed
        assert not faults


def test_what_was_watched_is_told_in_any_verdict() -> None:
    watched = replace(READ, watched=3)
    assert why(watched) == "列表没有变化，共读 20 行；复查 3 页"
    gone = replace(FRESH, vanished=1)
    assert why(watched, gone) == "列表没有变化，共读 20 行；复查 3 页，撤下 1"
    doubted = replace(watched, doubt="复查的 3 页全都没有了，没有标为撤下")
    assert why(doubted).endswith("复查 3 页，复查的 3 页全都没有了，没有标为撤下")
    assert "复查 3 页" in why(replace(watched, failed="读取出错"))
