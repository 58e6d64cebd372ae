"""A past issue in its file: read whole, every field checked, every fault named.

The form (docs/past-issues.md) is JSON in UTF-8: the house's fields and `number`, `categories`, and
`notices`, each with `bulletin_title`, `category` and `paragraphs` at least.
"""

import datetime as dt
import json
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from crawler.address import canonical, is_address
from crawler.reading.fact.doc_number import normalise
from store.issues import number_of
from store.past_issues import PastEntry, PastIssue

LARGEST = 20_000_000  # bytes; an issue with all its texts has some 50,000

# field -> longest, in characters; 0 for any length
_HOUSE = {"publisher": 200, "title": 100, "phone": 100, "website": 300, "running_footer": 500}
_WORDS = {"source": 80, "region": 100, "url": 2000}  # of a notice; may be left out
_SECTION, _TITLE, _NUMBER, _PARAGRAPH = 40, 1000, 200, 0
_PERIOD = ("opens", "closes", "label")
_ISSUE_FIELDS = (*_HOUSE, "number", "closing", "categories", "contents_pages", "notices")
_NOTICE_FIELDS = (
    *("source", "category", "bulletin_title", "url", "region", "doc_number", "issuers"),
    *("written", "published", "period", "attachments", "paragraphs"),
)


class Unfit(ValueError):
    """The file is no past issue; `faults` says why, each naming its field."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def read(path: Path) -> tuple[PastIssue, list[str]]:
    """The issue, and what in the file is odd but does not hinder. Raises Unfit; OSError when the
    file cannot be read."""
    told = _json(path)
    if not isinstance(told, dict):
        raise Unfit([f"it must hold one JSON object, not {_kind(told)}"])
    reader = _Reader()
    issue = reader.issue(told)
    if reader.faults or issue is None:
        raise Unfit(reader.faults)
    return issue, reader.warnings


def _json(path: Path) -> Any:
    if (size := path.stat().st_size) > LARGEST:
        raise Unfit([f"it is too large for an issue: {size:,} bytes, at most {LARGEST:,}"])
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Unfit([f"it is not UTF-8 (byte {fault.start}); save it as UTF-8"]) from None
    if not text.strip():
        raise Unfit(["it is empty"])
    try:
        return json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except Unfit:
        raise
    except json.JSONDecodeError as fault:
        where = f"line {fault.lineno}, column {fault.colno}"
        raise Unfit([f"it is not JSON: {fault.msg} ({where})"]) from None
    except ValueError:
        raise Unfit(["it holds a number with thousands of figures"]) from None
    except RecursionError:
        raise Unfit(
            ["it is not the JSON of an issue: too many brackets within each other"]
        ) from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise Unfit([f"{name}: stands twice in one object" for name in twice])
    return found


def _no_constant(name: str) -> Any:
    raise Unfit([f"{name} is no value of JSON"])


class _Reader:
    """Reads fields, and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.warnings: list[str] = []

    def issue(self, told: dict[str, Any]) -> PastIssue | None:
        self._unknown(told, _ISSUE_FIELDS, "")
        number = self._number(told)
        house: dict[str, Any] = {
            name: self._text(told, name, "", longest) for name, longest in _HOUSE.items()
        }
        if not house["publisher"] and "publisher" not in told:
            self.faults.append("publisher: is missing")
        house["closing"] = self._texts(told, "closing", "")
        house["sections"] = self._sections(told)
        house["contents_pages"] = self._contents(told)
        notices = told.get("notices")
        if not isinstance(notices, list) or not notices:
            found = "is missing" if notices is None else "must be a list with notices in it"
            self.faults.append(f"notices: {found}")
            return None
        entries = [
            self._notice(one, f"notices[{place}]", house["sections"])
            for place, one in enumerate(notices)
        ]
        whole = [entry for entry in entries if entry]
        self._duplicates(entries)
        return PastIssue(number, house, whole) if number else None

    def _number(self, told: dict[str, Any]) -> Any:
        said = self._text(told, "number", "", 40, needed=True)
        if not said:
            return None
        try:
            return number_of(said)
        except ValueError as fault:
            self.faults.append(f"number: {fault}")
            return None

    def _sections(self, told: dict[str, Any]) -> list[str]:
        if "categories" not in told:
            self.faults.append("categories: is missing")
        names = self._texts(told, "categories", "", _SECTION)
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.faults.append(f"categories: {name!r} stands there twice")
        return names

    def _contents(self, told: dict[str, Any]) -> list[list[Any]]:
        lines = told.get("contents_pages") or []
        if not isinstance(lines, list):
            self.faults.append(f"contents_pages: must be a list, not {_kind(lines)}")
            return []
        for place, line in enumerate(lines):
            fits = isinstance(line, list) and len(line) == 2 and isinstance(line[0], str)
            if not fits or isinstance(line[1], bool) or not isinstance(line[1], int):
                self.faults.append(f"contents_pages[{place}]: must be a title and a page number")
        return lines

    def _notice(self, told: Any, where: str, sections: list[str]) -> PastEntry | None:
        if not isinstance(told, dict):
            self.faults.append(f"{where}: must be an object, not {_kind(told)}")
            return None
        before = len(self.faults)
        title = self._text(told, "bulletin_title", f"{where}: ", _TITLE, needed=True)
        if title:
            where = f"{where} {title[:30]!r}"
        at = f"{where}: "
        self._unknown(told, _NOTICE_FIELDS, at)
        section = self._text(told, "category", at, _SECTION, needed=True)
        if section and sections and section not in sections:
            self.faults.append(f"{at}category: {section!r} is none of the issue's categories")
        words = {name: self._text(told, name, at, most) for name, most in _WORDS.items()}
        if words["url"] and not is_address(words["url"]):
            self.faults.append(f"{at}url: {words['url'][:100]!r} is no http or https address")
        number = self._text(told, "doc_number", at, _NUMBER)
        one_form = normalise(number) if number else ""
        if number and not one_form:
            self.warnings.append(f"{at}doc_number: {number!r} does not look like a 文号")
        for name in ("issuers", "attachments"):
            self._texts(told, name, at)
        for name in ("written", "published"):
            self._day(told.get(name), f"{at}{name}", dt.date.fromisoformat)
        self._period(told.get("period"), f"{at}period")
        if not self._texts(told, "paragraphs", at, _PARAGRAPH):
            self.faults.append(f"{at}paragraphs: there are none")
        if len(self.faults) > before:
            return None
        address = canonical(words["url"]) if words["url"] else ""
        printed = {name: told[name] for name in _NOTICE_FIELDS if name in told}
        return PastEntry(section, title, printed | {"bulletin_title": title}, address, one_form)

    def _duplicates(self, entries: list[PastEntry | None]) -> None:
        seen: dict[Any, int] = {}
        for place, entry in enumerate(entries):
            if entry is None:
                continue
            same_text = (entry.title, entry.doc_number, "\n".join(entry.printed["paragraphs"]))
            for key, said in ((entry.address, "url"), (same_text, "bulletin_title and paragraphs")):
                if key and key in seen:
                    where = f"notices[{place}] {entry.title[:30]!r}"
                    self.faults.append(f"{where}: {said}: the same as of notices[{seen[key]}]")
                    break
                if key:
                    seen[key] = place

    def _period(self, told: Any, where: str) -> None:
        if told is None:
            return
        if not isinstance(told, dict):
            self.faults.append(f"{where}: must be an object or null, not {_kind(told)}")
            return
        self._unknown(told, _PERIOD, f"{where}: ")
        self._text(told, "label", f"{where}: ", 100)
        opens, closes = (
            self._day(told.get(name), f"{where}: {name}", dt.datetime.fromisoformat)
            for name in ("opens", "closes")
        )
        if opens and closes and opens.date() > closes.date():
            self.faults.append(f"{where}: it closes before it opens")

    def _day(self, said: Any, where: str, read: Callable[[str], Any]) -> Any:
        if said is None:
            return None
        if not isinstance(said, str):
            self.faults.append(f"{where}: must be a day like 2019-09-08 or null, not {_kind(said)}")
            return None
        try:
            return read(said)
        except ValueError:
            self.faults.append(f"{where}: {said[:40]!r} is no day like 2019-09-08")
            return None

    def _text(
        self, told: dict[str, Any], name: str, at: str, longest: int, *, needed: bool = False
    ) -> str:
        """The field's words; "" when it is left out or null."""
        said = told.get(name)
        if said is None or said == "":
            if needed:
                self.faults.append(f"{at}{name}: is " + ("empty" if name in told else "missing"))
            return ""
        if not isinstance(said, str):
            self.faults.append(f"{at}{name}: must be a text, not {_kind(said)}")
            return ""
        return self._storable(said, f"{at}{name}", longest, needed=needed)

    def _texts(self, told: dict[str, Any], name: str, at: str, longest: int = 1000) -> list[str]:
        said = told.get(name)
        if said is None:
            return []
        if not isinstance(said, list):
            self.faults.append(f"{at}{name}: must be a list of texts, not {_kind(said)}")
            return []
        found = []
        for place, one in enumerate(said):
            if isinstance(one, str):
                found.append(self._storable(one, f"{at}{name}[{place}]", longest))
            else:
                self.faults.append(f"{at}{name}[{place}]: must be a text, not {_kind(one)}")
        return found

    def _storable(self, said: str, where: str, longest: int, *, needed: bool = False) -> str:
        if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in said):
            self.faults.append(f"{where}: holds a NUL or half a character")
        elif longest and len(said) > longest:
            self.faults.append(f"{where}: has {len(said)} characters, at most {longest}")
        elif needed and not said.strip():
            self.faults.append(f"{where}: is empty")
        return said.strip() if needed else said

    def _unknown(self, told: dict[str, Any], known: tuple[str, ...], at: str) -> None:
        for name in told:
            if name not in known:
                near = get_close_matches(name, [one for one in known if one not in told], 1)
                meant = f"; is {near[0]} meant?" if near else ""
                self.warnings.append(
                    f"{at}{name[:40]!r} is no field of a past issue and left out{meant}"
                )


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return "null" if value is None else kinds.get(type(value), "a number")
