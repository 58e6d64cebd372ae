"""The night's clock: a systemd timer of the user, lines in the crontab, or a Windows task.

What is missed while the machine is off is caught up: by systemd's Persistent, by an hourly look
(`kuaixun nightly --if-missed`), by Windows' StartWhenAvailable.
"""

import datetime as dt
import os
import sys
from pathlib import Path
from typing import Protocol

from nightly.cron import Cron
from nightly.job import Job, NoScheduler
from nightly.systemd import Systemd
from nightly.windows import Windows

# What the night must be told and a scheduler's empty environment would not.
VARIABLES = ("KUAIXUN_CONTACT", "KUAIXUN_DATA", "KUAIXUN_DATABASE_URL")


def job(at: dt.time, root: Path, data: Path) -> Job:
    """The job of this installation: this Python, and those of VARIABLES that are set now."""
    variables = {name: os.environ[name] for name in VARIABLES if os.environ.get(name)}
    if "KUAIXUN_DATA" in variables:
        variables["KUAIXUN_DATA"] = str(data)  # whatever folder the scheduler starts it in
    now = dt.datetime.now().astimezone()
    # A night that was due before it was scheduled is not missed.
    since = now.date() if now.time() < at else now.date() + dt.timedelta(days=1)
    log = data / "logs" / "schedule.log"
    return Job(at, root, log, Path(sys.executable), variables, since)


def missed(due: dt.datetime, now: dt.datetime, last: dt.datetime | None) -> bool:
    """Whether the night that is due every day at `due`'s time, from `due` on, was not run.

    `last`: when the last live night was finished; None: never. All of them aware."""
    latest = now.replace(hour=due.hour, minute=due.minute, second=0, microsecond=0)
    if latest > now:
        latest -= dt.timedelta(days=1)
    return latest >= due and (last is None or last < latest)


class Scheduler(Protocol):
    """One way of starting the night."""

    name: str

    def text(self, job: Job) -> str:
        """What `install` writes, and where, for a person to read."""

    def install(self, job: Job) -> list[str]:
        """Write it and switch it on; again changes nothing. Returns what was done, in lines.

        Raises NoScheduler."""

    def show(self) -> str:
        """What is installed; "" for nothing."""

    def remove(self) -> bool:
        """Take it away; False when there was nothing."""


SCHEDULERS: dict[str, type[Systemd] | type[Cron] | type[Windows]] = {
    "windows": Windows,
    "systemd": Systemd,
    "cron": Cron,
}


def choose(name: str = "") -> Scheduler:
    """The scheduler of that name, or the first that is here. Raises NoScheduler."""
    if name:
        return SCHEDULERS[name]()
    for scheduler in SCHEDULERS.values():
        if scheduler.here():
            return scheduler()
    raise NoScheduler(
        "neither systemd (systemctl --user), nor crontab, nor the Windows scheduler is here; "
        "install cron, or let your own scheduler start: python -m kuaixun nightly"
    )
