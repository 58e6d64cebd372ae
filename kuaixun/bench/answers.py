"""The checked answers of saved pages, each line's form checked before anything is measured."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kuaixun.console import Fault

_REMEDY = "docs/reading.md says what the answers of a page are."
Check = Callable[[Any, str], None]  # (value, its name); raises ValueError saying what is wrong


def read_answers(file: Path) -> list[dict[str, Any]]:
    """The answers of all pages, `id` as text. Raises Fault naming the line and what is wrong."""
    answers: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            gold = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
            check(gold)
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as fault:
            what = f"{file}, line {number} is no JSON: {fault}"
            raise Fault(what, "Write one JSON object a line, in UTF-8.") from None
        except ValueError as fault:
            raise Fault(f"{file}, line {number}: {fault}", _REMEDY) from None
        gold["id"] = str(gold["id"])
        if gold["id"] in answers:
            what = f"{file}, line {number}: the answers of {gold['id']!r} stand further up already"
            raise Fault(what, "Keep one line a page.")
        answers[gold["id"]] = gold
    return list(answers.values())


def check(gold: Any) -> None:
    """Raises ValueError saying what is wrong with the answers of one page."""
    if not isinstance(gold, dict):
        raise ValueError("it is no JSON object")
    id_ = gold.get("id")
    if id_ is None or isinstance(id_, bool) or not isinstance(id_, (str, int)):
        raise ValueError("it has no id" if id_ is None else f"id must be text, not {id_!r}")
    if "rows" in gold:
        _all(_object(_ROW))(gold["rows"], "rows")
    else:
        _object(_NOTICE)(gold, "")


def _text(value: Any, name: str) -> None:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text, not {value!r}")


def _day(value: Any, name: str) -> None:
    _text(value, name)
    try:
        dt.date.fromisoformat(value[:10])
    except ValueError:
        raise ValueError(f"{name} must begin with a day like 2020-03-02, not {value!r}") from None


def _or_null(one: Check) -> Check:
    def checked(value: Any, name: str) -> None:
        if value is not None:
            one(value, name)

    return checked


def _all(one: Check) -> Check:
    def checked(value: Any, name: str) -> None:
        if not isinstance(value, list):
            raise ValueError(f"{name} must be a list, not {value!r}")
        for number, each in enumerate(value, 1):
            one(each, f"{name}[{number}]")

    return checked


def _object(fields: Mapping[str, tuple[bool, Check]]) -> Check:
    """`fields`: name -> whether it must be there, and its form."""

    def checked(value: Any, name: str) -> None:
        if not isinstance(value, dict):
            raise ValueError(f"{name} must be an object, not {value!r}")
        for field, (needed, one) in fields.items():
            inside = f"{name}.{field}".lstrip(".")
            if field in value:
                one(value[field], inside)
            elif needed:
                raise ValueError(f"{inside} is not there")

    return checked


_FILE = {"href": (True, _text), "name": (False, _or_null(_text))}
_ROW = {"title": (True, _text), "href": (True, _text), "date": (False, _or_null(_day))}
_PERIOD = {"opens": (False, _or_null(_day)), "closes": (False, _or_null(_day))}
_ACCEPT = {  # null: that nothing is read is not wrong
    "title": (False, _all(_or_null(_text))),
    "published": (False, _all(_or_null(_day))),
    "written": (False, _all(_or_null(_day))),
    "doc_number": (False, _all(_or_null(_text))),
    "issuers": (False, _all(_text)),
    "attachments": (False, _all(_object(_FILE))),
    "body_lines": (False, _all(_text)),
}
_NOTICE = {
    "page_kind": (False, _or_null(_text)),
    "title": (False, _or_null(_text)),
    "published": (False, _or_null(_day)),
    "written": (False, _or_null(_day)),
    "doc_number": (False, _or_null(_text)),
    "issuers": (False, _or_null(_all(_text))),
    "period": (False, _or_null(_object(_PERIOD))),
    "attachments": (False, _or_null(_all(_object(_FILE)))),
    "body_text": (False, _or_null(_text)),
    "accept": (False, _or_null(_object(_ACCEPT))),
}
