"""What the command says: results on stdout, all else on stderr; faults with a remedy."""

import io
import json
import os
import sys
from collections.abc import Iterable
from typing import Any, ClassVar

import click
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

WIDTH = 120  # where there is no terminal to ask
TABLE = 100  # columns below which a table would have to leave words out


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    # rich takes 80 columns where it sees no terminal
    width = None if stream.isatty() or "COLUMNS" in os.environ else WIDTH
    return Console(stderr=stderr, width=width, highlight=False)


out = _console(stderr=False)  # for results: what a pipe should get
err = _console(stderr=True)  # for progress, warnings and faults


def narrow(console: Console) -> bool:
    """Whether a block a line is to be printed in place of a table."""
    return console.width < TABLE


def print_block(console: Console, head: Iterable[str], *below: str) -> None:
    """What a table's line tells, where there is no room for a table. All is rich's markup."""
    console.print("  ".join(head))
    for words in below:
        if words:
            console.print(Padding(words, (0, 0, 0, 2), expand=False))


def escape_unprintable() -> None:
    """Let stdout and stderr escape what their encoding lacks (ASCII, GBK), instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


# what moves a terminal's cursor or its colours, or turns the direction of its words
_CONTROLS = {c: f"\\x{c:02x}" for c in (*range(0x20), *range(0x7F, 0xA0)) if c not in (9, 10)}
_CONTROLS |= {c: f"\\u{c:04x}" for c in (*range(0x2028, 0x202F), *range(0x2066, 0x206A))}
# inside JSON's strings alone, as JSON escapes what lies below 0x20 itself
_JSON = {c: f"\\u{c:04x}" for c in (*range(0x7F, 0xA0), 0x2028, 0x2029)}


def plain(text: str) -> str:
    """Foreign words with their control characters escaped: a page's title must not steer the
    terminal."""
    return text.translate(_CONTROLS)


def shown(text: str) -> str:
    """The same as rich's markup."""
    return escape(plain(text))


def write_line(line: str) -> None:
    """A line for machines on stdout: UTF-8, whatever the terminal's encoding is."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(line + "\n")
        return
    sys.stdout.flush()
    # half a surrogate pair, as a broken page may hold, becomes an escape that JSON knows
    buffer.write((line + "\n").encode("utf-8", "backslashreplace"))


def print_json(value: Any, *, sort_keys: bool = False) -> None:
    """One JSON object on one line of stdout, Chinese as it is; dates in ISO form. What some
    readers of lines take for a line's end (NEL, U+2028, U+2029) is escaped."""
    told = json.dumps(value, ensure_ascii=False, default=str, sort_keys=sort_keys)
    write_line(told.translate(_JSON))


class Fault(click.ClickException):
    """A foreseeable fault: what it is, and what to do about it."""

    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.remedy = remedy

    def show(self, file: Any = None) -> None:
        err.print(f"[bold red]Error:[/] {shown(self.message)}", soft_wrap=True)
        if self.remedy:
            err.print(f"[bold]Remedy:[/] {shown(self.remedy)}", soft_wrap=True)


class Running(Fault):
    """Another night is at work in this data folder."""

    exit_code: ClassVar[int] = 3


class DiskFull(Fault):
    """Nothing more can be written."""

    exit_code: ClassVar[int] = 4
