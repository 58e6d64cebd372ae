"""What an interface that answers JSON says when it has no rows: that it failed, that it wants a
log-in, or that there is nothing."""

import re
from itertools import islice
from typing import Any

from crawler.reading.kind.own_words import Said, Says
from crawler.reading.script.json_texts import json_of

_LONGEST = 4000  # characters of an answer that may have nothing to tell
_STATUS = re.compile(r"(?:status|^ret|(?:err(?:or)?|ret(?:urn)?|resp|result)?_?(?:code|no))$", re.I)
_WORDS = re.compile(r"(?:message|msg|reason|error|errmsg|error_?message|info|tip)$", re.I)
_SUCCESS = re.compile(r"(?:is_?)?(?:success|ok|succeed)$", re.I)
_FAILED = re.compile(
    r"失败|错误|异常|非法|无权|不允许|拒绝|超时|繁忙|\b(?:error|fail|denied|exception)", re.I
)
_LOGIN = re.compile(
    r"未登录|请(?:先|重新)?登[录陆]|登[录陆](?:已)?(?:失效|过期|超时)|token|unauthori[sz]ed", re.I
)
_TOTAL = re.compile(
    r"(?:total|count|records|total_?(?:count|num|rows|elements|records|hits))$", re.I
)
_FIELDS = 60  # of an answer's frame
_REFUSED = 401
_BAD = ("error", "fail", "failed", "failure", "ERROR", "FAIL")


def said_in(text: str) -> Said | None:
    """What a short JSON answer without any record says; None for one that holds records, or that
    is too long to be without."""
    if len(text) > _LONGEST:
        return None
    data = json_of(text)
    frame = _frame(data)
    none = any(_TOTAL.search(k) and x in (0, "0") and x is not False for k, x in frame)
    if data is None or (not none and _holds(data)):
        return None
    words = next((x for k, x in frame if _WORDS.search(k) and isinstance(x, str) and x), "")
    codes = [_number(x) for k, x in frame if _STATUS.search(k)]
    if _REFUSED in codes or _LOGIN.search(words):
        return Said(Says.LOGIN, words)
    failed = any(400 <= x < 600 or x < 0 for x in codes)
    failed = failed or any(_STATUS.search(k) and x in _BAD for k, x in frame)
    failed = failed or any(_SUCCESS.search(k) and x is False for k, x in frame)
    if failed or _FAILED.search(words):
        return Said(Says.ERROR, words or "接口报错")
    return Said(Says.NONE, words)


def _holds(data: Any) -> bool:
    """Whether a list with something in it, or a text of some length, stands anywhere."""
    stack = [data]
    for _ in range(_LONGEST):
        if not stack:
            return False
        value = stack.pop()
        if isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            if any(isinstance(x, (list, dict)) and x for x in value):
                return True
            stack.extend(x for x in value if isinstance(x, str))
        elif isinstance(value, str) and ("</" in value or value[:1] in ("{", "[")):
            return True
    return False


def _frame(data: Any) -> list[tuple[str, Any]]:
    """The fields of the outer object, and of those right inside."""
    if not isinstance(data, dict):
        return []
    outer = list(islice(data.items(), _FIELDS))
    inner = (y for _, x in outer if isinstance(x, dict) for y in islice(x.items(), _FIELDS))
    return [*outer, *islice(inner, _FIELDS)]


def _number(value: Any) -> int:
    if isinstance(value, bool):
        return 0
    if isinstance(value, int):
        return value
    plain = value.strip() if isinstance(value, str) else ""
    return int(plain) if re.fullmatch(r"-?\d{1,9}", plain) else 0
