"""A task of the Windows scheduler."""

import shutil
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from nightly.job import Job, log_folder, run


class Windows:
    """A task of the Windows scheduler; StartWhenAvailable starts a missed night."""

    name = "windows"
    task = r"\Kuaixun\Nightly"

    @staticmethod
    def here() -> bool:
        return shutil.which("schtasks") is not None

    def xml(self, job: Job) -> str:
        # Variables of the user are there by themselves; cmd is needed only to append to the log.
        command = f'""{job.python}" -m kuaixun nightly >> "{job.log}" 2>&1"'
        return (
            '<?xml version="1.0" encoding="UTF-16"?>\n'
            '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n'
            "  <RegistrationInfo><Description>Kuaixun: one night over all sources"
            "</Description></RegistrationInfo>\n"
            "  <Triggers><CalendarTrigger>"
            f"<StartBoundary>{job.since}T{job.at:%H:%M}:00</StartBoundary>"
            "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"
            "</CalendarTrigger></Triggers>\n"
            "  <Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>"
            "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>"
            "<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>"
            "<StartWhenAvailable>true</StartWhenAvailable>"
            "<ExecutionTimeLimit>PT12H</ExecutionTimeLimit></Settings>\n"
            '  <Actions Context="Author"><Exec><Command>cmd.exe</Command>'
            f"<Arguments>{escape(f'/d /c {command}')}</Arguments>"
            f"<WorkingDirectory>{escape(str(job.root))}</WorkingDirectory></Exec></Actions>\n"
            "</Task>\n"
        )

    def text(self, job: Job) -> str:
        return f"# task {self.task}\n{self.xml(job)}"

    def install(self, job: Job) -> list[str]:
        log_folder(job)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "nightly.xml"
            file.write_text(self.xml(job), encoding="utf-16")
            create = ("schtasks", "/Create", "/TN", self.task, "/XML", str(file), "/F")
            run(*create).check("open the Task Scheduler and look at Kuaixun")
        said = [f"the task {self.task} is there: every day at {job.at:%H:%M}"]
        # a task has no environment of its own
        said += [f"for the task to see it: setx {name} ..." for name in job.environment]
        return said

    def show(self) -> str:
        ran = run("schtasks", "/Query", "/TN", self.task, "/V", "/FO", "LIST")
        return ran.out.strip() if ran.ok else ""

    def remove(self) -> bool:
        if not self.show():
            return False
        run("schtasks", "/Delete", "/TN", self.task, "/F").check("open the Task Scheduler")
        return True
