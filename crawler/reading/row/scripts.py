"""What a page's scripts tell of its rows, without running them: the address that its own function
makes of an argument, and the rows that are put into an array one by one."""

import re
from collections import defaultdict
from typing import Any

from crawler.reading.script.js_values import NoValueError, call_at, value_at

_CALL = re.compile(
    r"\s{0,9}(?:javascript:)?\s{0,9}(?:return\s{1,9})?([A-Za-z_$][\w$]{0,60}+)\s{0,9}(?=\()", re.I
)
_FUNCTION = re.compile(
    r"(?<![\w$])(?:function\s{1,9}([A-Za-z_$][\w$]{0,60}+)"
    r"|([A-Za-z_$][\w$]{0,60}+)\s{0,9}[=:]\s{0,9}function)\s{0,9}\(([\w$,\s]{0,200}+)\)\s{0,9}\{"
)
_GOES = re.compile(
    r"(?<![\w$])(?:location(?:\.href)?|href|url|action)\s{0,9}=(?!=)\s{0,9}"
    r"|(?<![\w$])(?:open|assign|replace)\s{0,9}\(\s{0,9}",
    re.I,
)
_TERM = re.compile(
    r"""\s{0,9}(?:"([^"\\\n]{0,300}+)"|'([^'\\\n]{0,300}+)'"""
    r"""|(?:(?:encodeURI(?:Component)?|escape|String)\s{0,9}\(\s{0,9})?([A-Za-z_$][\w$]{0,60}+)\)?)"""
    r"\s{0,9}(\+?)"
)
_GLOBAL = re.compile(
    r"""(?<![\w$.])([A-Za-z_$][\w$]{0,40}+)\s{0,9}=\s{0,9}(?:"([^"\\\n]{0,300}+)"|'([^'\\\n]{0,300}+)')"""
)
_PUT = re.compile(
    r"(?<![\w$.])([A-Za-z_$][\w$.]{0,40}?)"
    r"(?:\s{0,4}\[([^\]\n]{1,30})\]\s{0,4}=(?!=)|\.push\s{0,4}\()\s{0,4}"
)
_BODY = 1500  # characters of a function's body that are looked at
_MOST_TEXT = 400_000  # characters of scripts that are looked through
_MOST_TERMS, _MOST_FUNCTIONS, _MOST_GLOBALS = 12, 300, 1000
_MOST_PUT = 6000


class Functions:
    """The addresses that the functions in some scripts lead to, by function."""

    def __init__(self, scripts: str) -> None:
        text = scripts[:_MOST_TEXT]
        self._globals: dict[str, str] = {}
        for count, match in enumerate(_GLOBAL.finditer(text)):
            if count > _MOST_GLOBALS:
                break
            self._globals.setdefault(match[1], match[2] if match[2] is not None else match[3])
        self._made: dict[str, list[str | int]] = {}  # function -> texts and places of arguments
        found = list(_FUNCTION.finditer(text))[:_MOST_FUNCTIONS]
        ends = [*(x.start() for x in found[1:]), len(text)]
        for match, following in zip(found, ends, strict=False):
            end = min(match.end() + _BODY, following)
            arguments = [x.strip() for x in match[3].split(",")]
            if made := self._address(text[match.end() : end], arguments):
                self._made.setdefault(match[1] or match[2], made)

    def link(self, code: str) -> str:
        """The address that a call leads to, as the function makes it; "" when it is not told."""
        match = _CALL.match(code)
        made = self._made.get(match[1]) if match else None
        if match is None or made is None:
            return ""
        try:
            given = call_at(code, match.end())
        except NoValueError:
            return ""
        places = [x for x in made if isinstance(x, int)]
        if any(x >= len(given) or not isinstance(given[x], (str, int)) for x in places):
            return ""
        return "".join(x if isinstance(x, str) else str(given[x]) for x in made)

    def _address(self, body: str, arguments: list[str]) -> list[str | int]:
        """What the function's address is put together of; [] when it hangs on more than its
        arguments."""
        for goes in _GOES.finditer(body):
            made: list[str | int] = []
            place = goes.end()
            for _ in range(_MOST_TERMS):
                term = _TERM.match(body, place)
                if term is None:
                    made = []
                    break
                name = term[3]
                if name is None:
                    made.append(term[1] if term[1] is not None else term[2])
                elif name in arguments:
                    made.append(arguments.index(name))
                elif name in self._globals:
                    made.append(self._globals[name])
                else:
                    made = []
                    break
                place = term.end()
                if not term[4]:
                    break
            told = "".join(x for x in made if isinstance(x, str))
            if any(isinstance(x, int) for x in made) and re.search(r"[/.?]", told):
                return made
        return []


def put_together(text: str) -> list[list[Any]]:
    """The arrays that scripts fill one by one: `rows[0] = […]`, `rows.push({…})`; and arrays that
    run side by side (`titles[0] = "…"; links[0] = "…"`) as objects."""
    filled: dict[str, list[Any]] = defaultdict(list)
    beside: dict[str, dict[str, Any]] = defaultdict(dict)
    count = end = 0
    budget = len(text)
    for match in _PUT.finditer(text):
        if match.start() < end:
            continue
        if count > _MOST_PUT or budget < 0:
            break
        try:
            value, end = value_at(text, match.end())
        except NoValueError as error:
            budget -= error.pos - match.end() + 1
            continue
        count += 1
        if isinstance(value, (list, dict)):
            filled[match[1]].append(value)
        elif isinstance(value, (str, int)) and match[2] and match[2].strip().isdigit():
            beside[match[2].strip()][match[1]] = value
    return [x for x in (*filled.values(), list(beside.values())) if len(x) > 1]
