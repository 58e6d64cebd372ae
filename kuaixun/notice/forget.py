"""`kuaixun notice forget`: a notice removed for good."""

import getpass
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from kuaixun.console import Fault, Running, err, out, print_json, shown
from kuaixun.db.backup import AtWork
from kuaixun.ticking import Ticking

if TYPE_CHECKING:
    from store.forget import Forgotten


@click.command(
    epilog="""\b
Exit codes:
  0  forgotten
  2  nothing was changed: no such notice, several sources keep one there, or editors decided on it
  3  a night, or a backup, is running in this data folder"""
)
@click.argument("address")
@click.option("--reason", required=True, help="Why; it is kept with the tombstone.")
@click.option("--source", default="", metavar="NAME", help="Only of this source.")
@click.option("--who", default="", help="Who asks; default: the user that runs the command.")
@click.option(
    "--even-published",
    is_flag=True,
    help="Also when editors decided on it or an issue has it. What they wrote themselves stays.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def command(
    address: str, reason: str, source: str, who: str, even_published: bool, as_json: bool
) -> None:
    """Remove a notice's text, files and archived pages, and see that no crawl brings it back.

    A tombstone with the reason stays at its address. Its reposts, at other addresses or sources,
    are notices of their own and stay. Backups, exports and logs are not changed: which backups
    still hold it is told. Killed half way, the same command finishes it.

    \b
    Examples:
      kuaixun notice forget https://www.mee.gov.cn/a/1.html --reason "当事人要求删除"
      kuaixun notice forget https://www.mee.gov.cn/a/1.html --source mee --reason "来函 2026-12"
    """
    if not reason.strip():
        raise click.UsageError("say why: --reason")

    import store

    store.migrate()

    from store import backup

    forgotten = _forget(address, reason.strip(), source, who or _user(), even_published)
    folder = backup.default_folder()
    holding = [kept.name for kept in backup.kept(folder)]
    if as_json:
        told = {"backups": holding, "backup_folder": str(folder)}
        print_json(asdict(forgotten) | told)
        return
    words = f"已遗忘 {forgotten.source} {forgotten.address}"
    counts = (
        f"版本 {forgotten.revisions} 个，文件 {forgotten.files} 个，存档 {forgotten.records} 条"
    )
    out.print(shown(f"{words}：{counts}"), soft_wrap=True)
    if forgotten.shell:
        out.print("留下一条空通知：审阅记录和已出的期还指着它。")
    if holding:
        err.print(
            f"[yellow]这些备份里还有它，轮换掉之前一直在：{'、'.join(holding)}（{shown(str(folder))}）。"
            "要立刻除掉，请删去这些文件夹，再做一次 kuaixun db backup。[/]",
            soft_wrap=True,
        )
    err.print(
        "用 --to 做在别处的备份、恢复时移开的旧数据、已导出的文件和日志里可能还有它，请自行清理。"
    )


def _forget(address: str, reason: str, source: str, who: str, even: bool) -> "Forgotten":
    from django.conf import settings

    from crawler.address import canonical
    from nightly.lock import OtherNight, only_one
    from store import forget
    from store.disk import Busy

    try:
        with only_one(settings.DATA), Ticking("遗忘") as ticking:
            return forget.forget(
                canonical(address),
                reason=reason,
                who=who,
                source=source,
                even_decided=even,
                tick=ticking,
            )
    except OtherNight as other:
        raise Running(f"A night is running here (process {other.pid}).", "Wait for it.") from None
    except Busy as busy:
        raise AtWork(str(busy)) from None
    except forget.NothingThere as fault:
        raise Fault(str(fault)) from None
    except forget.Several as fault:
        raise Fault(
            f"Several sources keep a notice there: {fault}", "Name one: --source NAME"
        ) from None
    except forget.Decided as fault:
        raise Fault(
            f"It is in use: {fault}.",
            "If it is to go nevertheless, and only an empty shell to stay: --even-published",
        ) from None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "command"
