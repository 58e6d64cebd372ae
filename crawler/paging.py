"""Whether a list's next page is wanted, and why not."""

from dataclasses import dataclass
from datetime import date

from crawler.notice import Row


@dataclass(slots=True)
class Reach:
    """How far back a column is read."""

    first_night: bool
    since: date | None  # asked for by hand: a back-fill


def stop_reason(rows: list[Row], known: set[str], reach: Reach) -> str:
    """Why the page after these rows is not wanted, Chinese; "" when it is. `known`: the addresses
    that stood in the column before. Pinned rows never decide."""
    ordinary = [row for row in rows if not row.pinned]
    if reach.since is not None:
        dates = [row.date for row in ordinary if row.date]
        return f"已到 {reach.since}" if dates and min(dates) < reach.since else ""
    if reach.first_night:
        return "首夜只读第一页"
    # what stands below the last row is older: when that is known, so is the rest
    return "遇到已知的行" if ordinary and ordinary[-1].address in known else ""
