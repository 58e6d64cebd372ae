"""When a list no longer looks as it did: which rows may still be used, and which must wait."""

import re
from datetime import date
from urllib.parse import urlsplit

from crawler.notice import Row

_HEX = re.compile(r"(?<![0-9a-z])[0-9a-f]{24,}(?![0-9a-z])", re.I)
_DIGITS = re.compile(r"\d+")


def distrust(rows: list[Row], known: set[str], today: date) -> str:
    """Why rows of the generic reader, standing in for a selector that found nothing, may not be
    used; "" when they may: one is already known in the column, or there are at least 5 dated, 80 %
    dated, none ahead, and all addresses share one pattern."""
    if any(row.address in known for row in rows):
        return ""
    dated = [row for row in rows if row.date]
    if len(dated) < 5:
        return f"通用识别只读出 {len(dated)} 条有日期的行，且没有一条是本栏目已知的"
    if len(dated) * 5 < len(rows) * 4:
        return f"通用识别读出的 {len(rows)} 条里只有 {len(dated)} 条有日期"
    if any(row.date and row.date > today for row in rows):
        return "通用识别读出的行里有日期在今天之后"
    if len({_pattern(row.address) for row in rows}) > 1:
        return "通用识别读出的地址不是同一种形式"
    return ""


def _pattern(address: str) -> str:
    parts = urlsplit(address)
    return (parts.hostname or "") + _DIGITS.sub("9", _HEX.sub("h", parts.path))


def count_drift(count: int, usual: int | None) -> str:
    """Why a list with `count` rows is not the usual one; "" when it is, or too little is known."""
    if usual is None or usual == 0:
        return ""
    if count > usual * 5:
        return f"列表有 {count} 条，平常约 {usual} 条：新行等人确认"
    if count * 3 < usual:
        return f"列表只有 {count} 条，平常约 {usual} 条：新行等人确认"
    return ""
