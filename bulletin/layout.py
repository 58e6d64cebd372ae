"""Laying a document out with LibreOffice, to learn on which page each heading stands.

LibreOffice opens only documents we wrote ourselves, with a profile of its own that is thrown away.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pypdfium2

REMEDY = "请安装 LibreOffice（Debian、Ubuntu：apt install libreoffice-writer）后重新生成"
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\\Program Files\\LibreOffice\\program\\soffice.com",
    r"C:\\Program Files (x86)\\LibreOffice\\program\\soffice.com",
)


class LayoutFailed(Exception):
    """The document could not be laid out; the message is a Chinese sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Laid:
    """How many pages, and of every heading in order its text and its page (from 1)."""

    pages: int
    headings: list[tuple[str, int]]


def find_soffice() -> Path | None:
    """LibreOffice's program, or None when it is not installed."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((Path(place) for place in _PLACES if Path(place).exists()), None)


class Office:
    """LibreOffice with a profile in a temporary folder. A context manager."""

    def __init__(self, seconds: float = 120) -> None:
        """`seconds`: how long one layout may take.

        Raises LayoutFailed when LibreOffice is not installed."""
        program = find_soffice()
        if program is None:
            raise LayoutFailed(f"没有找到 LibreOffice，{REMEDY}")
        self._program = program
        self._seconds = seconds
        self._folder = tempfile.TemporaryDirectory(
            prefix="kuaixun-layout-", ignore_cleanup_errors=True
        )

    def __enter__(self) -> "Office":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def pdf(self, docx: bytes) -> bytes:
        """The document as PDF. Raises LayoutFailed."""
        folder = Path(self._folder.name)
        source, target = folder / "issue.docx", folder / "issue.pdf"
        source.write_bytes(docx)
        target.unlink(missing_ok=True)
        said = self._run(
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nologo",
            "--convert-to",
            "pdf:writer_pdf_Export",
            "--outdir",
            str(folder),
            str(source),
        )
        if not target.exists() or not target.stat().st_size:
            raise LayoutFailed(f"LibreOffice 没有排出版面（{said or '没有说明'}），{REMEDY}")
        return target.read_bytes()

    def _run(self, *arguments: str) -> str:
        """Runs the program and gives back the last line it said."""
        try:
            process = subprocess.Popen(  # noqa: S603 - the program found above, our own file
                [str(self._program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": self._folder.name, "SAL_USE_VCLPLUGIN": "svp"},
                start_new_session=True,
            )
        except OSError as error:
            raise LayoutFailed(f"LibreOffice 不能启动（{error}），{REMEDY}") from error
        with process:
            try:
                output, _ = process.communicate(timeout=self._seconds)
            except subprocess.TimeoutExpired as error:
                _kill(process)
                process.communicate()
                raise LayoutFailed(
                    f"LibreOffice 在 {self._seconds:g} 秒内没有排完，请稍后重新生成"
                ) from error
            except BaseException:  # Ctrl-C does not reach it: it has a session of its own
                _kill(process)
                raise
        lines = output.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """The program is a launcher: its children go with it."""
    if sys.platform == "win32":
        process.kill()
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def read(pdf: bytes) -> Laid:
    """Pages and headings of a PDF that LibreOffice made, from its outline."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        headings: list[tuple[str, int]] = []
        for mark in document.get_toc():
            place = mark.get_dest()
            page = place.get_index() if place else None
            headings.append((mark.get_title(), 0 if page is None else page + 1))
        return Laid(len(document), headings)
    finally:
        document.close()
