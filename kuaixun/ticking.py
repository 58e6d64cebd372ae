"""Progress of a long job on stderr: a count and what it is at, where there is a terminal."""

import time
from typing import Self

from kuaixun.console import err

_PAUSE = 0.1  # seconds between two drawings


class Ticking:
    """Called with a word for each thing that is done."""

    def __init__(self, what: str) -> None:
        self.what, self.count, self._drawn = what, 0, 0.0
        self._status = err.status(what)

    def __enter__(self) -> Self:
        if err.is_terminal:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def __call__(self, word: str) -> None:
        self.count += 1
        now = time.monotonic()
        if err.is_terminal and now - self._drawn > _PAUSE:
            self._drawn = now
            self._status.update(f"{self.what} {word} {self.count}")
