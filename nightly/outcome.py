"""What a column's night came to: one verdict, and why, in words an editor reads.

Verdicts rest on what the store holds of the night, not on what this run happened to see, so that
a night that was killed and run again says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crawler.notice import FailureKind
from crawler.report import ColumnReport
from store.models import Verdict

MANY = 3  # so many pages that all failed are no accident
_VERDICTS: dict[str, Verdict] = {
    FailureKind.BLOCKED: Verdict.BLOCKED,
    FailureKind.UNREACHABLE: Verdict.UNREACHABLE,
}  # the other kinds are a list that leads to no notices: broken


@dataclass(frozen=True, slots=True)
class Figures:
    """What the store holds of a column, for one night."""

    new: int = 0  # notices first kept
    revised: int = 0
    problems: int = 0
    rows: int = 0  # rows of the list pages read this night; 0 when only a 304 came
    seen: int = 0  # rows first seen this night, whatever became of them
    external: int = 0  # of these: on a host that may not be visited
    unwanted: int = 0  # of these: too old for a first night
    elsewhere: int = 0  # of these: kept by another column of the source
    waiting: int = 0  # of these: still to be fetched, and not tried this night
    untaken: int = 0  # rows whose page was asked for this night and could not be had
    reason: str = ""  # why the first of these could not, Chinese
    fresh: int = 0  # of these: on no more nights than an editor is spared
    fault: str = ""  # the commonest kind of failure among them: a FailureKind
    vanished: int = 0  # kept notices that were found taken down this night
    gone: int = 0  # rows given up this night: their pages were not there on several nights
    held: int = 0  # rows that wait for a person's click, of this and earlier nights
    newest: date | None = None  # when the column last had something new; None: never


def judge(
    report: ColumnReport | None,
    figures: Figures,
    *,
    today: date,
    quiet_days: int,
    faults: Sequence[str] = (),
    ended: str = "",
    remarks: Sequence[str] = (),
) -> tuple[Verdict, str]:
    """The verdict on a column's night and why (Chinese, never empty).

    `report` is None when the spider could not even be made. `faults`: exceptions of ours in the
    column, in words; `ended`: why the source's run ended before its time, "" when it ran to its
    end; `remarks`: what must always be said of the source (a weakened TLS, say)."""
    verdict, why = _judge(report or ColumnReport(), figures, today, quiet_days, faults, ended)
    return verdict, "；".join([why, *remarks])


def _judge(
    report: ColumnReport,
    figures: Figures,
    today: date,
    quiet_days: int,
    faults: Sequence[str],
    ended: str,
) -> tuple[Verdict, str]:
    told = "；".join(x for x in (_told(figures), _watched(report, figures), report.left) if x)
    if fault := report.failed or next(iter(faults), ""):
        more = f"（共 {len(faults)} 处）" if len(faults) > 1 else ""
        return Verdict.FAILED, f"{fault}{more}；{told}"
    for verdict, named in (
        (Verdict.BLOCKED, report.blocked),
        (Verdict.UNREACHABLE, report.unreachable),
        (Verdict.BROKEN, report.broken),
    ):
        if named:
            return verdict, f"{named}；{told}" if figures.rows else named
    if ended:
        return Verdict.FAILED, f"没有跑完：{ended}；{told}"
    if not report.listed:
        return Verdict.FAILED, "没有读到列表，也没有说明原因；请看日志"
    taken = figures.new + figures.revised
    least = 1 if figures.fault == FailureKind.BLOCKED and not taken else MANY
    if figures.fresh >= least and figures.fresh > taken:
        lost = "一条也没取到" if not taken else f"只取到 {taken} 条"
        return (
            _VERDICTS.get(figures.fault, Verdict.BROKEN),
            f"列表可读，但 {figures.fresh + taken} 条通知{lost}：{figures.reason}",
        )
    if report.drift or report.generic or figures.held:
        drift = report.drift or ("列表改版，已用通用识别" if report.generic else "")
        held = f"{figures.held} 行等人确认" if figures.held else ""
        return Verdict.DRIFT, "；".join(x for x in (drift, held, told) if x)
    if figures.new or figures.revised:
        return Verdict.OK, told
    if figures.newest and (days := (today - figures.newest).days) > quiet_days:
        return Verdict.QUIET, f"{days} 天没有新通知（提示线 {quiet_days} 天）；{told}"
    return (Verdict.OK if figures.seen or figures.untaken else Verdict.UNCHANGED), told


def _watched(report: ColumnReport, figures: Figures) -> str:
    """What became of the kept pages that were asked for again, in words; "" for none."""
    parts = [f"复查 {report.watched} 页"] if report.watched else []
    if figures.vanished:
        parts.append(f"撤下 {figures.vanished}")
    return "，".join([*parts, *filter(None, [report.doubt])])


def _told(figures: Figures) -> str:
    """What was found, in words; a zero is always explained."""
    parts = []
    if figures.new:
        parts.append(f"新 {figures.new} 条")
    if figures.revised:
        parts.append(f"改 {figures.revised} 条")
    if not parts:
        quiet = figures.seen or figures.untaken or figures.gone
        parts.append("没有新通知" if quiet else "列表没有变化")
    if figures.rows:
        parts.append(f"共读 {figures.rows} 行")
    if figures.external:
        parts.append(f"站外 {figures.external} 行只留链接")
    if figures.unwanted:
        parts.append(f"{figures.unwanted} 行早于首夜期限")
    if figures.elsewhere:
        parts.append(f"{figures.elsewhere} 行在别的栏目收了")
    if figures.waiting:
        parts.append(f"{figures.waiting} 条待取")
    if figures.gone:
        parts.append(f"{figures.gone} 条网站一直没有页面，不再去取")
    if figures.untaken:
        parts.append(f"{figures.untaken} 条没取到（{figures.reason}），下一夜再取")
    return "，".join(parts)
