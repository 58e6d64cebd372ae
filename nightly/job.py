"""What is to be started every night, and how the machine's schedulers are talked to."""

import datetime as dt
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

UNIT = "kuaixun-nightly"  # the name that the timer and the lines in the crontab go by


class NoScheduler(RuntimeError):
    """Nothing here can start the night, or it refused; says what and the remedy."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be started, and when."""

    at: dt.time  # by the machine's own clock
    root: Path  # the project's folder
    log: Path  # where what the command prints is appended
    python: Path
    environment: Mapping[str, str]  # variables that the night needs, e.g. KUAIXUN_CONTACT
    since: dt.date  # nights are due from this day on


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it printed."""

    command: str
    ok: bool
    out: str

    def check(self, remedy: str) -> None:
        """Raises NoScheduler when it failed."""
        if not self.ok:
            raise NoScheduler(f"`{self.command}` failed: {self.out.strip()}; {remedy}")


def run(*command: str, given: str | None = None) -> Ran:
    """Run the command with `given` on its standard input; one that cannot be run has failed."""
    try:
        ran = subprocess.run(  # noqa: S603
            command, input=given, capture_output=True, text=True, errors="replace", timeout=60
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        return Ran(" ".join(command), False, str(fault))
    out = ran.stdout if ran.returncode == 0 else ran.stdout + ran.stderr
    return Ran(" ".join(command), ran.returncode == 0, out)


def masked(text: str) -> str:
    """Without the database's password, which is nobody's to read over a shoulder."""
    return re.sub(r"(\w+DATABASE_URL=\w+://[^:/@\s]*:)[^@\s]*@", r"\1***@", text)


def log_folder(job: Job) -> None:
    """Where the scheduler's shell appends must be there before it runs."""
    job.log.parent.mkdir(parents=True, exist_ok=True)
