"""A WARC without some of its records: written anew under another name, the old one left alone.

A record's place in its file is what points at it, so nothing is ever cut out of a file in place:
who asks for the new file moves the pointers to it in one step, and removes the old one then.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.address import canonical
from crawler.warc_records import members_of, parse_record

_NAME = re.compile(r"(.+?)(?:\.r(\d+))?\.warc\.gz")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Placed:
    """A record and where it stands."""

    offset: int
    end: int
    kind: str  # WARC-Type: warcinfo, request, response, revisit, metadata
    url: str
    record_id: str
    answer: str  # of a request: the record id of its answer

    @property
    def address(self) -> str:
        """The canonical address that it is of; "" of none."""
        return canonical(self.url) if self.url else ""


def placed(path: Path) -> Iterator[Placed]:
    """All whole records of the file, in order; what is damaged between them is none."""
    with path.open("rb") as file:
        for member in members_of(file):
            headers = parse_record(member.content).rec_headers
            yield Placed(
                offset=member.offset,
                end=member.end,
                kind=headers.get_header("WARC-Type") or "",
                url=headers.get_header("WARC-Target-URI") or "",
                record_id=headers.get_header("WARC-Record-ID") or "",
                answer=headers.get_header("WARC-Concurrent-To") or "",
            )


def to_drop(path: Path, drop: Callable[[Placed], bool]) -> tuple[list[Placed], list[Placed]]:
    """The records of the file that stay and those that go: an answer's question goes with it, the
    file's own description stays as long as anything does."""
    everything = list(placed(path))
    going = {x.record_id for x in everything if x.kind not in ("warcinfo", "request") and drop(x)}
    stays: list[Placed] = []
    goes: list[Placed] = []
    for record in everything:
        asked = record.answer if record.kind == "request" else record.record_id
        (goes if asked in going else stays).append(record)
    return stays, goes


def next_name(path: Path) -> Path:
    """The name of a file that takes the place of this one: 2019-09-11.r1.warc.gz, .r2 …"""
    found = _NAME.fullmatch(path.name)
    stem, number = (found[1], int(found[2] or 0)) if found else (path.name, 0)
    while True:
        number += 1
        new = path.with_name(f"{stem}.r{number}.warc.gz")
        if not new.exists():
            return new


def write_without(path: Path, stays: list[Placed], target: Path) -> dict[int, int]:
    """Write only the records that stay to `target`, whole on the disk on return; returns where each
    stood -> where it stands there. Raises OSError, and then no target is left."""
    places: dict[int, int] = {}
    try:
        with path.open("rb") as old, target.open("wb") as new:
            for record in stays:
                places[record.offset] = new.tell()
                old.seek(record.offset)
                left = record.end - record.offset
                while left and (chunk := old.read(min(left, _CHUNK))):
                    new.write(chunk)
                    left -= len(chunk)
            new.flush()
            os.fsync(new.fileno())
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return places


def whole_length(path: Path) -> int:
    """How many bytes of the file are before the end of its last whole record: what may be copied
    while a night writes to it."""
    end = 0
    with path.open("rb") as file:
        for member in members_of(file):
            end = member.end
    return end
