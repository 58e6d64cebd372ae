"""Values as scripts write them: what JSON allows, and what only JavaScript does (single quotes,
bare keys, commas too many, comments, `new Array(…)`, strings put together with `+`).

Nothing is run. One pass, no deeper than a page's data is; what is no value raises ValueError.
"""

import logging
import re
from typing import Any

logger = logging.getLogger(__name__)

_GAP = re.compile(r"(?:\s++|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+")
_MAY_BEGIN_GAP = frozenset(("/", *(chr(x) for x in range(0x3001) if chr(x).isspace())))
_STRING = re.compile(r""""(?:[^"\\]++|\\.)*+"|'(?:[^'\\]++|\\.)*+'|`(?:[^`\\]++|\\.)*+`""", re.S)
_NUMBER = re.compile(r"[-+]?\d{1,30}+(?:\.\d{1,30}+)?+(?:[eE][-+]?\d{1,3}+)?+(?![\w$])")
_NAME = re.compile(r"[A-Za-z_$\u00aa-\uffdc][\w$.]*+")
_ESCAPED = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|.)", re.S)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "0": "", "\n": "", "\r\n": ""}
_HALF = re.compile(r"[\ud800-\udfff]")
_CONSTANTS: dict[str, Any] = {"true": True, "false": False}
_DEEP = 60
_LEAST_VALUES, _OF_A_VALUE = 2000, 12  # values of any text; characters of one beyond them


class NoValueError(ValueError):
    """No value stands at `pos`, which is where the reading stopped."""

    def __init__(self, pos: int) -> None:
        super().__init__(f"no value at {pos}")
        self.pos = pos


def value_at(text: str, start: int) -> tuple[Any, int]:
    """The value that begins at `start`, and where it ends. What only running the script would tell
    (a variable, a call) is None. Raises NoValueError."""
    return _Reader(text).value(start, 0)


def call_at(text: str, start: int) -> list[Any]:
    """The arguments of the call whose `(` stands at `start`. Raises NoValueError."""
    return _Reader(text).items(start + 1, ")", 0)[0]


def unescaped(text: str) -> str:
    """The text that stands between the quotes of a script's string."""
    if "\\" not in text:
        return text
    plain = _ESCAPED.sub(_character, text)
    if _HALF.search(plain):  # two halves of a character are one, a half alone is none
        plain = plain.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return plain


def _character(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) > 2 and code[0] in "ux":
        return chr(int(code[1:], 16))
    return _PLAIN.get(code, code)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.room = _LEAST_VALUES + len(text) // _OF_A_VALUE

    def value(self, start: int, depth: int) -> tuple[Any, int]:
        """A value, or several texts joined by `+`."""
        value, end = self._one(start, depth)
        while (place := self._after(end)) < len(self.text) and self.text[place] == "+":
            more, end = self._one(place + 1, depth)
            value = "".join(str(x) for x in (value, more) if isinstance(x, (str, int, float)))
        return value, end

    def items(self, start: int, closing: str, depth: int) -> tuple[list[Any], int]:
        """Values with commas between them, up to what closes them."""
        found: list[Any] = []
        place = self._after(start)
        while not self.text.startswith(closing, place):
            if self.text.startswith(",", place):
                place = self._after(place + 1)
                continue
            value, end = self.value(place, depth + 1)
            found.append(value)
            place = self._after(end)
            if not self.text.startswith((",", closing), place):
                raise NoValueError(place)
        return found, place + 1

    def _one(self, start: int, depth: int) -> tuple[Any, int]:
        place = self._after(start)
        if depth > _DEEP or place >= len(self.text):
            raise NoValueError(place)
        self.room -= 1
        if self.room < 0:
            logger.warning("a script's value is too dense and was not read")
            raise NoValueError(place)
        sign = self.text[place]
        if sign == "{":
            return self._object(place + 1, depth)
        if sign == "[":
            return self.items(place + 1, "]", depth)
        if match := _STRING.match(self.text, place):
            return unescaped(match[0][1:-1]), match.end()
        if match := _NUMBER.match(self.text, place):
            return (float(match[0]) if not match[0].lstrip("+-").isdigit() else int(match[0])), (
                match.end()
            )
        if match := _NAME.match(self.text, place):
            return self._named(match[0], match.end(), depth)
        raise self._nothing(place)

    def _named(self, name: str, end: int, depth: int) -> tuple[Any, int]:
        """A constant; what an Array, a Date or a call was given; None for a variable."""
        place = self._after(end)
        if name == "new" and (match := _NAME.match(self.text, place)):
            name, place = match[0], self._after(match.end())
        if not self.text.startswith("(", place):
            return _CONSTANTS.get(name), end
        given, end = self.items(place + 1, ")", depth + 1)
        return (given if name == "Array" else given[0] if given else None), end

    def _object(self, start: int, depth: int) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        place = self._after(start)
        while not self.text.startswith("}", place):
            if self.text.startswith(",", place):
                place = self._after(place + 1)
                continue
            if match := _STRING.match(self.text, place):
                key = unescaped(match[0][1:-1])
            elif match := (_NAME.match(self.text, place) or _NUMBER.match(self.text, place)):
                key = match[0]
            else:
                raise self._nothing(place)
            place = self._after(match.end())
            if not self.text.startswith(":", place):
                raise NoValueError(place)
            found[key], end = self.value(place + 1, depth + 1)
            place = self._after(end)
            if not self.text.startswith((",", "}"), place):
                raise NoValueError(place)
        return found, place + 1

    def _nothing(self, place: int) -> NoValueError:
        """What is never closed was read to the end in vain."""
        unclosed = self.text.startswith(('"', "'", "`", "/"), place)
        return NoValueError(len(self.text) if unclosed else place)

    def _after(self, place: int) -> int:
        if self.text[place : place + 1] not in _MAY_BEGIN_GAP:
            return place
        match = _GAP.match(self.text, place)
        return match.end() if match else place
