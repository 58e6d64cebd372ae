"""Rows in JSON, by shape: a list of objects that have a title, an address and a date, whatever the
API calls them, however deep they lie, be they objects, arrays or objects by number, even in JSON
within a string; and HTML that stands in strings."""

import datetime as dt
import html
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any

from crawler.clock import BEIJING
from crawler.notice import Row
from crawler.reading.addresses import LONGEST_LINK, absolute, identity
from crawler.reading.dates import (
    DateError,
    address_date,
    day_of,
    find_dates,
    from_epoch,
    parse_date,
)
from crawler.reading.lines import fold, tidy
from crawler.reading.script.json_texts import json_in

logger = logging.getLogger(__name__)

_TITLE_KEY = re.compile(r"title|(?:^|[._])(?:bt|name|headline|subject|topic)|标题", re.I)
_POOR_TITLE_KEY = re.compile(
    r"site|column|channel|catalog|categor|author|depart|dept|org|web|publisher|source|file_?name"
    r"|type|sub_?title|short|content|summary|memo|abstract|descr|digest|intro|keyword|remark",
    re.I,
)
_URL_KEY = re.compile(r"url|link|href|path|address", re.I)
_POOR_URL_KEY = re.compile(
    r"img|image|pic|icon|logo|thumb|site|domain|video|file|channel|column|mobile|wap|attach", re.I
)
_GOOD_DATE = re.compile(
    r"pub|release|fb|issue|display|show|jsearch_date|docreltime|save|发布", re.I
)
_POOR_DATE = re.compile(
    r"update|modif|oper|creat|crt|write|cw|expire|end|start|index|delete|valid|effect|abol|implement",
    re.I,
)
_ADDRESS = re.compile(
    r"^(?:https?://|//|/|\./|\.\./|[\w%-]+/)[^\s<>]*$|^[\w%.-]+/[^\s<>]*\.\w{2,6}$", re.I
)
_TAG = re.compile(r"<[^<>]*>")
_TICKS = re.compile(r"\\?/Date\((\d{9,13})(?:[+-]\d{4})?\)\\?/")  # how .NET writes a moment
_MONTH_DAY = re.compile(r"\[?\d\d[-/]\d\d\]?|\d{1,2}月\d{1,2}日")
# Fri, 20 Nov 2026 09:00:00 +0800; Fri Nov 20 09:00:00 CST 2026
_MAILED = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d")
_JAVA = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) [\d:]{5,8} (?:[A-Z]{3} )?(\d{4})")
_MARKUP = re.compile(r"<(?:a|li|tr|div|ul)\b[^>]*>", re.I)
_DEEP = 12
_NESTED = 4
_MOST_TEXTS = 8  # with markup
_MOST_VALUES = 20_000  # of a document that are looked into
_MOST_LISTS = 200  # of a document that are looked into
_MOST_ROWS = 6000  # of a list; none shows more
_LONGEST = 2000  # characters of a title
_SAMPLE = 30  # objects that tell which fields are title, address and date
_FULL = 40  # characters beyond which a longer text is no better a title
_MOST_FIELDS = 200


def object_lists(data: Any) -> list[list[dict[str, Any]]]:
    """The lists of objects in `data`, outer ones first; of very many the longest."""
    found = list(_lists(data))
    if len(found) <= _MOST_LISTS:
        return found
    least = sorted(map(len, found))[-_MOST_LISTS]
    return [x for x in found if len(x) >= least][:_MOST_LISTS]


def json_rows(
    lists: list[list[dict[str, Any]]], base: str, now: dt.datetime, evidence: str = "json"
) -> list[Row]:
    """The rows of the best of some lists of objects; [] when none has that shape."""
    best: list[Row] = []
    for objects in lists:
        rows = _rows(objects, base, now, evidence)
        if _worth(rows) > _worth(best):
            best = rows
    return best


def markup_in(data: Any) -> list[str]:
    """The strings of `data` that hold HTML with links: a list of strings as one; of a list of
    objects or arrays each as a row of one table."""
    found: list[str] = []
    joined_ones: set[int] = set()
    for value in _values(data):
        if isinstance(value, str):
            if id(value) in joined_ones:
                continue
            plain = html.unescape(value) if "&lt;a" in value.lower() else value
            if "<a" in plain.lower() and _MARKUP.search(plain):
                found.append(plain)
        elif isinstance(value, list) and value:
            if all(isinstance(x, str) for x in value):
                joined = "".join(value)
                joined_ones.update(map(id, value))
            else:
                some = islice(value, _MOST_ROWS)
                rows = [x.values() if isinstance(x, dict) else x for x in some if _sized(x)]
                if not any("<" in y for x in rows for y in x if isinstance(y, str)):
                    continue
                cells = ([y for y in x if isinstance(y, str)] for x in rows)
                joined = "".join(f"<tr><td>{'</td><td>'.join(x)}</td></tr>" for x in cells)
                joined = f"<table>{joined}</table>"
            if "<a" in joined.lower():
                found.append(joined)
    if len(found) <= _MOST_TEXTS:
        return found
    least = sorted(map(len, found))[-_MOST_TEXTS]
    return [x for x in found if len(x) >= least][:_MOST_TEXTS]


def _sized(value: Any) -> bool:
    return not isinstance(value, (str, int, float, type(None)))


def _values(data: Any) -> Iterator[Any]:
    """The values of a document that hold others or may be markup, outer ones first; what is JSON
    within a string is read too."""
    stack: list[tuple[Any, int]] = [(data, 0)]
    for _ in range(_MOST_VALUES):
        if not stack:
            return
        value, depth = stack.pop()
        if isinstance(value, str) and (inner := json_in(value)) is not None:
            value = inner
        yield value
        if depth < _DEEP and isinstance(value, (list, dict)):
            below = value if isinstance(value, list) else value.values()
            stack.extend([(x, depth + 1) for x in islice(below, _MOST_VALUES) if _holds(x)])
    logger.warning("JSON read no further than %d values", _MOST_VALUES)


def _holds(value: Any) -> bool:
    """Whether a value holds others, is JSON or may be markup."""
    if isinstance(value, str):
        return "<" in value or "&lt;" in value or value[:1] in ("{", "[")
    return bool(value) and isinstance(value, (list, dict))


def _worth(rows: list[Row]) -> float:
    return sum(1.0 if row.date else 0.3 for row in rows)


def _lists(data: Any) -> Iterator[list[dict[str, Any]]]:
    """All lists of objects, outer ones first; objects of one shape spread over lists of one
    parent list (catMap, groups) come as one list too."""
    for value in _values(data):
        if isinstance(value, list):
            if len(value) > _MOST_ROWS:
                logger.warning("a list in JSON read no further than %d items", _MOST_ROWS)
                value = value[:_MOST_ROWS]
            objects = [x for x in value if isinstance(x, dict)]
            if objects and len(objects) * 2 >= len(value):
                yield objects
            arrays = [x for x in value if isinstance(x, list)]
            if arrays and len(arrays) * 2 >= len(value):
                yield [dict(enumerated(x)) for x in arrays]
        elif isinstance(value, dict):
            inner = [x for x in value.values() if isinstance(x, (dict, list))]
            objects = [x for x in inner if isinstance(x, dict)]
            if len(objects) > 1 and len(objects) * 2 >= len(value) and _alike(objects):
                yield objects
            filled = [x for x in map(_listed, inner) if x]
            if len(filled) > 1 and _alike([x[0] for x in filled]):
                yield [row for part in filled for row in part]


def enumerated(values: list[Any]) -> Iterator[tuple[str, Any]]:
    """An array as an object by number."""
    return ((str(n), x) for n, x in enumerate(islice(values, _MOST_FIELDS)))


def _alike(objects: list[dict[str, Any]]) -> bool:
    keys = [frozenset(x) for x in objects]
    return len(frozenset.intersection(*keys)) * 2 >= max(map(len, keys)) > 0


def _listed(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or of the one list inside a small object."""
    if isinstance(value, list):
        return [x for x in value if isinstance(x, dict)]
    if isinstance(value, dict):
        lists = [x for x in value.values() if isinstance(x, list) and x and isinstance(x[0], dict)]
        return [x for x in lists[0] if isinstance(x, dict)] if len(lists) == 1 else []
    return []


def _rows(objects: list[dict[str, Any]], base: str, now: dt.datetime, evidence: str) -> list[Row]:
    titles, urls, dates = _columns([_flat(x) for x in objects[:_SAMPLE]], now)
    if not titles or not urls:
        return []
    rows: list[Row] = []
    seen: set[str] = set()
    for fields in map(_flat, objects):
        title = _plain(fields.get(titles, ""))[:_LONGEST]
        link = str(fields.get(urls) or "").strip()
        if not 0 < len(link) <= LONGEST_LINK or len(fold(title)) < 2:
            continue
        url = absolute(base, html.unescape(link))
        address = identity(url)
        if not address or address in seen:
            continue
        seen.add(address)
        day = next((d for key in dates if (d := _day(fields.get(key), now)) is not None), None)
        rows.append(Row(url, address, title, day or address_date(url, now), evidence=evidence))
    return rows


def _flat(value: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """An object with its nested objects as dotted keys; `{"key": …, "value": …}` lists by key."""
    fields: dict[str, Any] = {}
    for key, inner in islice(value.items(), _MOST_FIELDS):
        name = f"{prefix}{key}"
        if isinstance(inner, str) and inner.startswith(("{", "[")):
            inner = json_in(inner) or inner
        if isinstance(inner, dict) and depth < _NESTED:
            fields.update(_flat(inner, f"{name}.", depth + 1))
        elif isinstance(inner, list) and depth < _NESTED and inner and len(inner) <= 40:
            for item in inner:
                if isinstance(item, dict) and "key" in item and "value" in item:
                    fields[f"{name}.{item['key']}"] = item["value"]
                elif isinstance(item, dict):
                    for inner_key, deep in _flat(item, f"{name}.", depth + 1).items():
                        fields.setdefault(inner_key, deep)
                elif isinstance(item, str):
                    fields.setdefault(name, item)
            if all(isinstance(x, int) for x in inner[:3]) and len(inner) >= 3:  # [2026, 11, 20, 9]
                fields[name] = "-".join(str(x) for x in inner[:3])
        else:
            fields[name] = inner
    return fields


def _columns(sample: list[dict[str, Any]], now: dt.datetime) -> tuple[str, str, list[str]]:
    """The keys of title and address, and those of dates, best first."""
    scores: dict[str, Counter[str]] = defaultdict(Counter)
    lengths: Counter[str] = Counter()
    for fields in sample:
        for key, value in fields.items():
            if isinstance(value, str):
                text = value.strip()
                if not text:
                    continue
                if len(text) < 1000 and _ADDRESS.match(text) and not _day(text, now):
                    scores["url"][key] += 1
                elif _day(text, now):
                    scores["date"][key] += 1
                elif len(text) < 400:
                    plain = _plain(text)
                    if 4 <= len(fold(plain)) <= 200 and re.search(r"[一-鿿]", plain):
                        scores["title"][key] += 1
                        lengths[key] += min(len(plain), _FULL)
            elif isinstance(value, int) and not isinstance(value, bool) and _day(value, now):
                scores["date"][key] += 1
    half = max(1, len(sample) // 2)

    def pick(kind: str, rank: dict[str, float]) -> list[str]:
        keys = [k for k, n in scores[kind].items() if n >= half or (kind == "date" and n)]
        return sorted(keys, key=lambda k: -rank.get(k, 0.0))

    title_rank = {
        k: lengths[k] / len(sample)
        + (40 if _TITLE_KEY.search(k) else 0)
        - (35 if _POOR_TITLE_KEY.search(k) else 0)
        - 6 * k.count(".")
        for k in scores["title"]
    }
    url_rank = {
        k: scores["url"][k] / len(sample) * 4
        + (4 if _URL_KEY.search(k) else 0)
        - (5 if _POOR_URL_KEY.search(k) else 0)
        + 2 * _page_share(sample, k)
        + _distinct(sample, k)
        - 0.5 * k.count(".")
        for k in scores["url"]
    }
    date_rank = {
        k: 2 * scores["date"][k] / len(sample)
        + (3 if _GOOD_DATE.search(k) else 0)
        - (2 if _POOR_DATE.search(k) else 0)
        - 0.5 * k.count(".")
        for k in scores["date"]
    }
    titles, urls = pick("title", title_rank), pick("url", url_rank)
    if urls:  # the date that the addresses name is the one the list shows
        named = [address_date(str(x.get(urls[0]) or ""), now) for x in sample]
        for key in date_rank:
            same = sum(
                1
                for x, day in zip(sample, named, strict=True)
                if day is not None and _day(x.get(key), now) == day
            )
            date_rank[key] += 4 * same / len(sample)
    return (titles[0] if titles else ""), (urls[0] if urls else ""), pick("date", date_rank)


def _page_share(sample: list[dict[str, Any]], key: str) -> float:
    pages = sum(1 for x in sample if re.search(r"\d{3}|\.s?html?|id=", str(x.get(key) or ""), re.I))
    return pages / len(sample)


def _distinct(sample: list[dict[str, Any]], key: str) -> float:
    """3 when every object has another address, 0 when all have one (a site's own)."""
    values = [str(x.get(key)) for x in sample if x.get(key)]
    return 3.0 * (len(set(values)) - 1) / (len(values) - 1) if len(values) > 1 else 3.0


def _plain(value: Any) -> str:
    text = html.unescape(str(value)) if value is not None else ""
    if "<" in text:
        text = _TAG.sub("", text)
    return tidy(text)


def _day(value: Any, now: dt.datetime) -> dt.date | None:
    try:
        if isinstance(value, bool):
            return None
        if isinstance(value, (int, float)):
            return day_of(from_epoch(value, now))
        if isinstance(value, str) and _MONTH_DAY.fullmatch(value):
            return day_of(parse_date(value, now))
        if isinstance(value, str) and 6 <= len(value) <= 60 and any(c.isdigit() for c in value):
            if match := _TICKS.fullmatch(value):
                return day_of(from_epoch(int(match[1]), now))
            if value.isascii() and value[-1].isalnum() and not value[:2].isdigit():
                return _english_day(value, now)
            return day_of(parse_date(value, now))
    except (DateError, ValueError, OverflowError):
        return None
    return None


def _english_day(text: str, now: dt.datetime) -> dt.date | None:
    """The day of a moment as mail, Java and JavaScript write it."""
    if _MAILED.match(text):
        return parsedate_to_datetime(text).astimezone(BEIJING).date()
    if match := _JAVA.match(text):
        text = f"{match[1]} {match[2]}, {match[3]}"
    if not text[0].isdigit() and (found := find_dates(text)) and found[0].start == 0:
        return found[0].day
    return day_of(parse_date(text, now))
