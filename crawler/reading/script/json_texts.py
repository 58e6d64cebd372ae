"""JSON as pages carry it: a whole text, JSONP, values that stand in scripts."""

import json
import re
from collections.abc import Iterator
from typing import Any

from crawler.reading.row.scripts import put_together
from crawler.reading.script.js_values import NoValueError, value_at

# a call or a name that is given the value, after comments and a guard
_GIVEN = re.compile(
    r"[\s;]*+(?:/\*(?:[^*]++|\*(?!/))*+\*/[\s;]*+)*+(?:try\s*+\{\s*+)?+"
    r"(?:(?:var|let|const)\s++)?+[\w$.]{1,200}+(?:\[[^\[\]\n]{1,60}\])?+\s*+[(=]\s*+(?=[\[{])"
)
_CLOSED = re.compile(r"[\s;,)}]*+(?:catch\s*+\(\w*+\)\s*+\{[^{}]*+\}[\s;]*+)?+\Z")
_LITERAL = re.compile(r"(?:=|\(|:)\s*(?=[\[{]\s*[\[{\"'])")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_DECODER = json.JSONDecoder(strict=False)
_MOST_LITERALS = 40
_DEEP = 10_000  # characters that one too deep, or with too long a figure, costs at least


def json_of(text: str) -> Any:
    """The JSON or JSONP that a whole text is, or what a script would take for it; None when it is
    neither."""
    plain = text.strip().lstrip("\ufeff")
    if plain.startswith(("{", "[")):
        start = 0
    else:
        match = _GIVEN.match(plain) if len(plain) > 4 and plain[0] != "<" else None
        if match is None:
            return None
        start = match.end()
    # first as JSON, then as what a script may write and JSON may not
    for value_from in (_DECODER.raw_decode, value_at):
        try:
            value, end = value_from(plain, start)
        except (ValueError, RecursionError):
            continue
        if _CLOSED.match(plain, end):
            return _whole(value, plain)
    return None


def json_in(text: str) -> Any:
    """The JSON that a string of JSON holds; None when it is a text."""
    if len(text) > 4 and (text[0], text[-1]) in (("{", "}"), ("[", "]")):
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            return None
        return _whole(value, text) if isinstance(value, (dict, list)) else None
    return None


def _whole(value: Any, text: str) -> Any:
    """The value without halves of characters, which JSON can write and nothing can store."""
    if not _HALF.search(text):
        return value
    return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="ignore"))


def literals(text: str) -> Iterator[Any]:
    """Values that stand in scripts, and the arrays that scripts fill one by one."""
    if "<script" not in text.lower() and text.lstrip().startswith("<"):
        return
    end = 0
    budget = len(text)  # of characters read in vain
    for count, match in enumerate(_LITERAL.finditer(text)):
        if count > _MOST_LITERALS or budget < 0:
            break
        if match.end() < end:
            continue
        try:
            value, end = _DECODER.raw_decode(text, match.end())
            value = _whole(value, text[match.end() : end])
        except json.JSONDecodeError as error:
            budget -= error.pos - match.end()
            try:
                value, end = value_at(text, match.end())
            except NoValueError as stopped:
                budget -= stopped.pos - match.end()
                continue
        except (ValueError, RecursionError):
            budget -= _DEEP
            continue
        if isinstance(value, (list, dict)) and value:
            yield value
    yield from put_together(text)
