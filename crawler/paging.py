"""Whether to ask for a list's next page, and why not."""

from dataclasses import dataclass
from datetime import date

from crawler.memory import Listed
from crawler.notice import Row


@dataclass(slots=True)
class Reach:
    """How far back a column is read."""

    first_night: bool
    since: date | None  # asked for by hand: a back-fill
    max_pages: int


def stop_reason(page: int, rows: list[Row], listed: Listed, reach: Reach) -> str:
    """Why the next page is not wanted, Chinese; "" when it is. Pinned rows never decide."""
    dates = [row.date for row in rows if row.date and not row.pinned]
    if reach.since is not None:
        if dates and min(dates) < reach.since:
            return f"已到 {reach.since.isoformat()}"
    elif reach.first_night:
        return "首夜只读第一页"
    else:
        # what stands below the last row is older: when that is known, so is the rest
        fresh = {row.address for row in listed.new}
        ordinary = [row for row in rows if not row.pinned]
        if ordinary and ordinary[-1].address not in fresh:
            return "遇到已知的行"
    if page >= reach.max_pages:
        return f"已读 {page} 页，到页数上限"
    return ""
