"""Rows in JSON, by shape: a list of objects that have a title, an address and a date, whatever the
API calls them, however deep they lie; and HTML that stands in strings."""

import datetime as dt
import html
import re
from collections import Counter, defaultdict
from typing import Any

from crawler.notice import Row
from crawler.reading.addresses import absolute, identity
from crawler.reading.dates import DateError, address_date, day_of, from_epoch, parse_date
from crawler.reading.lines import fold, tidy

_TITLE_KEY = re.compile(r"title|(?:^|[._])(?:bt|name|headline|subject|topic)|标题", re.I)
_POOR_TITLE_KEY = re.compile(
    r"site|column|channel|catalog|categor|author|depart|dept|org|web|publisher|source|file_?name|type|sub_?title|short",
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
_MARKUP = re.compile(r"<(?:a|li|tr|div|ul)\b[^>]*>", re.I)
_DEEP = 12
_NESTED = 4


def json_rows(data: Any, base: str, now: dt.datetime, evidence: str = "json") -> list[Row]:
    """The rows of the best list of objects in `data`; [] when no list has that shape."""
    best: list[Row] = []
    for objects in _lists(data, 0):
        rows = _rows(objects, base, now, evidence)
        if _worth(rows) > _worth(best):
            best = rows
    return best


def markup_in(data: Any) -> list[str]:
    """The strings of `data` that hold HTML with links; a list of such strings as one."""
    found: list[str] = []
    stack: list[tuple[Any, int]] = [(data, 0)]
    while stack:
        value, depth = stack.pop()
        if depth > _DEEP:
            continue
        if isinstance(value, str):
            if "<a" in value.lower() and _MARKUP.search(value):
                found.append(value)
        elif isinstance(value, list):
            if value and all(isinstance(x, str) for x in value):
                joined = "".join(value)
                if "<a" in joined.lower():
                    found.append(joined)
            else:
                stack.extend((x, depth + 1) for x in value)
        elif isinstance(value, dict):
            stack.extend((x, depth + 1) for x in value.values())
    return found


def _worth(rows: list[Row]) -> float:
    return sum(1.0 if row.date else 0.3 for row in rows)


def _lists(data: Any, depth: int) -> list[list[dict[str, Any]]]:
    """All lists of objects, outer ones first; objects of one shape spread over lists of one
    parent list (catMap, groups) come as one list too."""
    found: list[list[dict[str, Any]]] = []
    stack: list[tuple[Any, int]] = [(data, 0)]
    while stack:
        value, depth = stack.pop()
        if depth > _DEEP:
            continue
        if isinstance(value, list):
            objects = [x for x in value if isinstance(x, dict)]
            if objects and len(objects) * 2 >= len(value):
                found.append(objects)
            stack.extend((x, depth + 1) for x in value)
        elif isinstance(value, dict):
            inner = [x for x in value.values() if isinstance(x, (dict, list))]
            stack.extend((x, depth + 1) for x in inner)
            parts = [_listed(x) for x in inner]
            filled = [x for x in parts if x]
            if len(filled) > 1:
                keys = [frozenset(x[0]) for x in filled]
                if len(set.intersection(*map(set, keys))) * 2 >= max(map(len, keys)):
                    found.append([row for part in filled for row in part])
    return found


def _listed(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or of the one list inside a small object."""
    if isinstance(value, list):
        return [x for x in value if isinstance(x, dict)]
    if isinstance(value, dict):
        lists = [x for x in value.values() if isinstance(x, list) and x and isinstance(x[0], dict)]
        return [x for x in lists[0] if isinstance(x, dict)] if len(lists) == 1 else []
    return []


def _rows(objects: list[dict[str, Any]], base: str, now: dt.datetime, evidence: str) -> list[Row]:
    flat = [_flat(x) for x in objects]
    titles, urls, dates = _columns(flat, now)
    if not titles or not urls:
        return []
    rows: list[Row] = []
    seen: set[str] = set()
    for fields in flat:
        title = _plain(fields.get(titles, ""))
        link = str(fields.get(urls) or "").strip()
        if not link or len(fold(title)) < 2:
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
    for key, inner in value.items():
        name = f"{prefix}{key}"
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
        else:
            fields[name] = inner
    return fields


def _columns(flat: list[dict[str, Any]], now: dt.datetime) -> tuple[str, str, list[str]]:
    """The keys of title and address, and those of dates, best first."""
    scores: dict[str, Counter[str]] = defaultdict(Counter)
    lengths: Counter[str] = Counter()
    sample = flat[:30]
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
                        lengths[key] += min(len(plain), 60)
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
        if isinstance(value, str) and 6 <= len(value) <= 40 and any(c.isdigit() for c in value):
            return day_of(parse_date(value, now))
    except (DateError, OverflowError):
        return None
    return None
