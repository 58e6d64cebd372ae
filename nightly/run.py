"""One night over all sources: one Scrapy process, a bounded number of crawlers at a time.

Live and replay take the same way; a replay only has other settings.
"""

import datetime as dt
import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings as kept_in
from django.db import connections
from scrapy.settings import Settings

import store
from crawler.archive import archive_now
from crawler.clock import night_now
from nightly import sources
from nightly.crawl import Crawl, Ending
from nightly.lock import only_one
from nightly.watch import Progress
from store import nights, queries
from store.models import Night, Notice, Revision
from store.queries import OutcomeLine
from store.revisions import Revised, revised_on


class NoNight(ValueError):
    """The night cannot be run as asked: an unknown source, or a date that is past. Says why."""


@dataclass(frozen=True, slots=True)
class NightPlan:
    """What to run."""

    sources: tuple[str, ...] = ()  # names; () for every enabled one
    archive: str = ""  # a WARC to replay; "" for a live night
    files: str = ""  # folder of the files that the WARC holds only by hash; "" for those kept here
    since: dt.date | None = None  # back-fill to that day
    max_pages: int | None = None  # list pages a column; None for the spider's own limit


@dataclass(frozen=True, slots=True)
class NightResult:
    """What the night came to. The counts are of the night, its earlier runs included."""

    date: dt.date
    archive: str
    ending: Ending
    seconds: float
    outcomes: list[OutcomeLine] = field(default_factory=list)  # of the sources run, worst first
    unread: list[str] = field(default_factory=list)  # sources that the night did not come to
    notices: int = 0  # first kept this night
    revisions: int = 0  # made this night of notices kept before
    revised: list[Revised] = field(default_factory=list)  # these, of the sources run
    log: Path = Path()

    @property
    def well(self) -> bool:
        """Whether every source that was run worked."""
        return not self.unread and all(outcome.verdict in queries.READ for outcome in self.outcomes)


def run(plan: NightPlan, settings: Settings, progress: Progress) -> NightResult:
    """Run the night and return what it came to. Once a process: the reactor does not start twice.

    `settings` are the project's. Raises NoNight; OtherNight; crawler.archive.NoRecord or OSError
    when the archive cannot be read."""
    store.migrate()
    now = archive_now(plan.archive) if plan.archive else night_now(settings)
    with ExitStack() as held:
        held.callback(connections.close_all)
        held.enter_context(only_one(kept_in.DATA))
        log = held.enter_context(_night_log(now.date(), settings))
        known = sources.load(settings)
        names = _wanted(plan.sources, known)
        night = _open(now, plan.archive)
        began = time.monotonic()

        def finish(ending: Ending, unread: list[str]) -> NightResult:
            if ending is Ending.FINISHED:
                nights.finish_night(night.pk)
            return NightResult(
                date=night.date,
                archive=plan.archive,
                ending=ending,
                seconds=time.monotonic() - began,
                outcomes=[o for o in queries.outcomes(night.date) if o.source in names],
                unread=unread,
                notices=Notice.objects.filter(night=night).count(),
                revised=[one for one in revised_on(night.date) if one.source in names],
                revisions=Revision.objects.filter(night=night, number__gt=1).count(),
                log=log,
            )

        return Crawl(
            night=night,
            known=known,
            names=names,
            arguments=_arguments(plan),
            settings=_night_settings(settings, plan, now),
            folder=kept_in.DATA,
            progress=progress,
        ).run(finish)


def _wanted(asked: tuple[str, ...], known: sources.Sources) -> list[str]:
    names = known.enabled
    if not names:
        raise NoNight("there is no enabled source in the setting SPIDER_MODULES")
    everything = [*known.spiders, *known.broken]
    if unknown := [name for name in asked if name not in everything]:
        raise NoNight(f"no source {', '.join(unknown)}; there are: {', '.join(sorted(everything))}")
    return sorted(set(asked)) or names


def _arguments(plan: NightPlan) -> dict[str, str]:
    arguments = {}
    if plan.since:
        arguments["since"] = plan.since.isoformat()
    if plan.max_pages is not None:
        arguments["max_pages"] = str(plan.max_pages)
    return arguments


def _open(now: dt.datetime, archive: str) -> Night:
    date = now.date()
    newest = Night.objects.filter(finished__isnull=False).order_by("-date").first()
    if newest and date < newest.date:
        raise NoNight(
            f"the night of {date} is past: {newest.date} is finished, and nights go forward; "
            "replay it into another data folder (KUAIXUN_DATA)"
        )
    night = Night.objects.get(pk=nights.open_night(date, now, archive))
    connections.close_all()  # until all is read, the writer thread alone has one
    return night


def _night_settings(settings: Settings, plan: NightPlan, now: dt.datetime) -> Settings:
    settings = settings.copy()
    settings.setdict(
        {
            "NIGHT_NOW": now.isoformat(),
            "ARCHIVE": plan.archive,
            "ARCHIVE_FILES": plan.files or kept_in.MEDIA_ROOT,
            # sources.load has found them already, and told the faulty ones apart
            "SPIDER_LOADER_CLASS": "scrapy.spiderloader.DummySpiderLoader",
            "LOG_INSTALL_ROOT_HANDLER": False,
        },
        priority="cmdline",
    )
    return settings


class _LogFile(logging.FileHandler):
    """A log whose line is lost on a full disk; the night itself says that the disk is full."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        pass

    def close(self) -> None:
        with suppress(OSError):  # what is still to be flushed
            super().close()


@contextmanager
def _night_log(date: dt.date, settings: Settings) -> Iterator[Path]:
    """All that is logged goes to data/logs/<date>.log and nowhere else."""
    path: Path = kept_in.DATA / "logs" / f"{date}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = _LogFile(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter(settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"]))
    handler.setLevel(settings["LOG_LEVEL"])  # Scrapy opens the root logger to everything
    level = logging.root.level
    logging.root.setLevel(settings["LOG_LEVEL"])
    logging.root.addHandler(handler)
    try:
        yield path
    finally:
        logging.root.removeHandler(handler)
        logging.root.setLevel(level)
        handler.close()
