"""Which region a text begins with, by GB/T 2260 (regions.csv)."""

import csv
from functools import cache
from pathlib import Path

WHOLE_COUNTRY = "000000"
_TABLE = Path(__file__).with_name("regions.csv")
# After a short name these make another place of it: 河北区 is in 天津, 南京路 in 上海.
_OTHER_PLACE = frozenset("区县镇乡路街港道")


@cache
def _rows() -> list[dict[str, str]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def name_of(code: str) -> str:
    """The full name of a region; the code itself when the table does not know it."""
    return next((row["name"] for row in _rows() if row["code"] == code), code)


@cache
def _names() -> dict[str, str]:
    """Full names and everyday short forms -> code."""
    rows = _rows()
    names = {alias: row["code"] for row in rows for alias in row["aliases"].split("|") if alias}
    return names | {row["name"]: row["code"] for row in rows}


@cache
def _longest() -> int:
    return max(map(len, _names()))


def region_at_start(text: str) -> tuple[str, str]:
    """(code, the words that say so) of the region that `text` begins with, as exactly as it says:
    山东省青岛市… is 青岛. ("", "") when it begins with none."""
    code, words = _prefix(text)
    if code.endswith("0000") and code != WHOLE_COUNTRY:
        inner, more = _prefix(text[len(words) :])
        if inner[:2] == code[:2] and inner != code:
            return inner, words + more
    return code, words


def _prefix(text: str) -> tuple[str, str]:
    names = _names()
    for length in range(min(_longest(), len(text)), 1, -1):
        code = names.get(text[:length])
        if code and (
            text[length - 1] in "省市区州盟县" or text[length : length + 1] not in _OTHER_PLACE
        ):
            return code, text[:length]
    return "", ""
