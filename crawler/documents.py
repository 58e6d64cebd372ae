"""Documents of other people: what they are, their text, their pictures.

Opening them is the work of one child process (`crawler.document_text`), started when first
needed, killed and replaced when it fails: a document can cost us its text, never the night.
"""

import asyncio
import atexit
import logging
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.document_text import MAX_TEXT, receive, send
from crawler.document_types import (
    DOCX,
    HTML,
    PDF,
    TEXT,
    XLS,
    XLSB,
    XLSX,
    fault,
    readable,
    sniff,
)

__all__ = ["OPENED", "DocumentText", "Picture", "fault", "picture_of", "sniff", "text_of"]

logger = logging.getLogger(__name__)

WALL_SECONDS = 30.0  # for one document, then the child is killed
OPENED = frozenset({PDF, DOCX, XLS, XLSX, XLSB})  # what the child takes text from
PLAIN = frozenset({TEXT, "text/csv"})
# The child parses hostile bytes: it gets no database address and no other secret of ours.
_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "LC_ALL")


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of a document, one paragraph or table row a line."""

    text: str
    problem: str = ""  # why there is no text, or not all of it, one Chinese clause


@dataclass(frozen=True, slots=True)
class Picture:
    """A body image encoded anew."""

    body: bytes
    media_type: str = ""  # image/png or image/jpeg
    problem: str = ""  # why there is none, one Chinese clause


async def text_of(body: bytes, media_type: str) -> DocumentText:
    """The text of a PDF, docx, xls, xlsx or plain text file. Never raises: an unreadable, locked,
    oversized or hostile document, or one of another type, gives a problem."""
    if media_type in PLAIN:
        return DocumentText((readable(body) or "")[:MAX_TEXT])
    if media_type not in OPENED:
        what = "网页" if media_type == HTML else "这种格式"
        return DocumentText("", f"{what}的文件不提取文字")
    answer, _ = await _ask({"do": "text", "type": media_type}, body)
    return DocumentText(answer.get("text", ""), answer["problem"])


async def picture_of(body: bytes) -> Picture:
    """The picture of an image file as PNG or JPEG. Never raises: SVG, a torn file or a
    decompression bomb gives a problem."""
    answer, picture = await _ask({"do": "picture"}, body)
    return Picture(picture, answer.get("type", ""), answer["problem"])


async def _ask(job: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    # A thread, not asyncio's subprocesses: the loop that Scrapy uses on Windows has none.
    return await asyncio.get_running_loop().run_in_executor(_line, _worker.ask, job, body)


class _Worker:
    """The child process. One question at a time."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, job: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """The child's answer. {"problem": …} when it died, hung or could not be started."""
        late = threading.Event()

        def kill() -> None:
            late.set()
            process.kill()

        try:
            process = self._running()
        except OSError as missing:
            logger.error("the document process does not start: %s", missing)
            return {"problem": "文档解析进程无法启动"}, b""
        timer = threading.Timer(WALL_SECONDS, kill)
        timer.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            send(process.stdin, job, body)  # type: ignore[arg-type]
            answer, result = receive(process.stdout)  # type: ignore[arg-type]
        except (OSError, EOFError):
            self.close()
            logger.warning("the document process ended with %s on %s", process.returncode, job)
            return {"problem": "解析超时" if late.is_set() else "解析时超出限制或崩溃"}, b""
        finally:
            timer.cancel()
        if trace := answer.get("fault"):
            logger.info("a %s was not read: %s", job.get("type", "picture"), trace)
        return answer, result

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.process.poll() is not None:
            self.close()
            known = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
            root = str(Path(__file__).resolve().parent.parent)
            self.process = subprocess.Popen(
                [sys.executable, "-m", "crawler.document_text"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C ends the crawl, not the document being read
                env={**known, "PYTHONPATH": root, "PYTHONIOENCODING": "utf-8"},
            )
        return self.process

    def close(self) -> None:
        """End the child, if there is one, and take its pipes down."""
        if self.process is None:
            return
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:  # what was still to be written finds no reader
                logger.debug("a pipe of the document process was broken")
        self.process.wait()
        self.process = None


_worker = _Worker()
_line = ThreadPoolExecutor(max_workers=1, thread_name_prefix="documents")  # the queue to it
atexit.register(_worker.close)
