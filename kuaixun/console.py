"""What the command says: results on stdout, all else on stderr; faults with a remedy."""

import json
import os
import sys
from typing import Any, ClassVar

import click
from rich.console import Console
from rich.markup import escape

WIDTH = 120  # where there is no terminal to ask


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    # rich takes 80 columns where it sees no terminal
    width = None if stream.isatty() or "COLUMNS" in os.environ else WIDTH
    return Console(stderr=stderr, width=width, highlight=False)


out = _console(stderr=False)  # for results: what a pipe should get
err = _console(stderr=True)  # for progress, warnings and faults


def print_json(value: Any) -> None:
    """One JSON object on stdout, Chinese as it is; dates in ISO form."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


class Fault(click.ClickException):
    """A foreseeable fault: what it is, and what to do about it."""

    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.remedy = remedy

    def show(self, file: Any = None) -> None:
        err.print(f"[bold red]Error:[/] {escape(self.message)}", soft_wrap=True)
        if self.remedy:
            err.print(f"[bold]Remedy:[/] {escape(self.remedy)}", soft_wrap=True)


class Running(Fault):
    """Another night is at work in this data folder."""

    exit_code: ClassVar[int] = 3


class DiskFull(Fault):
    """Nothing more can be written."""

    exit_code: ClassVar[int] = 4
