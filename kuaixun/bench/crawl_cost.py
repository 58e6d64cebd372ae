"""What a process of `kuaixun bench crawl` cost, told by itself when it is done."""

import json
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

MB = 1024 * 1024


@dataclass(slots=True)
class Cost:
    """One process: seconds of CPU (user and system, all its threads), of wall, and memory."""

    pages: int  # notices that it took out of their pages
    start_cpu: float  # spent before the first request: imports, tables
    cpu: float  # all, the start included
    wall: float  # from the first request to the end
    peak_mb: float | None  # of resident memory; None where the system does not tell
    stages: dict[str, float] = field(default_factory=dict)  # stage -> seconds of CPU

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of CPU a page, the start included."""
        return 1000 * self.cpu / max(self.pages, 1)

    @property
    def crawl_ms(self) -> float:
        """Milliseconds of CPU a page without the start."""
        return 1000 * (self.cpu - self.start_cpu) / max(self.pages, 1)

    @property
    def pages_per_s(self) -> float:
        return self.pages / self.wall if self.wall else 0.0

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(**told)


class Meter:
    """Made when all is imported and nothing is asked yet."""

    def __init__(self) -> None:
        self.start_cpu, self._began = time.process_time(), time.perf_counter()

    def read(self, pages: int, stages: dict[str, float] | None = None) -> Cost:
        """The process's cost up to now."""
        return Cost(
            pages=pages,
            start_cpu=self.start_cpu,
            cpu=time.process_time(),
            wall=time.perf_counter() - self._began,
            peak_mb=peak_mb(),
            stages=stages or {},
        )


def peak_mb() -> float | None:
    """Most resident memory of this process so far; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / MB if sys.platform == "darwin" else peak / 1024
