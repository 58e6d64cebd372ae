"""A timer of the user's systemd."""

import getpass
import os
import shutil
from pathlib import Path

from nightly.job import UNIT, Job, log_folder, masked, run

_CTL = ("systemctl", "--user")


class Systemd:
    """A timer of the user's systemd; Persistent starts a missed night when the machine is back."""

    name = "systemd"

    def __init__(self) -> None:
        home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        self.folder = Path(home) / "systemd" / "user"

    @staticmethod
    def here() -> bool:
        """Whether the user's systemd answers."""
        return shutil.which("systemctl") is not None and run(*_CTL, "show-environment").ok

    def files(self, job: Job) -> dict[Path, str]:
        variables = "".join(
            f"Environment={_unit_quoted(f'{name}={value}')}\n"
            for name, value in job.environment.items()
        )
        # no shell stands between: `$` is a variable to systemd, `%` a specifier
        command = _unit_quoted(str(job.python)).replace("$", "$$")
        service = (
            "[Unit]\n"
            "Description=Kuaixun: one night over all sources\n\n"
            "[Service]\n"
            "Type=oneshot\n"
            f"WorkingDirectory={_percent(str(job.root))}\n"
            f"{variables}"
            f"ExecStart={command} -m kuaixun nightly\n"
            f"StandardOutput=append:{_percent(str(job.log))}\n"
            "StandardError=inherit\n"
        )
        timer = (
            "[Unit]\n"
            "Description=Kuaixun: every night\n\n"
            "[Timer]\n"
            f"OnCalendar=*-*-* {job.at:%H:%M}:00\n"
            "Persistent=true\n"
            "AccuracySec=1min\n\n"
            "[Install]\n"
            "WantedBy=timers.target\n"
        )
        return {
            self.folder / f"{UNIT}.service": service,
            self.folder / f"{UNIT}.timer": timer,
        }

    def text(self, job: Job) -> str:
        return "\n".join(f"# {path}\n{masked(body)}" for path, body in self.files(job).items())

    def install(self, job: Job) -> list[str]:
        log_folder(job)
        said = []
        for path, body in self.files(job).items():
            if _content(path) == body:
                said.append(f"{path} is as it should be")
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, body)
            said.append(f"{path} written")
        for arguments in (["daemon-reload"], ["enable", f"{UNIT}.timer"]):
            run(*_CTL, *arguments).check("look at: systemctl --user status")
        # a timer that runs keeps its old hour until it is started again
        run(*_CTL, "restart", f"{UNIT}.timer").check(f"look at: journalctl --user -u {UNIT}.timer")
        said.append(f"the timer is on: every day at {job.at:%H:%M}")
        said.append(_lingering())
        return said

    def show(self) -> str:
        kept = [self.folder / f"{UNIT}.service", self.folder / f"{UNIT}.timer"]
        text = "\n".join(f"# {path}\n{masked(_content(path))}" for path in kept if path.exists())
        if not text:
            return ""
        told = run(*_CTL, "list-timers", "--all", f"{UNIT}.timer").out
        return f"{text}\n{told}".strip()

    def remove(self) -> bool:
        kept = [self.folder / f"{UNIT}.timer", self.folder / f"{UNIT}.service"]
        if not any(path.exists() for path in kept):
            return False
        run(*_CTL, "disable", "--now", f"{UNIT}.timer").check("look at: systemctl --user status")
        for path in kept:
            path.unlink(missing_ok=True)
        run(*_CTL, "daemon-reload").check("look at: systemctl --user status")
        return True


def _lingering() -> str:
    """Without lingering the user's timers run only while the user is logged in."""
    user = getpass.getuser()
    if run("loginctl", "show-user", user, "--property=Linger").out.strip() == "Linger=yes":
        return "it runs while nobody is logged in"
    if run("loginctl", "enable-linger", user).ok:
        return "lingering is on: it runs while nobody is logged in"
    return f"it runs only while {user} is logged in; for always: sudo loginctl enable-linger {user}"


def _unit_quoted(text: str) -> str:
    """One word of a unit file."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_percent(escaped)}"'


def _percent(text: str) -> str:
    return text.replace("%", "%%")


def _content(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _write(path: Path, text: str) -> None:
    """For the owner's eyes: the environment may hold the database's password."""
    part = path.with_suffix(path.suffix + ".part")
    part.touch(mode=0o600)
    part.write_text(text, encoding="utf-8")
    part.replace(path)
