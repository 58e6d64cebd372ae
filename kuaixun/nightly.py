"""`kuaixun nightly`: one night over all sources, and its table."""

import logging
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kuaixun.console import Fault, Running, err, narrow, out, print_block, print_json, shown

if TYPE_CHECKING:
    from nightly.run import NightResult
    from store.models import Verdict
    from store.queries import OutcomeLine
    from store.revisions import Revised

logger = logging.getLogger(__name__)

COUNTS = ("请求", "304", "行", "新", "改", "问题")
NOT_WELL, FULL, INTERRUPTED = 1, 4, 130
SHOWN = 20  # revised notices that are told, and changes of one

NO_CONTACT = (
    "没有设置联系方式：网站的管理员看不到该找谁。请先设置，例如\n"
    "  export KUAIXUN_CONTACT='mailto:you@example.org'\n"
    "No contact address is set, so a site's administrator cannot write to you. Set it as above, "
    "or go on without one: kuaixun nightly --without-contact"
)


@click.command(
    epilog="""\b
Exit codes:
  0    all sources well (正常, 无变化, 久无更新, 列表有变)
  1    a source that should have worked did not (程序出错, 被拦截, 无法访问, 读不出列表), or the
       backup after the night could not be made
  2    wrong use or settings: unknown source, no contact, a night that is past
  3    another night is running in this data folder
  4    the disk is full; what was kept is said, and the next run goes on from there
  130  interrupted (Ctrl-C, SIGTERM); likewise"""
)
@click.option(
    "--archive",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Replay this WARC instead of asking the sites; the night is that of its first record, and "
    "goes on if it was run before: a live night stays live.",
)
@click.option(
    "--archive-files",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the files lie that the WARC holds only by hash; default: this data folder's.",
)
@click.option(
    "--source", "names", multiple=True, metavar="NAME", help="Only this source; may be repeated."
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Back-fill: read the lists back to this day. Goes to the archive, not to the inbox.",
)
@click.option("--max-pages", type=click.IntRange(1), help="At most so many list pages a column.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, no table.")
@click.option("--without-contact", is_flag=True, help="Ask the sites without naming a contact.")
@click.option("--without-backup", is_flag=True, help="Do not end a live night with a backup.")
@click.option(
    "--if-missed",
    type=click.DateTime(["%Y-%m-%dT%H:%M"]),
    metavar="WHEN",
    help="Only if the night due daily at WHEN's time, from WHEN on, was not run (used by cron).",
)
def command(
    archive: Path | None,
    archive_files: Path | None,
    names: tuple[str, ...],
    since: datetime | None,
    max_pages: int | None,
    as_json: bool,
    without_contact: bool,
    without_backup: bool,
    if_missed: datetime | None,
) -> None:
    """Read all sources once and keep what is new: one night.

    A second run on the same day goes on with the same night. The table at the end stands worst
    first; the log is in data/logs. A live night ends with a backup (kuaixun db backup).

    \b
    Examples:
      kuaixun nightly
      kuaixun nightly --source mee --source miit
      kuaixun nightly --source mee --since 2026-01-01 --max-pages 40
      kuaixun nightly --archive data/warc/2026-11-24.warc.gz --json
    """
    from scrapy.utils.project import get_project_settings

    settings = get_project_settings()  # sets the store up: nightly.run needs its tables

    from crawler.archive import NoRecord, open_index
    from nightly.crawl import Ending
    from nightly.lock import OtherNight
    from nightly.run import NightPlan, NoNight, run

    if if_missed and not _missed(if_missed):
        return
    if not archive and not settings.get("CONTACT"):
        err.print(NO_CONTACT, style="yellow", markup=False)
        if not without_contact:
            sys.exit(2)
    plan = NightPlan(
        sources=names,
        archive=str(archive) if archive else "",
        files=str(archive_files) if archive_files else "",
        since=since.date() if since else None,
        max_pages=max_pages,
    )
    try:
        with Show() as show:
            result = run(plan, settings, show)
    except OtherNight as other:
        if if_missed:
            return  # it is being caught up already
        remedy = f"Wait for it, or end process {other.pid}." if other.pid else "Wait for it."
        what = f"Another night is running in this data folder (process {other.pid or '?'})."
        raise Running(what, remedy) from None
    except NoNight as fault:
        raise Fault(str(fault), "See: kuaixun sources") from None
    except NoRecord as fault:
        raise Fault(str(fault), "Name a WARC that a night has written.") from None
    code = exit_code(result)
    backup = Backup()
    if not archive and not without_backup and result.ending is Ending.FINISHED:
        backup = back_up(settings.getint("NIGHTLY_BACKUPS"))
        code = code or (NOT_WELL if backup.problem else 0)
    damaged = open_index(archive).damaged if archive else 0
    if as_json:
        told = {"archive_damaged": damaged, "backup": asdict(backup)}
        print_json(_as_json(result, code) | told)
    elif narrow(out):
        _print_blocks(result)
    else:
        out.print(table(result))
    if not as_json:
        _print_revised(result)
    if damaged:
        words = f"档案 {archive} 有 {damaged} 个字节已损坏，已跳过：其中的页面没有读到。"
        err.print(f"[yellow]{escape(words)}[/]", soft_wrap=True)
    _last_words(result)
    if backup.problem:
        err.print(f"[bold red]备份没有做成：[/]{shown(backup.problem)}", soft_wrap=True)
    elif backup.folder:
        err.print(f"已备份到 {shown(backup.folder)}", soft_wrap=True)
    sys.exit(code)


@dataclass(frozen=True, slots=True)
class Backup:
    """What came of the backup after the night; both empty when none was asked for."""

    folder: str = ""
    problem: str = ""


def back_up(keep: int) -> Backup:
    """Back up, if any backups are to be kept. What fails is told: the night itself is done."""
    from kuaixun.db.backup import make
    from nightly.disk import is_full
    from store import backup

    if keep < 1:
        return Backup()
    try:
        made = make(backup.default_folder(), keep)
    except Fault as fault:
        return Backup(problem=fault.message)
    except Exception as fault:  # whatever it is, the night must still be told
        logger.exception("The backup failed")
        if is_full(fault):
            return Backup(problem="磁盘已满，旧的备份都还在")
        return Backup(problem=f"{type(fault).__name__}: {fault}")
    damaged = "、".join(made.damaged[:3])
    problem = f"{len(made.damaged)} 个文件已损坏，没有备份：{damaged}" if made.damaged else ""
    return Backup(str(made.folder), problem)


def _missed(due: datetime) -> bool:
    import store
    from nightly.schedule import missed
    from store.models import Night

    store.migrate()
    last = Night.objects.filter(archive="", finished__isnull=False).order_by("-finished").first()
    return missed(due.astimezone(), datetime.now().astimezone(), last.finished if last else None)


def exit_code(result: "NightResult") -> int:
    """The command's exit code for a night that came to this."""
    from nightly.crawl import Ending

    if result.ending is Ending.DISK_FULL:
        return FULL
    if result.ending is Ending.INTERRUPTED:
        return INTERRUPTED
    return 0 if result.well else NOT_WELL


def table(result: "NightResult") -> Table:
    """The night's table, worst first."""
    grid = table_of(f"{result.date} 夜")
    grid.add_column("来源", overflow="fold", max_width=18)
    grid.add_column("栏目", overflow="fold", max_width=14)
    for heading in (*COUNTS, "秒"):
        grid.add_column(heading, justify="right", no_wrap=True)
    grid.add_column("结果", no_wrap=True)
    grid.add_column("原因", overflow="fold", ratio=1)
    for line in result.outcomes:
        grid.add_row(
            line.source,
            escape(line.column),
            *(str(count or "·") for count in _counts(line)),
            f"{line.seconds:.1f}",
            f"[{colour(line.verdict)}]{line.verdict.label}[/]",
            escape(line.why),
        )
    return grid


def _print_blocks(result: "NightResult") -> None:
    out.print(f"{result.date} 夜")
    for line in result.outcomes:
        verdict = f"[{colour(line.verdict)}]{line.verdict.label}[/]"
        counted = zip(COUNTS, _counts(line), strict=True)
        told = [*(f"{name} {count}" for name, count in counted if count), f"{line.seconds:.1f} 秒"]
        head = (line.source, escape(line.column), verdict)
        print_block(out, head, escape(line.why), "[dim]" + " · ".join(told) + "[/]")


def _print_revised(result: "NightResult") -> None:
    """What changed in the notices that were revised, by name."""
    from kuaixun.changes import change_in_words, visible

    if result.revised:
        out.print("改动的通知")
    for one in result.revised[:SHOWN]:
        out.print(Text(f"{one.source}  {visible(one.title)}"), soft_wrap=True)
        for change in one.changes[:SHOWN]:
            out.print(Text("  · ").append_text(change_in_words(change)), soft_wrap=True)
        if (more := len(one.changes) - SHOWN) > 0:
            out.print(f"  另有 {more} 处：kuaixun notice diff {shown(one.url)}", soft_wrap=True)
    if (more := len(result.revised) - SHOWN) > 0:
        out.print(f"另有 {more} 条通知有改动，--json 给出全部")


def _counts(line: "OutcomeLine") -> tuple[int, ...]:
    counts = (line.requests, line.not_modified, line.rows, line.new, line.revised)
    return (*counts, line.problems)


def table_of(title: str = "") -> Table:
    """An empty table that leaves 120 columns to its words."""
    return Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=0)


def colour(verdict: "Verdict | None") -> str:
    """rich's colour for a verdict."""
    from store.models import Verdict

    if verdict is None or verdict in (
        Verdict.FAILED,
        Verdict.BLOCKED,
        Verdict.UNREACHABLE,
        Verdict.BROKEN,
    ):
        return "red"
    return "yellow" if verdict in (Verdict.DRIFT, Verdict.QUIET) else "green"


def _as_json(result: "NightResult", code: int) -> dict[str, Any]:
    return {
        "night": result.date.isoformat(),
        "archive": result.archive,
        "ending": result.ending.value,
        "exit": code,
        "seconds": round(result.seconds, 1),
        "notices": result.notices,
        "revisions": result.revisions,
        "revised": [_revised_as_json(one) for one in result.revised],
        "unread": result.unread,
        "log": str(result.log),
        "outcomes": [
            {**asdict(line), "verdict": line.verdict.value, "words": line.verdict.label}
            for line in result.outcomes
        ],
    }


def _revised_as_json(one: "Revised") -> dict[str, Any]:
    from kuaixun.changes import change_as_json

    return {
        "source": one.source,
        "column": one.column,
        "title": one.title,
        "url": one.url,
        "revision": one.number,
        "changes": [change_as_json(change) for change in one.changes],
    }


def _last_words(result: "NightResult") -> None:
    from nightly.crawl import Ending

    kept = f"这一夜收下新通知 {result.notices} 条、改动 {result.revisions} 条"
    unread = f"没读到：{'、'.join(result.unread)}" if result.unread else "来源都读了"
    if result.ending is Ending.DISK_FULL:
        err.print(f"[bold red]磁盘已满。[/]{kept}；{unread}。", soft_wrap=True)
        err.print("请腾出空间，再运行同一命令：会从断处接着读。")
    elif result.ending is Ending.INTERRUPTED:
        err.print(f"[yellow]已中断。[/]{kept}；{unread}。", soft_wrap=True)
        err.print("再运行同一命令，会从断处接着读。")
    else:
        words = f"{kept}，用时 {result.seconds:.0f} 秒；日志：{result.log}"
        err.print(escape(words), soft_wrap=True)


class Show:
    """The night's progress on stderr: a bar on a terminal, a line a source elsewhere."""

    def __init__(self) -> None:
        self.console = err
        self.bar = Progress(
            TextColumn("[bold]快讯"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
            transient=True,
        )
        self.pages = self.new = self.done = self.total = 0
        self.running: list[str] = []

    def __enter__(self) -> "Show":
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def began(self, total: int) -> None:
        self.total = total
        self.task = self.bar.add_task("", total=total)

    def started(self, source: str) -> None:
        self.running.append(source)
        self._describe()

    def page(self, source: str) -> None:
        self.pages += 1
        self._describe()

    def kept(self, source: str) -> None:
        self.new += 1
        self._describe()

    def ended(self, source: str, verdicts: "list[Verdict]") -> None:
        self.running.remove(source)
        self.done += 1
        self.bar.update(self.task, completed=self.done)
        self._describe()
        if not self.console.is_terminal:
            words = words_of(verdicts) or "未完"
            self.console.print(f"{self.done}/{self.total} {source}: {words}", soft_wrap=True)

    def _describe(self) -> None:
        current = ", ".join(self.running[:3]) + (" …" if len(self.running) > 3 else "")
        words = f"页 {self.pages} · 新 {self.new} · {current}"
        self.bar.update(self.task, description=words)


def words_of(verdicts: "list[Verdict]") -> str:
    """Outcomes in words, worst first: 被拦截 1，正常 3."""
    from store.models import Verdict

    return "，".join(
        f"{verdict.label} {verdicts.count(verdict)}" for verdict in Verdict if verdict in verdicts
    )
