"""`kuaixun demo`: the two sample nights, an editor's picks, and the bulletin they make."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from kuaixun.console import err, out, print_json

# Not from store.settings: that must first be read when KUAIXUN_DATA says the demo's folder.
ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
NIGHTS = ("2019-09-11", "2019-09-12")
FOLDER = ROOT / "data" / "demo"


@click.command(epilog="Exit codes: 0 done; 1 a step failed (its own words stand above).")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    show_default=True,
    help="Where everything of the demo is written.",
)
@click.option("--fresh", is_flag=True, help="Forget an earlier demo in the folder first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout, all else aside.")
def command(folder: Path, fresh: bool, as_json: bool) -> None:
    """Run the two sample nights by replay and write the bulletin they lead to.

    \b
    kuaixun demo
    kuaixun demo --folder /tmp/kuaixun --fresh

    The nights run through exactly the code that a live night runs. A second demo finds both
    nights done and only writes the exports again.
    """
    began = time.monotonic()
    folder = folder.resolve()
    say = err if as_json else out
    _prepare(folder, fresh)
    for night in NIGHTS:
        _night(folder, night, say)
    written, candidates = _edit_and_export(folder, say)
    (folder / "samples.sha256").write_text(_digest())
    counts = _counts() | {"candidates": candidates}
    seconds = time.monotonic() - began
    written = [folder / "kuaixun.sqlite3", *written]
    if as_json:
        paths = [str(path) for path in written]
        print_json(
            {"folder": str(folder), "written": paths, **counts, "seconds": round(seconds, 1)}
        )
    else:
        _summary(folder, written, counts, seconds)


def _digest() -> str:
    """Of the sample nights and the picks: an older demo was made from others."""
    digest = hashlib.sha256()
    for path in [*(SAMPLES / f"{night}.warc.gz" for night in NIGHTS), SAMPLES / "decisions.toml"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _prepare(folder: Path, fresh: bool) -> None:
    stamp, begun = folder / "samples.sha256", folder / "kuaixun.sqlite3"
    outdated = stamp.exists() and stamp.read_text() != _digest()
    if folder.exists() and (fresh or outdated):
        if not begun.exists():
            raise click.ClickException(f"{folder} holds no demo; name an empty folder instead")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # set before anything of the store is used in this process, and for the nights' own processes
    os.environ["KUAIXUN_DATA"] = str(folder)
    os.environ.pop("KUAIXUN_DATABASE_URL", None)


def _night(folder: Path, night: str, say: Console) -> None:
    """One night in a process of its own, as the schedule would run it."""
    if (folder / "nights" / night).exists():
        say.print(f"[dim]{night} 夜已经跑过，保持原样[/dim]")
        return
    say.rule(f"样例之夜 {night}")
    archive = SAMPLES / f"{night}.warc.gz"
    command = [sys.executable, "-m", "kuaixun", "nightly", "--archive", str(archive)]
    told = sys.stderr if say is err else None
    code = subprocess.run(command, cwd=ROOT, stdout=told).returncode  # noqa: S603 - our own command
    if code not in (0, 1):  # 1: a source did not work, which night 2 shows on purpose
        raise click.ClickException(f"the night {night} ended with exit code {code}")
    (folder / "nights").mkdir(exist_ok=True)
    (folder / "nights" / night).touch()


def _edit_and_export(folder: Path, say: Console) -> tuple[list[Path], int]:
    import store

    store.setup()
    from crawler.address import canonical
    from kuaixun.editions import build_issue, write_candidates
    from store.issues import Imported, Pick, make
    from store.models import ReviewState
    from store.reviews import decide

    picks: dict[str, Any] = tomllib.loads((SAMPLES / "decisions.toml").read_text("utf-8"))
    house, entries = picks["issue"], picks["entry"]
    for entry in entries:
        decide(
            entry["source"],
            canonical(entry["address"]),
            ReviewState.CANDIDATE,
            entry["section"],
            entry["title"],
            "samples/decisions.toml",
        )
    picked = [Pick(e["source"], canonical(e["address"]), e["section"], e["title"]) for e in entries]
    try:
        make(house["number"], house, picked)
    except Imported:
        say.print(f"[dim]{house['number']} 是导入的，保持原样[/dim]")
    written, candidates = write_candidates(folder, ["xlsx", "csv", "jsonl"])
    built = build_issue(house["number"], folder / "kuaixun-2019-0902.docx")
    for warning in built.warnings:
        say.print(f"[yellow]{escape(warning)}[/yellow]")
    return [*written, built.path], candidates


def _counts() -> dict[str, int]:
    from store.models import Family, Notice, Problem, Revision

    return {
        "notices": Notice.objects.count(),
        "revisions": Revision.objects.count(),
        "families": Family.objects.count(),
        "problems": Problem.objects.count(),
    }


def _summary(folder: Path, written: list[Path], counts: dict[str, int], seconds: float) -> None:
    out.rule("样例结果")
    out.print(
        f"通知 {counts['notices']} 条，版本 {counts['revisions']} 个，"
        f"转载家族 {counts['families']} 个，待看的问题 {counts['problems']} 个，"
        f"候选 {counts['candidates']} 条，用时 {seconds:.0f} 秒。"
    )
    for path in written:
        click.echo(f"  {path.relative_to(folder.parent.parent) if _below(path, folder) else path}")


def _below(path: Path, folder: Path) -> bool:
    return path.is_relative_to(folder) and len(folder.parents) > 1
