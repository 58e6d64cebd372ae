"""Lines in the user's crontab."""

import re
import shlex
import shutil

from nightly.job import UNIT, Job, log_folder, masked, run


class Cron:
    """Lines in the user's crontab: the night, and an hourly look whether it was missed."""

    name = "cron"
    begin, end = f"# {UNIT}: begin", f"# {UNIT}: end"

    @staticmethod
    def here() -> bool:
        return shutil.which("crontab") is not None

    def lines(self, job: Job) -> list[str]:
        words = [f"{name}={value}" for name, value in job.environment.items()]
        call = ["env", *words, str(job.python), "-m", "kuaixun", "nightly"]
        log = shlex.quote(str(job.log))
        go = f"cd {shlex.quote(str(job.root))} && {shlex.join(call)}"
        due = f"{job.since}T{job.at:%H:%M}"
        # cron reads an unescaped % as the end of the command
        night = f"{go} >> {log} 2>&1".replace("%", r"\%")
        catch_up = f"{go} --if-missed {due} >> {log} 2>&1".replace("%", r"\%")
        return [
            self.begin,
            f"{job.at.minute} {job.at.hour} * * * {night}",
            f"{(job.at.minute + 17) % 60} * * * * {catch_up}",
            self.end,
        ]

    def text(self, job: Job) -> str:
        return "# crontab\n" + masked("\n".join(self.lines(job)))

    def install(self, job: Job) -> list[str]:
        log_folder(job)
        before, ours = self._read()
        lines = self.lines(job)
        if [_dateless(line) for line in ours] == [_dateless(line) for line in lines]:
            return ["the crontab is as it should be"]
        self._write([*before, *lines])
        return [f"the crontab has it: every day at {job.at:%H:%M}, a missed night within the hour"]

    def show(self) -> str:
        if not self.here():
            return ""
        _, ours = self._read()
        return masked("\n".join(["# crontab", *ours])) if ours else ""

    def remove(self) -> bool:
        before, ours = self._read()
        if ours:
            self._write(before)
        return bool(ours)

    def _read(self) -> tuple[list[str], list[str]]:
        """The lines of others, and ours."""
        ran = run("crontab", "-l")
        if not ran.ok and "no crontab" not in ran.out:
            ran.check("look at: crontab -l")
        others: list[str] = []
        ours: list[str] = []
        inside = False
        for line in ran.out.splitlines() if ran.ok else []:
            inside = inside or line == self.begin
            (ours if inside else others).append(line)
            inside = inside and line != self.end
        return others, ours

    @staticmethod
    def _write(lines: list[str]) -> None:
        text = "\n".join(lines)
        run("crontab", "-", given=f"{text}\n" if lines else "").check("look at: crontab -l")


def _dateless(line: str) -> str:
    """A crontab line without the day from which nights are due."""
    return re.sub(r"--if-missed \d{4}-\d\d-\d\dT", "--if-missed ", line)
